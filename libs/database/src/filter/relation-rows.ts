import type { ResolvedFilter } from '@cleanmail/scim';
import type { FilterColumns, FilterRelation } from './filter-columns.js';
import { indexedBy, indexOfEquality } from './indexed-by.js';
import { type FilterPlace, isIndexable } from './look-up.js';
import type { SqlCondition } from './sql-condition.js';

/**
 * Whether any row of the relation satisfies the condition that a filter was compiled to. Rows that an index finds are
 * asked for from the tenant's side, because SQLite does not turn a correlated subquery round; all others from that of
 * the resource, so that the first row will do.
 */
export function anyRow(
  relation: FilterRelation,
  filter: ResolvedFilter,
  { sql, parameters }: SqlCondition,
  { tenant, dialect, columns: { resource } }: FilterPlace,
): SqlCondition {
  if (!isSelective(filter, relation)) {
    return { sql: `EXISTS (SELECT 1 ${rowsOfResource(relation, resource)} AND ${sql})`, parameters };
  }
  const index = indexOfEquality(filter, ({ subAttribute }) => relation.columns.get(subAttribute?.name ?? ''));
  const rows = `${relation.from}${indexedBy(dialect, index)}${joined(relation)}`;
  return {
    sql: `${resource.id} IN (SELECT ${relation.owner} FROM ${rows} WHERE ${relation.tenant} = ? AND ${sql})`,
    parameters: [tenant, ...parameters],
  };
}

/** FROM and WHERE of the relation's rows that belong to the resource which is asked about. */
export function rowsOfResource(relation: FilterRelation, resource: FilterColumns['resource']): string {
  const { from, tenant, owner } = relation;
  return `FROM ${from}${joined(relation)} WHERE ${tenant} = ${resource.tenant} AND ${owner} = ${resource.id}`;
}

function joined({ join }: FilterRelation): string {
  return join === undefined ? '' : ` ${join}`;
}

/** Whether only rows that an index finds can satisfy the filter. */
function isSelective(filter: ResolvedFilter, relation: FilterRelation): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.some((operand) => isSelective(operand, relation));
    case 'or':
      return filter.operands.every((operand) => isSelective(operand, relation));
    case 'comparison':
      return isIndexable(filter.operator) && relation.indexed.has(filter.target.subAttribute?.name ?? '');
    case 'not':
    case 'present':
    case 'valuePath':
      return false;
  }
}
