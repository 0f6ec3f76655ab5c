import type { Session, TenantId } from '@cleanmail/database';
import type { ResourceType } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { emailKeys } from './email-keys.js';
import { ResourceRepository } from './resource.repository.js';
import type { User } from './user.js';
import { UserEmailRepository } from './user-email.repository.js';
import { userFilterColumns } from './user.filter-columns.js';
import { fromRow, readColumns, toColumns, userColumns, type UserRow } from './user.mapper.js';

/** Rows of SCIM users, each with the rows by which its e-mail addresses are found. */
@Injectable()
export class UserRepository extends ResourceRepository<User, UserRow> {
  constructor(private readonly emails: UserEmailRepository) {
    super({
      name: 'scim_user',
      alias: 'u',
      resourceType: 'User',
      columns: userColumns,
      readColumns,
      toColumns,
      fromRow,
      filterColumns: userFilterColumns,
    });
  }

  /** Those of some folded userNames that users have. */
  async takenNames(tenant: TenantId, session: Session, keys: readonly string[]): Promise<readonly string[]> {
    const taken: string[] = [];
    for (const key of keys) {
      const row = await session.first('SELECT id FROM scim_user WHERE tenant_id = ? AND user_name_key = ?', [
        tenant,
        key,
      ]);
      taken.push(...(row === undefined ? [] : [key]));
    }
    return taken;
  }

  override async insert(tenant: TenantId, session: Session, user: User, userType: ResourceType): Promise<void> {
    await super.insert(tenant, session, user, userType);
    await this.emails.insert(tenant, session, user.id, emailKeys(user));
  }

  override async update(
    tenant: TenantId,
    session: Session,
    before: User,
    after: User,
    userType: ResourceType,
  ): Promise<void> {
    await super.update(tenant, session, before, after, userType);
    const keys = emailKeys(after);
    if (JSON.stringify(keys) !== JSON.stringify(emailKeys(before))) {
      await this.emails.replace(tenant, session, after.id, keys);
    }
  }

  override async delete(tenant: TenantId, session: Session, user: User): Promise<void> {
    await super.delete(tenant, session, user);
    if (emailKeys(user).length > 0) {
      await this.emails.delete(tenant, session, user.id);
    }
  }
}
