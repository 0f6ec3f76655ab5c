import { allDone, type Session, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';

/** Rows of one statement at most, so that there are few texts of it. */
const rowsOfInsert = 20;

/** By which e-mail addresses users are found: an index on what their documents say, written together with them. */
@Injectable()
export class UserEmailRepository {
  async insert(tenant: TenantId, session: Session, userId: string, keys: readonly string[]): Promise<void> {
    await allDone(
      Array.from({ length: Math.ceil(keys.length / rowsOfInsert) }, (_, index) => {
        const batch = keys.slice(index * rowsOfInsert, (index + 1) * rowsOfInsert);
        return session.run(
          `INSERT INTO scim_user_email (tenant_id, value_key, user_id) VALUES ${batch.map(() => '(?, ?, ?)').join(', ')}`,
          batch.flatMap((key) => [tenant, key, userId]),
        );
      }),
    );
  }

  /** All of them anew: what was there may be more or less than the user before had. */
  async replace(tenant: TenantId, session: Session, userId: string, keys: readonly string[]): Promise<void> {
    await allDone([this.delete(tenant, session, userId), this.insert(tenant, session, userId, keys)]);
  }

  async delete(tenant: TenantId, session: Session, userId: string): Promise<void> {
    await session.run('DELETE FROM scim_user_email WHERE tenant_id = ? AND user_id = ?', [tenant, userId]);
  }
}
