import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../database.js';
import { letOthersIn } from '../let-others-in.js';
import type { Session, SqlValue } from '../session/session.js';
import { asTenantId, type TenantId } from '../tenant-id.js';
import type { Finding, Invariant, KeyRange, PagedRows, Violation } from './invariant.js';

/** How far a verification is: the table that it is at, its rows and how many of them have been looked at. */
export interface VerificationProgress {
  readonly table: string;
  readonly total: number;
  readonly done: number;
}

/** What is verified, and who hears of it. */
export interface Verification {
  readonly invariants: readonly Invariant[];
  /** Only the rows of this tenant. */
  readonly tenant?: TenantId;
  readonly onViolation: (violation: Violation) => void;
  readonly onProgress?: (progress: VerificationProgress) => void;
  readonly signal?: AbortSignal;
  /** After which times, in milliseconds, what is wrong is looked at again: a transaction may have been under way. */
  readonly secondLooks?: readonly number[];
}

/** What a verification came to. */
export interface VerificationSummary {
  readonly invariants: number;
  readonly tenants: number;
  /** Rows that were looked at; one that several invariants look at counts once. */
  readonly rows: number;
  readonly violations: number;
}

/** The rows that one tenant has in a table. */
interface TenantRows {
  readonly tenant: TenantId;
  /** null: there is no such tenant. */
  readonly status: string | null;
  readonly first_key: SqlValue;
  readonly last_key: SqlValue;
  readonly n: number;
}

interface Page extends KeyRange {
  readonly rows: number;
}

const rowsPerPage = 500;
const defaultSecondLooks = [100, 400] as const;

/**
 * Checks invariants on a database that others may be writing to. Reads only, in pages: a tenant of a million users
 * takes no more memory than one of a thousand. A violation is reported when it is still there after two more looks.
 */
export async function verifyDatabase(database: Database, verification: Verification): Promise<VerificationSummary> {
  const { invariants, onProgress, signal } = verification;
  const summary = { invariants: invariants.length + 1, tenants: 0, rows: 0, violations: 0 };
  for (const { over, group } of byRows(invariants)) {
    const shares = await rowsOfTenants(database, over, verification.tenant);
    const progress = { table: over.table, total: shares.reduce((sum, { n }) => sum + n, 0), done: 0 };
    onProgress?.(progress);
    for (const share of shares) {
      if (share.status === null) {
        summary.violations += 1;
        verification.onViolation(rowsOfNobody(over, share));
      }
      const checked = group.filter((each) => each.skipsClosedTenants !== true || share.status !== 'closed');
      for await (const page of pagesOf(database, over, share)) {
        signal?.throwIfAborted();
        summary.violations += await checkPage(database, share.tenant, checked, page, verification);
        summary.rows += page.rows;
        progress.done += page.rows;
        onProgress?.({ ...progress });
      }
    }
    summary.tenants = Math.max(summary.tenants, shares.length);
  }
  return summary;
}

/** The tenants of an id or of an exact name, closed ones among them: two at most, as more than one is none. */
export async function tenantsNamed(database: Database, idOrName: string): Promise<readonly TenantId[]> {
  const rows = await database.read((session) =>
    session.all<{ readonly id: string }>('SELECT id FROM tenant WHERE id = ? OR name = ? ORDER BY id LIMIT 2', [
      idOrName,
      idOrName,
    ]),
  );
  return rows.map(({ id }) => asTenantId(id));
}

/** Invariants that look at the same rows are checked together. */
function byRows(
  invariants: readonly Invariant[],
): readonly { readonly over: PagedRows; readonly group: readonly Invariant[] }[] {
  const groups = new Map<string, { readonly over: PagedRows; readonly group: Invariant[] }>();
  for (const invariant of invariants) {
    const name = `${invariant.over.table}.${invariant.over.key}`;
    const known = groups.get(name) ?? { over: invariant.over, group: [] };
    known.group.push(invariant);
    groups.set(name, known);
  }
  return [...groups.values()];
}

