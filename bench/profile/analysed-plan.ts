import type { BenchConnection } from '../dataset/bench-connection.js';
import type { SingleStatement } from '../plans/single-statements.js';
import type { Row } from '../record/statement-tap.js';

/**
 * A statement with the plan that the engine chose and, on servers, the time and rows of each step: it is run for that,
 * in a transaction that is given up. What cannot be run again has the plan alone.
 */
export async function analysedPlan(connection: BenchConnection, statement: SingleStatement): Promise<string> {
  const plan = await planOf(connection, statement).catch((error: Error) => `no plan: ${error.message}`);
  const indented = plan.replaceAll('\n', '\n    ');
  return `${statement.sql}\n    ${JSON.stringify(statement.values).slice(0, 400)}\n    ${indented}\n`;
}

async function planOf(connection: BenchConnection, { sql, values }: SingleStatement): Promise<string> {
  if (connection.dialect === 'sqlite') return textOf(await connection.rows(`EXPLAIN QUERY PLAN ${sql}`, values));
  const [version] = await connection.rows('SELECT VERSION() AS version');
  const isMariadb = String(version?.['version']).includes('MariaDB');
  const isRead = /^(SELECT|WITH)\b/i.test(sql);
  if (!isMariadb && !isRead) return textOf(await connection.rows(`EXPLAIN FORMAT=TREE ${sql}`, values));
  // An INSERT that was sent before cannot be run again.
  if (/^INSERT\b/i.test(sql)) return textOf(await connection.rows(`EXPLAIN FORMAT=JSON ${sql}`, values));
  const analyse = isMariadb ? 'ANALYZE FORMAT=JSON' : 'EXPLAIN ANALYZE';
  await connection.run('START TRANSACTION');
  try {
    return textOf(await connection.rows(`${analyse} ${sql}`, values));
  } finally {
    await connection.run('ROLLBACK');
  }
}

function textOf(rows: readonly Row[]): string {
  return rows.map((row) => String(row['detail'] ?? Object.values(row)[0])).join('\n');
}
