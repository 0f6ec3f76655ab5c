import type { AttributeDefinition } from './definition.js';

/** Lower-cases A to Z only: attribute names and URNs are ASCII, and a Kelvin sign is not a K. */
export function asciiLowerCase(text: string): string {
  let result = '';
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    result += code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 0x20) : text[index];
  }
  return result;
}

/** Whether two attribute names or URNs are the same (RFC 7643 section 2.1: without regard to case). */
export function equalNames(a: string, b: string): boolean {
  if (a === b || a.length !== b.length) {
    return a === b;
  }
  // A body may have a hundred thousand names: each comparison ends at the first letter that differs.
  for (let index = 0; index < a.length; index += 1) {
    if (lowerCode(a.charCodeAt(index)) !== lowerCode(b.charCodeAt(index))) {
      return false;
    }
  }
  return true;
}

function lowerCode(code: number): number {
  return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}

/** The attribute of that name, or undefined. */
export function findAttribute(
  attributes: readonly AttributeDefinition[] | undefined,
  name: string,
): AttributeDefinition | undefined {
  return attributes?.find((attribute) => equalNames(attribute.name, name));
}
