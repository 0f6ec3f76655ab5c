import { assertNever } from '../errors/assert-never.js';
import { ScimError } from '../errors/scim-error.js';
import { asciiLowerCase } from '../schema/attribute-name.js';
import type { Comparable } from '../schema/comparable.js';
import { normaliseDateTime } from '../schema/date-time.js';
import type { AttributeDefinition } from '../schema/definition.js';
import type { ComparisonOperator, FilterLiteral } from './filter.js';
import { isNumber } from './literal.js';

const SUBSTRING: readonly ComparisonOperator[] = ['co', 'sw', 'ew'];
const ORDER: readonly ComparisonOperator[] = ['gt', 'ge', 'lt', 'le'];

/** Refuses an operator that the attribute's type does not have (RFC 7644 table 3). */
export function requireOperator(operator: ComparisonOperator, attribute: AttributeDefinition, name: string): void {
  const isText = attribute.type === 'string' || attribute.type === 'reference';
  const refused =
    (SUBSTRING.includes(operator) && !isText && attribute.type !== 'binary') ||
    (ORDER.includes(operator) && (attribute.type === 'boolean' || attribute.type === 'binary'));
  if (refused) {
    throw ScimError.invalidFilter(
      `The operator ${operator} cannot be used on "${name}", which is a ${attribute.type}.`,
    );
  }
}

/**
 * The literal as a value of the attribute's type. A number against a string is its source text; "True" and "False"
 * as strings are booleans to a boolean attribute (case U29). Null is not a value and must be handled before.
 */
export function coerceLiteral(literal: FilterLiteral, attribute: AttributeDefinition, name: string): Comparable {
  const { text } = literal;
  switch (attribute.type) {
    case 'string':
    case 'reference':
    case 'binary':
      return text;
    case 'boolean': {
      const lower = asciiLowerCase(text);
      return lower === 'true' || lower === 'false' ? lower === 'true' : refuse(name, 'true or false');
    }
    case 'integer':
    case 'decimal':
      return isNumber(text) && Number.isFinite(Number(text)) ? Number(text) : refuse(name, 'a number');
    case 'dateTime':
      return normaliseDateTime(text) === undefined ? refuse(name, 'a date and time (xsd:dateTime)') : text;
    case 'complex':
      return refuse(name, 'nothing; name one of its sub-attributes');
    default:
      return assertNever(attribute.type);
  }
}

function refuse(name: string, expected: string): never {
  throw ScimError.invalidFilter(`"${name}" can only be compared with ${expected}.`);
}
