import type { Session, SqlValue } from '../session/session.js';
import type { TenantId } from '../tenant-id.js';

/** Rows that are looked at page by page, in the order of a column that an index has right after the tenant's. */
export interface PagedRows {
  readonly table: string;
  readonly key: string;
  /** `id` for the table of tenants itself; `tenant_id` when absent. */
  readonly tenantColumn?: string;
  readonly isNumeric?: true;
}

/** Rows from one key to another, both included. */
export interface KeyRange {
  readonly first: SqlValue;
  readonly last: SqlValue;
}

/** A row that breaks an invariant, by its key, and in words what is wrong with it. */
export interface Finding {
  readonly id: string;
  readonly problem: string;
}

/** Something that is true of every row at every moment between two transactions. */
export interface Invariant {
  /** Such as `mailbox-status`. */
  readonly name: string;
  /** What is true, in one sentence. */
  readonly sentence: string;
  /** What support does about a row that breaks it. */
  readonly remedy: string;
  readonly over: PagedRows;
  /** Whether it does not hold for what a closed tenant leaves behind. */
  readonly skipsClosedTenants?: true;
  /** The rows of a range that break it; reads only, and holds no more than the range in memory. */
  find(tenant: TenantId, session: Session, range: KeyRange): Promise<readonly Finding[]>;
}

/** A broken invariant, as it is reported. */
export interface Violation extends Finding, Pick<Invariant, 'remedy'> {
  readonly invariant: string;
  readonly tenant: TenantId;
}

/** An invariant that one statement checks: `r` is a row of the table, `broken` the condition that must never hold. */
export interface SqlInvariant<Row> extends Omit<Invariant, 'find'> {
  /** Further columns, such as `r.status, u.id AS user_id`. */
  readonly columns?: string;
  /** Further tables, such as `LEFT JOIN scim_user u ON …`. */
  readonly joins?: string;
  readonly broken: string;
  readonly problem: (row: Row & { readonly id: string | number }) => string;
}

/** Makes an invariant of a condition in SQL. */
export function sqlInvariant<Row = object>(definition: SqlInvariant<Row>): Invariant {
  const { columns, joins = '', broken, problem, ...invariant } = definition;
  const { table, key, tenantColumn = 'tenant_id' } = invariant.over;
  const shown = columns === undefined ? '' : `, ${columns}`;
  const statement =
    `SELECT r.${key} AS id${shown} FROM ${table} r ${joins} ` +
    `WHERE r.${tenantColumn} = ? AND r.${key} >= ? AND r.${key} <= ? AND (${broken}) ORDER BY r.${key}`;
  return {
    ...invariant,
    find: async (tenant, session, { first, last }) => {
      const rows = await session.all<Row & { readonly id: string | number }>(statement, [tenant, first, last]);
      return rows.map((row) => ({ id: String(row.id), problem: problem(row) }));
    },
  };
}

/** Reads what several invariants need of one range once; a range that is looked at again is read again. */
export function oncePerRange<T>(
  read: (tenant: TenantId, session: Session, range: KeyRange) => Promise<T>,
): (tenant: TenantId, session: Session, range: KeyRange) => Promise<T> {
  const known = new WeakMap<KeyRange, Promise<T>>();
  return (tenant, session, range) => {
    const result = known.get(range) ?? read(tenant, session, range);
    known.set(range, result);
    return result;
  };
}