/** The one invariant that is none of a single tenant. */
function rowsOfNobody({ table }: PagedRows, { tenant, n }: TenantRows): Violation {
  return {
    ...{ invariant: 'known-tenant', tenant, id: tenant },
    problem: `${n} rows of ${table} are of a tenant that there is not`,
    remedy: 'Nobody can reach them: have the developers look where they come from.',
  };
}

async function checkPage(
  database: Database,
  tenant: TenantId,
  invariants: readonly Invariant[],
  page: Page,
  { onViolation, secondLooks = defaultSecondLooks }: Verification,
): Promise<number> {
  const range: KeyRange = { first: page.first, last: page.last };
  let violations = 0;
  for (const invariant of invariants) {
    const found = await database.read((session) => invariant.find(tenant, session, range));
    for (const { id, problem } of await confirmed(database, tenant, invariant, { found, secondLooks })) {
      violations += 1;
      onViolation({ invariant: invariant.name, tenant, id, problem, remedy: invariant.remedy });
    }
  }
  await letOthersIn();
  return violations;
}

/** Those of the findings that do not go away by themselves, as they are at the last look. */
async function confirmed(
  database: Database,
  tenant: TenantId,
  { find, over }: Invariant,
  { found, secondLooks }: { readonly found: readonly Finding[]; readonly secondLooks: readonly number[] },
): Promise<readonly Finding[]> {
  let suspects = found;
  for (const pause of secondLooks) {
    if (suspects.length === 0) {
      return [];
    }
    await delay(pause);
    const ids = [...new Set(suspects.map(({ id }) => id))];
    const again: Finding[] = [];
    for (const id of ids) {
      const key: SqlValue = over.isNumeric === true ? Number(id) : id;
      again.push(...(await database.read((session) => find(tenant, session, { first: key, last: key }))));
    }
    suspects = again;
  }
  return suspects;
}

/** One pass over an index; tenants without rows in the table are not among them. */
async function rowsOfTenants(
  database: Database,
  { table, key, tenantColumn = 'tenant_id' }: PagedRows,
  only: TenantId | undefined,
): Promise<readonly TenantRows[]> {
  const where = only === undefined ? '' : `WHERE r.${tenantColumn} = ?`;
  const rows = await database.read((session) =>
    session.all<TenantRows>(
      `SELECT k.tenant, t.status, k.first_key, k.last_key, k.n FROM (SELECT r.${tenantColumn} AS tenant, MIN(r.${key}) AS first_key, MAX(r.${key}) AS last_key, COUNT(*) AS n FROM ${table} r ${where} GROUP BY r.${tenantColumn}) AS k LEFT JOIN tenant t ON t.id = k.tenant ORDER BY k.tenant`,
      only === undefined ? [] : [only],
    ),
  );
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

async function* pagesOf(database: Database, over: PagedRows, rows: TenantRows): AsyncIterable<Page> {
  if (rows.n <= rowsPerPage) {
    yield { first: rows.first_key, last: rows.last_key, rows: rows.n };
    return;
  }
  let after: SqlValue = over.isNumeric === true ? -1 : '';
  for (;;) {
    const last: SqlValue = after;
    const page: Page | undefined = await database.read((session) => readPage(rows.tenant, session, over, last));
    if (page === undefined) {
      return;
    }
    yield page;
    after = page.last;
  }
}

async function readPage(
  tenant: TenantId,
  session: Session,
  { table, key, tenantColumn = 'tenant_id' }: PagedRows,
  after: SqlValue,
): Promise<Page | undefined> {
  const page = await session.first<{
    readonly first_key: SqlValue;
    readonly last_key: SqlValue;
    readonly n: number | null;
  }>(
    `SELECT MIN(k) AS first_key, MAX(k) AS last_key, SUM(n) AS n FROM (SELECT ${key} AS k, COUNT(*) AS n FROM ${table} WHERE ${tenantColumn} = ? AND ${key} > ? GROUP BY ${key} ORDER BY ${key} LIMIT ${rowsPerPage}) AS page`,
    [tenant, after],
  );
  return page === undefined || page.n === null
    ? undefined
    : { first: page.first_key, last: page.last_key, rows: Number(page.n) };
}
