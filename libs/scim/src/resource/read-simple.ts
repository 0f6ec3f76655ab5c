import { assertNever } from '../errors/assert-never.js';
import { isNumber } from '../filter/literal.js';
import { asciiLowerCase } from '../schema/attribute-name.js';
import { normaliseDateTime } from '../schema/date-time.js';
import type { AttributeDefinition } from '../schema/definition.js';
import { isWellFormed } from '../schema/well-formed.js';
import type { Issues } from './issues.js';

const DEFAULT_LENGTH = 4096;

/** A value of a simple attribute in canonical form; undefined when it does not fit, which is added to the issues. */
export function readSimple(
  value: unknown,
  attribute: AttributeDefinition,
  path: string,
  issues: Issues,
): string | number | boolean | undefined {
  switch (attribute.type) {
    case 'boolean':
      return readBoolean(value) ?? refuse(issues, path, 'must be true or false');
    case 'integer':
      return readNumber(value, Number.isSafeInteger) ?? refuse(issues, path, 'must be an integer');
    case 'decimal':
      return readNumber(value, Number.isFinite) ?? refuse(issues, path, 'must be a number');
    case 'string':
    case 'reference':
    case 'binary':
    case 'dateTime':
      return typeof value === 'string'
        ? readText(value, attribute, path, issues)
        : refuse(issues, path, 'must be a string');
    case 'complex':
      return refuse(issues, path, 'must be an object');
    default:
      return assertNever(attribute.type);
  }
}

/** Entra's default dialect sends booleans as "True" and "False" (cases U04, C07); nothing else is guessed at. */
function readBoolean(value: unknown): boolean | undefined {
  if (typeof value !== 'string') {
    return typeof value === 'boolean' ? value : undefined;
  }
  const lower = asciiLowerCase(value);
  return lower === 'true' || lower === 'false' ? lower === 'true' : undefined;
}

function readNumber(value: unknown, isValid: (number: number) => boolean): number | undefined {
  const number = typeof value === 'string' && isNumber(value) ? Number(value) : value;
  return typeof number === 'number' && isValid(number) ? number : undefined;
}

/** The text as it was sent, to the byte, when it keeps the rules of its attribute. */
function readText(text: string, attribute: AttributeDefinition, path: string, issues: Issues): string | undefined {
  const maxLength = attribute.maxLength ?? DEFAULT_LENGTH;
  if (text.length > maxLength) {
    return refuse(issues, path, `must not be longer than ${maxLength} characters`);
  }
  if (!isWellFormed(text)) {
    return refuse(issues, path, 'must not contain half a surrogate pair');
  }
  if (hasControl(text, attribute.singleLine === true)) {
    return refuse(issues, path, 'must not contain control characters');
  }
  if (attribute.type === 'dateTime' && normaliseDateTime(text) === undefined) {
    return refuse(issues, path, 'must be a date and time such as 2011-05-13T04:42:34Z');
  }
  if (attribute.type === 'binary' && !isBase64(text)) {
    return refuse(issues, path, 'must be base64');
  }
  return text;
}

/** C0 control characters, of which tab and line ends are allowed in text that may have several lines. */
function hasControl(text: string, singleLine: boolean): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isLayout = code === 0x09 || code === 0x0a || code === 0x0d;
    if ((code < 0x20 && (singleLine || !isLayout)) || (singleLine && code >= 0x7f && code <= 0x9f)) {
      return true;
    }
  }
  return false;
}

/** The alphabet of RFC 4648 section 4, padded or not, with the line breaks that certificates come with. */
function isBase64(text: string): boolean {
  let letters = 0;
  let padding = 0;
  for (const character of text) {
    if (character === '\r' || character === '\n' || character === ' ') {
      continue;
    }
    if (character === '=') {
      padding += 1;
    } else if (padding > 0 || !isBase64Letter(character)) {
      return false;
    } else {
      letters += 1;
    }
  }
  return letters % 4 !== 1 && padding <= 2 && (padding === 0 || (letters + padding) % 4 === 0);
}

function isBase64Letter(character: string): boolean {
  return (
    (character >= 'A' && character <= 'Z') ||
    (character >= 'a' && character <= 'z') ||
    (character >= '0' && character <= '9') ||
    character === '+' ||
    character === '/'
  );
}

function refuse(issues: Issues, path: string, problem: string): undefined {
  issues.add(path, problem);
  return undefined;
}
