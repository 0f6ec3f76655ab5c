import type { FilterColumns } from '@cleanmail/database';
import { type AttributeTarget, type ResolvedFilter, SCHEMA_URNS, targetName } from '@cleanmail/scim';

/**
 * Whether a filter looks resources up by values, as a provider does before each write: `eq` on an attribute, two of
 * them joined by `and`, or `eq` within the elements of one attribute. Of these there are so few that their statements
 * are kept prepared; of two attributes one must have an index, or the pairs would be many, and so would be the attributes
 * of tenants' own schemas.
 */
export function isLookup(filter: ResolvedFilter, columns: FilterColumns): boolean {
  if (filter.kind !== 'and') {
    return (
      isEquality(filter) || (filter.kind === 'valuePath' && isKeyed(filter, columns) && areEqualities(filter.filter))
    );
  }
  const [first, second, ...others] = filter.operands;
  return first !== undefined && second !== undefined && others.length === 0 && isPair(first, second, columns);
}

/** Whether a filter is `eq` on an attribute with a column and an index of its own, which few resources share a value of. */
export function isQuickLookup(filter: ResolvedFilter, { columns }: FilterColumns): boolean {
  if (!isEquality(filter) || filter.target.schema !== undefined) {
    return false;
  }
  const column = columns.get(targetName(filter.target));
  return column?.kind === 'text' && (column.isUnique === true || column.index !== undefined);
}

function isPair(first: ResolvedFilter, second: ResolvedFilter, columns: FilterColumns): boolean {
  const both = [first, second];
  const isById = both.some((operand) => isEquality(operand) && targetName(operand.target) === 'id');
  return both.every(isEquality) && (isById || both.every((operand) => isKeyed(operand.target, columns)));
}

function isEquality(filter: ResolvedFilter): filter is Extract<ResolvedFilter, { kind: 'comparison' }> {
  return filter.kind === 'comparison' && filter.operator === 'eq' && isOfEveryTenant(filter.target);
}

function isOfEveryTenant({ schema }: AttributeTarget): boolean {
  return schema === undefined || schema === SCHEMA_URNS.enterpriseUser;
}

function areEqualities(filter: ResolvedFilter): boolean {
  return (
    isEquality(filter) || (filter.kind === 'and' && filter.operands.length === 2 && filter.operands.every(isEquality))
  );
}

/** Whether the attribute, or one of its parts, is kept where an index can find it. */
function isKeyed(target: AttributeTarget, { columns, relations, lookups }: FilterColumns): boolean {
  const { schema, attribute } = target;
  const isRelation = schema === undefined && relations?.has(attribute.name) === true;
  const parts = (attribute.subAttributes ?? []).map((subAttribute) => targetName({ ...target, subAttribute }));
  return isRelation || columns.has(targetName(target)) || parts.some((name) => lookups?.has(name) === true);
}
