import { findAttribute } from '../schema/attribute-name.js';
import { comparable } from '../schema/comparable.js';
import type { AttributeDefinition } from '../schema/definition.js';
import type { ScimValue } from './resource.js';
import { isComplex, own } from './resource.js';

/** Whether elements are told apart by an immutable `value` alone, as the members of a group are. */
export function isIdentifiedByValue(attribute: AttributeDefinition): boolean {
  return attribute.multiValued && findAttribute(attribute.subAttributes, 'value')?.mutability === 'immutable';
}

/** The elements without those whose `value` came before; the list itself for other attributes. */
export function withoutRepeats(elements: readonly ScimValue[], attribute: AttributeDefinition): readonly ScimValue[] {
  const valueAttribute = findAttribute(attribute.subAttributes, 'value');
  if (valueAttribute === undefined || !isIdentifiedByValue(attribute)) {
    return elements;
  }
  const seen = new Set<unknown>();
  return elements.filter((element) => {
    const value = isComplex(element) ? own(element, 'value') : undefined;
    if (value === undefined || typeof value === 'object') {
      return true;
    }
    const key = comparable(value, valueAttribute);
    return !seen.has(key) && seen.add(key);
  });
}

/** Whether two simple values of an attribute count as the same. */
export function sameValue(a: ScimValue | undefined, b: ScimValue | undefined, attribute: AttributeDefinition): boolean {
  if (a === undefined || b === undefined || typeof a === 'object' || typeof b === 'object') {
    return a === b;
  }
  return comparable(a, attribute) === comparable(b, attribute);
}
