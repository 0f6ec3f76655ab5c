import { type ResolvedComparison, type ResolvedFilter, type ResolvedOperator, targetName } from '@cleanmail/scim';
import type { Dialect } from '../session/session.js';
import type { TenantId } from '../tenant-id.js';
import { compare } from './compare.js';
import type { FilterColumns, FilterLookup } from './filter-columns.js';
import { lookupKey } from './lookup-key.js';
import { combine, type SqlCondition } from './sql-condition.js';

/** Where a filter is compiled: for whom, in which SQL, on which table. */
export interface FilterPlace {
  readonly tenant: TenantId;
  readonly dialect: Dialect;
  readonly columns: FilterColumns;
}

/** What is true of the key wherever the comparison is true of the value; keys may be cut, so their bounds are included. */
const keyOperators: Partial<Readonly<Record<ResolvedOperator, ResolvedOperator>>> = {
  eq: 'eq',
  sw: 'sw',
  gt: 'ge',
  ge: 'ge',
  lt: 'le',
  le: 'le',
};

/** Whether an index can find the values for which the operator holds. */
export function isIndexable(operator: ResolvedOperator): boolean {
  return keyOperators[operator] !== undefined;
}

/**
 * A condition that holds for every resource of which an element satisfies the filter, and that lookup tables answer by
 * their index; undefined when they have nothing to say about it.
 */
export function lookUp(filter: ResolvedFilter, place: FilterPlace): SqlCondition | undefined {
  switch (filter.kind) {
    case 'and': {
      const known = filter.operands.flatMap((operand) => lookUp(operand, place) ?? []);
      return known.length === 0 ? undefined : combine('AND', known);
    }
    case 'or': {
      const known = filter.operands.map((operand) => lookUp(operand, place));
      return known.every((each) => each !== undefined) ? combine('OR', known) : undefined;
    }
    case 'comparison': {
      const lookup = place.columns.lookups?.get(targetName(filter.target));
      return lookup === undefined ? undefined : owners(filter, lookup, place);
    }
    case 'not':
    case 'present':
    case 'valuePath':
      return undefined;
  }
}

/** Asked from the tenant's side and not tied to the resource, because SQLite does not turn a correlated subquery round. */
function owners(
  { operator, value }: ResolvedComparison,
  { table, valueColumn, ownerColumn, keyLength }: FilterLookup,
  { tenant, dialect, columns }: FilterPlace,
): SqlCondition | undefined {
  const keyOperator = keyOperators[operator];
  if (keyOperator === undefined) {
    return undefined;
  }
  const key = { expression: `l.${valueColumn}`, value: lookupKey(String(value), keyLength) };
  const { sql, parameters } = compare(dialect, keyOperator, key);
  return {
    sql: `${columns.resource.id} IN (SELECT l.${ownerColumn} FROM ${table} l WHERE l.tenant_id = ? AND ${sql})`,
    parameters: [tenant, ...parameters],
  };
}
