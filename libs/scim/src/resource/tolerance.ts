import { findAttribute } from '../schema/attribute-name.js';
import type { AttributeDefinition } from '../schema/definition.js';
import { isObject } from './resource.js';

/** Whether a value says "not set": null (cases C02, C33), the empty string (C11) or nothing at all. */
export function isUnassigned(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

/**
 * A list of one on a single-valued attribute is its element, and an element `{value}` of a simple attribute is its
 * value: the old Entra dialect wraps everything so (cases U10, U67, and U36 for manager).
 */
export function unwrapSingle(value: unknown, attribute: AttributeDefinition): unknown {
  if (attribute.multiValued) {
    return value;
  }
  const single: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  if (attribute.type === 'complex' || !isObject(single)) {
    return single;
  }
  const key = Object.keys(single).find((name) => name.toLowerCase() === 'value');
  return key === undefined ? single : single[key];
}

/**
 * A bare string for a complex value is its `value` (manager "271", case U31; e-mail addresses as a list of strings),
 * and one value for a multi-valued attribute is a list of one.
 */
export function wrapBare(value: unknown, attribute: AttributeDefinition): unknown {
  if (attribute.multiValued) {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.map((element) => wrapElement(element, attribute));
  }
  return wrapElement(value, attribute);
}

function wrapElement(element: unknown, attribute: AttributeDefinition): unknown {
  const hasValue = findAttribute(attribute.subAttributes, 'value') !== undefined;
  return typeof element === 'string' && element !== '' && hasValue ? { value: element } : element;
}
