import type { BenchConnection } from '../dataset/bench-connection.js';
import type { Row } from '../record/statement-tap.js';
import type { SingleStatement } from './single-statements.js';

/** Tables whose rows of one tenant are few however many people it has. */
const small = new Set(['tenant', 'tenant_mail_counter', 'tenant_mail_policy', 'mail_domain', 'scim_page_block']);

/**
 * What is wrong with the plan of a statement: that it reads a whole table or a whole tenant, or sorts one. `mostRows` is
 * how many rows it may touch. The statement is run, in a transaction that is given up.
 */
export async function planProblems(
  connection: BenchConnection,
  statement: SingleStatement,
  mostRows: number,
): Promise<readonly string[]> {
  return connection.dialect === 'sqlite'
    ? sqliteProblems(statement.sql, await explained(connection, statement))
    : [
        ...mysqlProblems(await explained(connection, statement), mostRows),
        ...(await rowsProblems(connection, statement, mostRows)),
      ];
}

/** The plan as the engine prints it: a row for each table, or each step. */
export function explained(connection: BenchConnection, { sql, values }: SingleStatement): Promise<readonly Row[]> {
  return connection.rows(`${connection.dialect === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN'} ${sql}`, values);
}

function mysqlProblems(plan: readonly Row[], mostRows: number): readonly string[] {
  return plan.flatMap(({ table, type, rows, Extra: extra }) => {
    if (Number(rows ?? 0) <= mostRows) return [];
    const sorts = /Using (filesort|temporary)/.exec(String(extra))?.[0];
    return [
      ...(type === 'ALL' || type === 'index' ? [`${String(table)}: type=${type}, ${String(rows)} rows`] : []),
      ...(sorts === undefined ? [] : [`${String(table)}: ${sorts} over ${String(rows)} rows`]),
    ];
  });
}

/** How many rows the engine really touched; an estimate does not say where a LIMIT ends the reading. */
async function rowsProblems(
  connection: BenchConnection,
  { sql, values }: SingleStatement,
  mostRows: number,
): Promise<readonly string[]> {
  if (/^INSERT\b/i.test(sql)) return [];
  const idle = await rowsRead(connection, async () => undefined);
  await connection.run('START TRANSACTION');
  const read = await rowsRead(connection, () => connection.rows(sql, values));
  await connection.run('ROLLBACK');
  const touched = read - idle;
  return touched > mostRows ? [`${touched} rows were touched`] : [];
}

async function rowsRead(connection: BenchConnection, work: () => Promise<unknown>): Promise<number> {
  const before = await handlerReads(connection);
  await work();
  return (await handlerReads(connection)) - before;
}

async function handlerReads(connection: BenchConnection): Promise<number> {
  const counters = await connection.rows("SHOW SESSION STATUS LIKE 'Handler_read%'");
  return counters.reduce((total, row) => total + Number(row['Value']), 0);
}

/**
 * The embedded database estimates nothing. A table is read whole when it is scanned, a tenant when nothing but the tenant
 * is looked for; sorting what one key or one page found is cheap, sorting a range is not.
 */
function sqliteProblems(sql: string, plan: readonly Row[]): readonly string[] {
  const tables = tablesOf(sql);
  const steps = plan.map(({ detail }) => String(detail));
  const sorts = steps.find((step) => step.startsWith('USE TEMP B-TREE'));
  const isFirstPage = sorts === undefined && /WHERE (\w+\.)?tenant_id = \? ORDER BY .* LIMIT \d+$/s.test(sql);
  return steps.flatMap((step) => {
    const table = tables.get(/^(?:SCAN|SEARCH) (\w+)/.exec(step)?.[1] ?? '');
    if (table === undefined || small.has(table)) return [];
    const isTenant = step.endsWith('(tenant_id=?)') && !isFirstPage;
    const isSortedRange = sorts !== undefined && /[<>]\?\)$/.test(step);
    if (step.startsWith('SCAN ') || isTenant) return [`${table}: ${step}`];
    return isSortedRange ? [`${table}: ${step}, ${sorts}`] : [];
  });
}

/** The tables that a statement reads, by the names that it gives them. */
function tablesOf(sql: string): ReadonlyMap<string, string> {
  const named = [
    ...sql.matchAll(/\b(?:FROM|JOIN|UPDATE|INTO)\s+(\w+)(?:\s+(?:AS\s+)?(?!SET\b|WHERE\b|INDEXED\b)(\w+))?/g),
  ];
  return new Map(named.flatMap(([, table = '', alias = table]) => [[table, table] as const, [alias, table] as const]));
}
