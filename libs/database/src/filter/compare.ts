import type { ResolvedComparison } from '@cleanmail/scim';
import type { Dialect, SqlValue } from '../session/session.js';
import type { SqlCondition } from './sql-condition.js';

/** An SQL expression and the value that it is compared with, both in the engine's own types. */
export interface Operands {
  readonly expression: string;
  readonly value: SqlValue;
}

/**
 * One comparison, false (and never NULL) where the expression is NULL. Text compares code point by code point on every
 * engine: a prefix is a range, which an index can serve, and LIKE with its folding and wildcards is not used.
 */
export function compare(
  dialect: Dialect,
  operator: ResolvedComparison['operator'],
  { expression, value }: Operands,
): SqlCondition {
  const given = (condition: string, ...parameters: SqlValue[]): SqlCondition => ({
    sql: `(${expression} IS NOT NULL AND ${condition})`,
    parameters,
  });
  switch (operator) {
    case 'eq':
      return given(`${expression} = ?`, value);
    case 'gt':
      return given(`${expression} > ?`, value);
    case 'ge':
      return given(`${expression} >= ?`, value);
    case 'lt':
      return given(`${expression} < ?`, value);
    case 'le':
      return given(`${expression} <= ?`, value);
    case 'co':
      return given(`instr(${expression}, ?) > 0`, value);
    case 'sw':
      return startsWith(given, expression, String(value));
    case 'ew':
      return endsWith(given, dialect, expression, String(value));
  }
}

type Given = (condition: string, ...parameters: SqlValue[]) => SqlCondition;

function startsWith(given: Given, expression: string, prefix: string): SqlCondition {
  const end = firstBeyond(prefix);
  return end === undefined
    ? given(`${expression} >= ?`, prefix)
    : given(`${expression} >= ? AND ${expression} < ?`, prefix, end);
}

function endsWith(given: Given, dialect: Dialect, expression: string, suffix: string): SqlCondition {
  if (suffix === '') {
    return given('1 = 1');
  }
  return dialect === 'mysql'
    ? given(`RIGHT(CAST(${expression} AS BINARY), ${Buffer.byteLength(suffix)}) = ?`, suffix)
    : given(`substr(${expression}, -${[...suffix].length}) = ?`, suffix);
}

/** The smallest text, by code points, that is greater than every text with this prefix; undefined when there is none. */
function firstBeyond(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0) ?? 0);
  while (points.length > 0) {
    const last = points.pop() ?? 0;
    if (last < 0x10ffff) {
      // No text holds a surrogate, so the code point after U+D7FF is U+E000.
      return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
    }
  }
  return undefined;
}
