import type { TappedStatement, Value } from '../record/statement-tap.js';

/** One statement with its values. */
export interface SingleStatement {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** The statements of what was sent, texts of several taken apart, without those that only begin and end transactions. */
export function singleStatements(sent: readonly TappedStatement[]): readonly SingleStatement[] {
  return sent.flatMap(takenApart).filter(({ sql }) => /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(sql));
}

/** Our texts have a semicolon only between statements, and a question mark only for a value. */
function takenApart({ sql, values }: TappedStatement): readonly SingleStatement[] {
  let next = 0;
  return sql
    .split(';')
    .filter((text) => text.trim() !== '')
    .map((text) => {
      const count = text.split('?').length - 1;
      const own = values.slice(next, next + count);
      next += count;
      return { sql: text.trim(), values: own.map((value) => (typeof value === 'boolean' ? Number(value) : value)) };
    });
}
