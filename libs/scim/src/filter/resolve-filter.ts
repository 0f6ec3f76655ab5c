import { assertNever } from '../errors/assert-never.js';
import { ScimError } from '../errors/scim-error.js';
import { equalNames, findAttribute } from '../schema/attribute-name.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import { resolveAttribute, targetName, withValue } from '../schema/attribute-target.js';
import { comparable } from '../schema/comparable.js';
import type { ResourceType } from '../schema/definition.js';
import { coerceLiteral, requireOperator } from './coerce-literal.js';
import type { Filter } from './filter.js';
import { hideRetired } from './hide-retired.js';
import type { ResolvedFilter } from './resolved-filter.js';

/** Finds what a path stands for; undefined when the schema has nothing of that name. */
type Lookup = (path: string) => AttributeTarget | undefined;

/**
 * Resolves a filter against a resource type: names without regard to case, values coerced to the attribute's type.
 * An attribute that is unknown, never returned or not comparable in that way is a ScimError `invalidFilter`.
 */
export function resolveFilter(filter: Filter, resourceType: ResourceType): ResolvedFilter {
  const resolved = resolveNode(filter, (path) => {
    const found = resolveAttribute(path, resourceType);
    return found.kind === 'attribute' ? found.target : undefined;
  });
  return hideRetired(resolved, resourceType);
}

/**
 * Resolves the filter of a value path, whose names are relative to the elements of `parent`. In a simple attribute
 * the name `value` is the element itself.
 */
export function resolveElementFilter(filter: Filter, parent: AttributeTarget): ResolvedFilter {
  return resolveNode(filter, (path) => findInElement(path, parent));
}

/** What a name inside a value path stands for; undefined when the elements have nothing of that name. */
export function findInElement(name: string, parent: AttributeTarget): AttributeTarget | undefined {
  if (parent.attribute.type !== 'complex') {
    return equalNames(name, 'value') ? parent : undefined;
  }
  const subAttribute = findAttribute(parent.attribute.subAttributes, name);
  return subAttribute === undefined ? undefined : { ...parent, subAttribute };
}

function resolveNode(filter: Filter, lookup: Lookup): ResolvedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, operands: filter.operands.map((operand) => resolveNode(operand, lookup)) };
    case 'not':
      return { kind: 'not', operand: resolveNode(filter.operand, lookup) };
    case 'present':
      return { kind: 'present', target: requireTarget(filter.path, lookup) };
    case 'comparison':
      return resolveComparison(filter, lookup);
    case 'valuePath':
      return resolveValuePath(filter, lookup);
    default:
      return assertNever(filter);
  }
}

function resolveComparison(filter: Filter & { kind: 'comparison' }, lookup: Lookup): ResolvedFilter {
  if (filter.literal.kind === 'null') {
    const present: ResolvedFilter = { kind: 'present', target: requireTarget(filter.path, lookup) };
    return filter.operator === 'ne' ? present : { kind: 'not', operand: present };
  }
  const target = withValue(requireTarget(filter.path, lookup));
  const attribute = target.subAttribute ?? target.attribute;
  const name = targetName(target);
  requireOperator(filter.operator, attribute, name);
  const literal = coerceLiteral(filter.literal, attribute, name);
  const value = comparable(literal, attribute);
  if (filter.operator === 'ne') {
    return { kind: 'not', operand: { kind: 'comparison', target, operator: 'eq', value, literal } };
  }
  return { kind: 'comparison', target, operator: filter.operator, value, literal };
}

function resolveValuePath(filter: Filter & { kind: 'valuePath' }, lookup: Lookup): ResolvedFilter {
  const parent = requireTarget(filter.path, lookup);
  if (parent.subAttribute !== undefined || (parent.attribute.type !== 'complex' && !parent.attribute.multiValued)) {
    throw ScimError.invalidFilter(`"${targetName(parent)}" has no elements that a filter in brackets could select.`);
  }
  const { schema, attribute } = parent;
  const inner = resolveElementFilter(filter.filter, parent);
  return { kind: 'valuePath', ...(schema === undefined ? {} : { schema }), attribute, filter: inner };
}

function requireTarget(path: string, lookup: Lookup): AttributeTarget {
  const target = lookup(path);
  const name = path.length > 128 ? `${path.slice(0, 128)}…` : path;
  if (target === undefined) {
    throw ScimError.invalidFilter(`The attribute "${name}" is not known here and cannot be filtered.`);
  }
  if ((target.subAttribute ?? target.attribute).returned === 'never' || target.attribute.returned === 'never') {
    throw ScimError.invalidFilter(`The attribute "${name}" cannot be filtered.`);
  }
  return target;
}
