import { assertNever } from '../errors/assert-never.js';
import type { ScimComplex, ScimResource, ScimValue } from '../resource/resource.js';
import { isComplex, isList, own } from '../resource/resource.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import type { Comparable } from '../schema/comparable.js';
import { comparable } from '../schema/comparable.js';
import { compareCodePoints } from '../schema/fold-case.js';
import type { ResolvedComparison, ResolvedFilter, ResolvedOperator } from './resolved-filter.js';

/** Gives the values that a target has; none when it is unassigned. */
type Select = (target: AttributeTarget) => readonly ScimValue[];

/** Whether a resource satisfies a filter. A comparison with an unassigned attribute is false, its negation true. */
export function matches(filter: ResolvedFilter, resource: ScimResource): boolean {
  return evaluate(filter, (target) => valuesOf(resource, target));
}

/** Whether one element of a multi-valued attribute (or a complex value) satisfies the filter of a value path. */
export function matchesElement(filter: ResolvedFilter, element: ScimValue): boolean {
  return evaluate(filter, (target) => subValues([element], target));
}

function evaluate(filter: ResolvedFilter, select: Select): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.operands.every((operand) => evaluate(operand, select));
    case 'or':
      return filter.operands.some((operand) => evaluate(operand, select));
    case 'not':
      return !evaluate(filter.operand, select);
    case 'present':
      return select(filter.target).some(isPresent);
    case 'comparison':
      return select(filter.target).some((value) => compares(value, filter));
    case 'valuePath': {
      const { schema, attribute } = filter;
      const elements = select({ ...(schema === undefined ? {} : { schema }), attribute });
      return elements.some((element) => matchesElement(filter.filter, element));
    }
    default:
      return assertNever(filter);
  }
}

function valuesOf(resource: ScimResource, target: AttributeTarget): readonly ScimValue[] {
  const home = target.schema === undefined ? resource : own(resource, target.schema);
  const value = isComplex(home) ? own(home, target.attribute.name) : undefined;
  return subValues(toList(value), target);
}

function subValues(values: readonly ScimValue[], target: AttributeTarget): readonly ScimValue[] {
  const { subAttribute } = target;
  if (subAttribute === undefined) {
    return values;
  }
  return values.flatMap((value) => (isComplex(value) ? toList(own(value, subAttribute.name)) : []));
}

function toList(value: ScimValue | undefined): readonly ScimValue[] {
  if (value === undefined) {
    return [];
  }
  return isList(value) ? value : [value];
}

function isPresent(value: ScimValue): boolean {
  return value !== '' && (!isComplex(value) || hasMembers(value));
}

function hasMembers(value: ScimComplex): boolean {
  return Object.keys(value).length > 0;
}

function compares(value: ScimValue, filter: ResolvedComparison): boolean {
  if (typeof value === 'object') {
    return false;
  }
  const { target } = filter;
  return holds(filter.operator, comparable(value, target.subAttribute ?? target.attribute), filter.value);
}

function holds(operator: ResolvedOperator, left: Comparable, right: Comparable): boolean {
  switch (operator) {
    case 'eq':
      return left === right;
    case 'co':
      return String(left).includes(String(right));
    case 'sw':
      return String(left).startsWith(String(right));
    case 'ew':
      return String(left).endsWith(String(right));
    case 'gt':
      return order(left, right) > 0;
    case 'ge':
      return order(left, right) >= 0;
    case 'lt':
      return order(left, right) < 0;
    case 'le':
      return order(left, right) <= 0;
    default:
      return assertNever(operator);
  }
}

/** Numbers by size, texts by code point; unlike types are in no order. */
function order(left: Comparable, right: Comparable): number {
  if (typeof left === 'number' && typeof right === 'number') {
    return left - right;
  }
  return typeof left === 'string' && typeof right === 'string' ? compareCodePoints(left, right) : Number.NaN;
}
