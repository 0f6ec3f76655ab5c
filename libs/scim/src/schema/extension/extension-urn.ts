import { asciiLowerCase } from '../attribute-name.js';
import { SCHEMA_URNS } from '../schema-urns.js';
import type { SchemaIssues } from './schema-issues.js';

/** The longest URN of an extension, in characters. */
export const LONGEST_URN = 255;

const RESERVED = ['urn:ietf:params:scim:schemas:core:', 'urn:ietf:params:scim:api:'];

/** The form in which URNs are compared and kept as keys: they are ASCII, and case does not matter. */
export function urnKey(urn: string): string {
  return asciiLowerCase(urn);
}

/**
 * Checks the `id` of an extension: a URN (RFC 8141) that an attribute path can carry, that the RFCs do not define
 * themselves, and that is neither the beginning of one of `others` nor begins with one: `URN:attribute` would have two
 * readings.
 */
export function checkUrn(urn: string, others: readonly string[], issues: SchemaIssues): void {
  const problem = syntaxProblem(urn) ?? reservedProblem(urn);
  if (problem !== undefined) {
    issues.add('id', problem);
    return;
  }
  const key = urnKey(urn);
  for (const other of others) {
    const otherKey = urnKey(other);
    if (key === otherKey) {
      issues.add('id', `is the URN of another schema, ${other}`);
    } else if (continues(key, otherKey) || continues(otherKey, key)) {
      issues.add(
        'id',
        `and the URN ${other} begin alike: a path such as ${longer(urn, other)} would have two readings`,
      );
    }
  }
}

function syntaxProblem(urn: string): string | undefined {
  if (urn.length > LONGEST_URN) {
    return `must not be longer than ${LONGEST_URN} characters`;
  }
  const [scheme = '', namespace = '', ...rest] = urn.split(':');
  const isNamespace =
    namespace.length >= 2 &&
    namespace.length <= 32 &&
    [...namespace].every((character) => isAlphanumeric(character) || character === '-') &&
    !namespace.startsWith('-') &&
    !namespace.endsWith('-');
  if (asciiLowerCase(scheme) !== 'urn' || !isNamespace || rest.length === 0) {
    return 'must be a URN such as urn:ietf:params:scim:schemas:extension:contoso:2.0:User';
  }
  const isCarried = rest.every((part) => part !== '' && [...part].every(isCarriedByPaths));
  return isCarried && !urn.endsWith('.')
    ? undefined
    : 'must consist of letters, digits and - . _ ~ between single colons, and end with none of : and .';
}

function reservedProblem(urn: string): string | undefined {
  const key = urnKey(urn);
  const isDefined = key === urnKey(SCHEMA_URNS.enterpriseUser) || RESERVED.some((prefix) => key.startsWith(prefix));
  return isDefined
    ? 'is reserved by RFC 7643 and 7644; take one of your own, such as urn:ietf:params:scim:schemas:extension:contoso:2.0:User'
    : undefined;
}

/** Whether a path that starts with `urn` could be meant to start with the shorter one: the colon or dot divides. */
function continues(urn: string, shorter: string): boolean {
  return urn.startsWith(shorter) && (urn[shorter.length] === ':' || urn[shorter.length] === '.');
}

function longer(a: string, b: string): string {
  return a.length > b.length ? a : b;
}

function isCarriedByPaths(character: string): boolean {
  return isAlphanumeric(character) || '-._~'.includes(character);
}

/** A letter or digit of ASCII. */
export function isAlphanumeric(character: string): boolean {
  return isLetter(character) || (character >= '0' && character <= '9');
}

/** A letter of ASCII. */
export function isLetter(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}
