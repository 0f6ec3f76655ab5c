import type { ScimResource, ScimValue } from '../resource/resource.js';
import { isComplex, isList, own } from '../resource/resource.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import type { Comparable } from '../schema/comparable.js';
import { comparable } from '../schema/comparable.js';
import { compareCodePoints } from '../schema/fold-case.js';
import type { ResolvedSort } from './resolved-sort.js';
import { sortedLength } from './resolved-sort.js';

/**
 * The order of a sorted list (RFC 7644 section 3.4.2.3): resources without a value come last when ascending and first
 * when descending, those with the same value in the order of their ids. Descending is ascending turned round.
 */
export function compareResources({ target, order }: ResolvedSort): (a: ScimResource, b: ScimResource) => number {
  const sign = order === 'descending' ? -1 : 1;
  return (a, b) =>
    sign * (compareValues(sortValue(a, target), sortValue(b, target)) || compareCodePoints(idOf(a), idOf(b)));
}

/**
 * The value by which a resource is sorted, in comparable form and not longer than takes part in sorting: of a list the
 * primary element's, else the first one's. Undefined when it has none.
 */
export function sortValue(resource: ScimResource, target: AttributeTarget): Comparable | undefined {
  const { schema, attribute, subAttribute } = target;
  const home = schema === undefined ? resource : own(resource, schema);
  const whole = isComplex(home) ? leading(own(home, attribute.name)) : undefined;
  const part = subAttribute === undefined ? whole : partOf(whole, subAttribute.name);
  if (part === undefined || typeof part === 'object') {
    return undefined;
  }
  const value = comparable(part, subAttribute ?? attribute);
  return typeof value === 'string' && value.length > sortedLength ? firstCharacters(value) : value;
}

function idOf(resource: ScimResource): string {
  const id = own(resource, 'id');
  return typeof id === 'string' ? id : '';
}

function leading(value: ScimValue | undefined): ScimValue | undefined {
  if (!isList(value)) {
    return value;
  }
  return value.find((element) => isComplex(element) && own(element, 'primary') === true) ?? value[0];
}

function partOf(value: ScimValue | undefined, name: string): ScimValue | undefined {
  const part = isComplex(value) ? own(value, name) : undefined;
  return isList(part) ? part[0] : part;
}

function firstCharacters(text: string): string {
  return [...text].slice(0, sortedLength).join('');
}

function compareValues(a: Comparable | undefined, b: Comparable | undefined): number {
  if (a === undefined || b === undefined) {
    return Number(a === undefined) - Number(b === undefined);
  }
  return typeof a === 'string' && typeof b === 'string' ? compareCodePoints(a, b) : Number(a) - Number(b);
}
