import type { SqlValue } from '../session/session.js';

/** A piece of a WHERE clause that is never NULL, with the values of its placeholders in order. */
export interface SqlCondition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** Joins conditions with AND or OR. */
export function combine(operator: 'AND' | 'OR', conditions: readonly SqlCondition[]): SqlCondition {
  return {
    sql: `(${conditions.map(({ sql }) => sql).join(` ${operator} `)})`,
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}
