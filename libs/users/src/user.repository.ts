import {
  filterToSql,
  forUpdate,
  type Session,
  type SqlCondition,
  StaleRowError,
  type TenantId,
} from '@cleanmail/database';
import type { ResolvedFilter, ResourceType } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import type { User } from './user.js';
import { userFilterColumns } from './user.filter-columns.js';
import { fromRow, readColumns, toColumns, userColumns, type UserRow } from './user.mapper.js';

/** A page of users by position: `startIndex` counts from 1. */
export interface UserPage {
  readonly filter?: ResolvedFilter;
  readonly startIndex: number;
  readonly count: number;
}

/** A page of users by cursor. */
export interface UserCursor {
  readonly after?: string;
  readonly limit: number;
}

const insert = `INSERT INTO scim_user (tenant_id, ${userColumns.join(', ')}) VALUES (?, ${userColumns.map(() => '?').join(', ')})`;
const update = `UPDATE scim_user SET ${userColumns.map((column) => `${column} = ?`).join(', ')} WHERE tenant_id = ? AND id = ? AND version = ?`;
const selectOne = `SELECT ${readColumns} FROM scim_user WHERE tenant_id = ? AND id = ?`;

/** Rows of SCIM users. */
@Injectable()
export class UserRepository {
  /** @throws the driver's duplicate-key error when the userName is taken. */
  async insert(tenant: TenantId, session: Session, user: User, resourceType: ResourceType): Promise<void> {
    await session.run(insert, [tenant, ...toColumns(user, resourceType)]);
  }

  /** @throws StaleRowError when the user was changed since `before` was read. */
  async update(
    tenant: TenantId,
    session: Session,
    before: User,
    after: User,
    resourceType: ResourceType,
  ): Promise<void> {
    const matched = await session.run(update, [...toColumns(after, resourceType), tenant, before.id, before.version]);
    requireOne(matched, before);
  }

  /** @throws StaleRowError when the user was changed since it was read. */
  async delete(tenant: TenantId, session: Session, user: User): Promise<void> {
    const matched = await session.run('DELETE FROM scim_user WHERE tenant_id = ? AND id = ? AND version = ?', [
      tenant,
      user.id,
      user.version,
    ]);
    requireOne(matched, user);
  }

  async findById(tenant: TenantId, session: Session, id: string): Promise<User | undefined> {
    const row = await session.first<UserRow>(selectOne, [tenant, id]);
    return row === undefined ? undefined : fromRow(row);
  }

  /** Reads a user whose row stays locked to the end of the transaction. */
  async findForUpdate(tenant: TenantId, session: Session, id: string): Promise<User | undefined> {
    const row = await session.first<UserRow>(`${selectOne}${forUpdate(session)}`, [tenant, id]);
    return row === undefined ? undefined : fromRow(row);
  }

  /** In the order of creation. A lookup by one attribute is a prepared statement on its index. */
  async list(tenant: TenantId, session: Session, { filter, startIndex, count }: UserPage): Promise<readonly User[]> {
    const { sql, parameters } = condition(session, filter);
    const statement = `SELECT ${readColumns} FROM scim_user u WHERE u.tenant_id = ? AND ${sql} ORDER BY u.id LIMIT ${Math.trunc(count)} OFFSET ${Math.trunc(startIndex - 1)}`;
    const values = [tenant, ...parameters];
    const isLookup = filter?.kind === 'comparison' && filter.operator === 'eq' && startIndex === 1;
    const rows = isLookup
      ? await session.all<UserRow>(statement, values)
      : await session.list<UserRow>(statement, values);
    return rows.map(fromRow);
  }

  /** By position in the order of creation; `after` is the id of the last user of the page before. */
  async listAfter(tenant: TenantId, session: Session, { after = '', limit }: UserCursor): Promise<readonly User[]> {
    const rows = await session.list<UserRow>(
      `SELECT ${readColumns} FROM scim_user WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
      [tenant, after],
    );
    return rows.map(fromRow);
  }

  async count(tenant: TenantId, session: Session, filter: ResolvedFilter | undefined): Promise<number> {
    const { sql, parameters } = condition(session, filter);
    const rows = await session.list<{ readonly total: number }>(
      `SELECT COUNT(*) AS total FROM scim_user u WHERE u.tenant_id = ? AND ${sql}`,
      [tenant, ...parameters],
    );
    return rows[0]?.total ?? 0;
  }
}

function condition(session: Session, filter: ResolvedFilter | undefined): SqlCondition {
  return filter === undefined
    ? { sql: '1 = 1', parameters: [] }
    : filterToSql(filter, session.dialect, userFilterColumns);
}

function requireOne(matched: number, user: User): void {
  if (matched !== 1) {
    throw new StaleRowError(`user ${user.id} was changed by somebody else`);
  }
}
