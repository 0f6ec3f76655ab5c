import { allDone, type Session, type TenantId } from '@cleanmail/database';
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
    await allDone([
      super.insert(tenant, session, user, userType),
      this.emails.insert(tenant, session, user.id, emailKeys(user)),
    ]);
  }

  override async update(
    tenant: TenantId,
    session: Session,
    before: User,
    after: User,
    userType: ResourceType,
  ): Promise<void> {
    const keys = emailKeys(after);
    const haveChanged = JSON.stringify(keys) !== JSON.stringify(emailKeys(before));
    await allDone([
      super.update(tenant, session, before, after, userType),
      haveChanged && this.emails.replace(tenant, session, after.id, keys),
    ]);
  }

  override async delete(tenant: TenantId, session: Session, user: User): Promise<void> {
    await allDone([
      super.delete(tenant, session, user),
      emailKeys(user).length > 0 && this.emails.delete(tenant, session, user.id),
    ]);
  }
}
