import { type AttributeTarget, type ResolvedFilter, targetName } from '@cleanmail/scim';
import type { Dialect } from '../session/session.js';
import type { FilterColumn, FilterColumns } from './filter-columns.js';
import { isIndexable } from './look-up.js';

/**
 * What makes SQLite take an index, to be put behind the table; nothing on servers, which know how large tenants are.
 * Without statistics SQLite expects ten rows of a tenant and nine of any value in it, and prefers to read all of the
 * tenant's in the order that is asked for.
 */
export function indexedBy(dialect: Dialect, index: string | undefined): string {
  return dialect === 'sqlite' && index !== undefined ? ` INDEXED BY ${index}` : '';
}

/** The index by which a filter is to be served: that of a column which must equal a value. */
export function indexOfEquality(
  filter: ResolvedFilter,
  columnOf: (target: AttributeTarget) => FilterColumn | undefined,
): string | undefined {
  const conditions = filter.kind === 'and' ? filter.operands : [filter];
  return conditions
    .map((each) => (each.kind === 'comparison' && each.operator === 'eq' ? columnOf(each.target)?.index : undefined))
    .find((index) => index !== undefined);
}

/**
 * What is put behind the table so that a filter on a column with an index is served by it. MariaDB would rather read
 * all of a tenant's rows in the order that is asked for than sort the few that were changed since an instant.
 */
export function indexHint(filter: ResolvedFilter, dialect: Dialect, { columns }: FilterColumns): string {
  const columnOf = (target: AttributeTarget) => columns.get(targetName(target));
  if (dialect === 'sqlite') {
    return indexedBy(dialect, indexOfEquality(filter, columnOf));
  }
  const isOnIndex =
    filter.kind === 'comparison' && isIndexable(filter.operator) && columnOf(filter.target)?.index !== undefined;
  return isOnIndex ? ' IGNORE INDEX FOR ORDER BY (PRIMARY)' : '';
}
