import { asTenantId, forUpdate, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import type { Tenant, TenantStatus } from './tenant.js';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly profile: Tenant['profile'];
  readonly status: TenantStatus;
  readonly created_at: number;
  readonly updated_at: number;
}

const columns = 'id, name, profile, status, created_at, updated_at';

/** Rows of tenants. A closed one is found by nobody. */
@Injectable()
export class TenantRepository {
  async insert(session: Session, { id, name, profile, status, createdAt, updatedAt }: Tenant): Promise<void> {
    await session.run(`INSERT INTO tenant (${columns}) VALUES (?, ?, ?, ?, ?, ?)`, [
      id,
      name,
      profile,
      status,
      createdAt,
      updatedAt,
    ]);
  }

  async find(session: Session, id: TenantId): Promise<Tenant | undefined> {
    const row = await session.first<Row>(`SELECT ${columns} FROM tenant WHERE id = ? AND status <> 'closed'`, [id]);
    return row === undefined ? undefined : fromRow(row);
  }

  /** Locks a tenant's row to the end of the transaction; false when there is none, or it is closed. */
  async lock(session: Session, id: TenantId): Promise<boolean> {
    const statement = `SELECT id FROM tenant WHERE id = ? AND status <> 'closed'${forUpdate(session)}`;
    return (await session.first(statement, [id])) !== undefined;
  }

  /** Closes a tenant; its mail goes on until `mailEndsAt`. */
  async close(session: Session, id: TenantId, now: number, mailEndsAt: number): Promise<void> {
    await session.run("UPDATE tenant SET status = 'closed', updated_at = ?, mail_ends_at = ? WHERE id = ?", [
      now,
      mailEndsAt,
      id,
    ]);
  }

  /** Whether the tenant is closed and its mail goes on after `now`. */
  async isInNotice(session: Session, id: TenantId, now: number): Promise<boolean> {
    const statement = 'SELECT 1 AS found FROM tenant WHERE id = ? AND mail_ends_at > ?';
    return (await session.first(statement, [id, now])) !== undefined;
  }

  /** Closed tenants whose mail is to end, in the order of their ids; those behind `after`. */
  async dueMailEnds(session: Session, now: number, after: string): Promise<readonly { readonly id: TenantId }[]> {
    return session.all('SELECT id FROM tenant WHERE mail_ends_at <= ? AND id > ? ORDER BY id LIMIT 50', [now, after]);
  }

  async markMailEnded(session: Session, id: TenantId): Promise<void> {
    await session.run('UPDATE tenant SET mail_ends_at = NULL WHERE id = ?', [id]);
  }

  /** Also finds a closed tenant: closing is finished by repeating it. */
  async exists(session: Session, id: TenantId): Promise<boolean> {
    return (await session.first('SELECT 1 AS found FROM tenant WHERE id = ?', [id])) !== undefined;
  }

  /** In the order of creation; `after` is the id of the last tenant of the page before. */
  async list(
    session: Session,
    { after, limit }: { readonly after?: string; readonly limit: number },
  ): Promise<readonly Tenant[]> {
    const parameters: SqlValue[] = after === undefined ? [] : [after];
    const rows = await session.list<Row>(
      `SELECT ${columns} FROM tenant WHERE status <> 'closed'${after === undefined ? '' : ' AND id > ?'} ORDER BY id LIMIT ${Math.trunc(limit)}`,
      parameters,
    );
    return rows.map(fromRow);
  }

  async update(session: Session, { id, name, status, updatedAt }: Tenant): Promise<void> {
    await session.run('UPDATE tenant SET name = ?, status = ?, updated_at = ? WHERE id = ?', [
      name,
      status,
      updatedAt,
      id,
    ]);
  }
}

function fromRow({ id, name, profile, status, created_at: createdAt, updated_at: updatedAt }: Row): Tenant {
  return { id: asTenantId(id), name, profile, status, createdAt, updatedAt };
}
