import { assertNever } from '../errors/assert-never.js';
import { resolveAttribute } from '../schema/attribute-target.js';
import type { ResourceType } from '../schema/definition.js';
import type { Filter } from './filter.js';
import { matches } from './matches.js';
import { resolveFilter } from './resolve-filter.js';
import type { ResolvedFilter } from './resolved-filter.js';

type Leaf = Extract<Filter, { kind: 'comparison' | 'present' | 'valuePath' }>;

/**
 * Resolves a filter over several types for one of them (RFC 7644 section 3.4.2.1): an attribute that this type does not
 * have, but another has, counts as unassigned. `true` is a filter that every resource of the type satisfies, `false`
 * one that none does. @throws ScimError invalidFilter as {@link resolveFilter}, also for what no type has.
 */
export function resolveFilterOver(
  filter: Filter,
  resourceType: ResourceType,
  resourceTypes: readonly ResourceType[],
): ResolvedFilter | boolean {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const operands = filter.operands.map((operand) => resolveFilterOver(operand, resourceType, resourceTypes));
      return joined(filter.kind, operands);
    }
    case 'not': {
      const operand = resolveFilterOver(filter.operand, resourceType, resourceTypes);
      return typeof operand === 'boolean' ? !operand : { kind: 'not', operand };
    }
    case 'comparison':
    case 'present':
    case 'valuePath':
      return leaf(filter, resourceType, resourceTypes);
    default:
      return assertNever(filter);
  }
}

function joined(kind: 'and' | 'or', operands: readonly (ResolvedFilter | boolean)[]): ResolvedFilter | boolean {
  const decisive = kind === 'or';
  if (operands.includes(decisive)) {
    return decisive;
  }
  const open = operands.filter((operand) => typeof operand !== 'boolean');
  const [first] = open;
  return first === undefined ? !decisive : open.length === 1 ? first : { kind, operands: open };
}

function leaf(
  filter: Leaf,
  resourceType: ResourceType,
  resourceTypes: readonly ResourceType[],
): ResolvedFilter | boolean {
  const isKnownTo = (type: ResourceType) => resolveAttribute(filter.path, type).kind === 'attribute';
  if (!isKnownTo(resourceType) && resourceTypes.some(isKnownTo)) {
    return holdsWithoutValue(filter);
  }
  const resolved = resolveFilter(filter, resourceType);
  return isAboutType(resolved) ? matches(resolved, { meta: { resourceType: resourceType.name } }) : resolved;
}

function holdsWithoutValue(filter: Leaf): boolean {
  if (filter.kind !== 'comparison') {
    return false;
  }
  return (filter.literal.kind === 'null') !== (filter.operator === 'ne');
}

/** Whether a filter asks for `meta.resourceType` alone, so that the type of a resource answers it. */
function isAboutType(filter: ResolvedFilter): boolean {
  const inner = filter.kind === 'not' ? filter.operand : filter;
  return (
    (inner.kind === 'comparison' || inner.kind === 'present') &&
    inner.target.attribute.name === 'meta' &&
    inner.target.subAttribute?.name === 'resourceType'
  );
}
