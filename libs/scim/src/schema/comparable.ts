import { normaliseDateTime } from './date-time.js';
import type { AttributeDefinition } from './definition.js';
import { foldCase } from './fold-case.js';

/** A value in the form in which it is compared. */
export type Comparable = string | number | boolean;

/**
 * The form in which two values of a simple attribute are compared (RFC 7643 section 2.2): folded unless the attribute
 * is case-exact; a dateTime as an instant of fixed length in UTC; numbers and booleans as they are.
 */
export function comparable(value: Comparable, attribute: AttributeDefinition): Comparable {
  if (typeof value !== 'string') {
    return value;
  }
  if (attribute.type === 'dateTime') {
    return normaliseDateTime(value) ?? value;
  }
  return attribute.caseExact ? value : foldCase(value);
}
