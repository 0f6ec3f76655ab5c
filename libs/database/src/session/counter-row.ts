import type { SqlCondition } from '../filter/sql-condition.js';
import type { TenantId } from '../tenant-id.js';
import type { Counter, CounterMove } from './session.js';

/** The condition for a counter's row. */
export function counterRow({ key = {}, around }: Counter, tenant: TenantId, move?: CounterMove): SqlCondition {
  const columns = Object.keys(key).map((column) => ` AND ${column} = ?`);
  const range = around === undefined ? '' : ` AND ${around.first} <= ? AND ${around.end} > ?`;
  const when = move === undefined ? '' : ` AND ${move.when}`;
  return {
    sql: `tenant_id = ?${columns.join('')}${range}${when}`,
    parameters: [
      tenant,
      ...Object.values(key),
      ...(around === undefined ? [] : [around.value, around.value]),
      ...(move?.whenValues ?? []),
    ],
  };
}

/** Has the range looked for from its value downwards, so that the first row read is the one. */
export function nearestFirst({ around }: Counter): string {
  return around === undefined ? '' : ` ORDER BY ${around.first} DESC LIMIT 1`;
}
