import { isObject } from '../resource/resource.js';
import { asciiLowerCase } from '../schema/attribute-name.js';
import type { DialectSign } from './dialect.js';
import { firstKeys, member, type Shape } from './shape.js';

const CAPITALISED = new Set<unknown>(['Add', 'Replace', 'Remove']);
const BOOLEANS_AS_TEXT = new Set<unknown>(['True', 'False']);
const VERSION = ':2.0:';
const FLAG = 'aadoptscim062020';

/** Entra's default dialect: capitalised operations, booleans as text. */
export function entraSign({ body, operations }: Shape): DialectSign | undefined {
  const op = operations.map((operation) => member(operation, 'op')).find((name) => CAPITALISED.has(name));
  const hasText =
    BOOLEANS_AS_TEXT.has(member(body, 'active')) ||
    operations.some((operation) => BOOLEANS_AS_TEXT.has(valueOfActive(operation)));
  const evidence = [
    ...(op === undefined ? [] : ['op capitalised']),
    ...(hasText ? ['boolean as text ("True" or "False")'] : []),
  ];
  return evidence.length === 0 ? undefined : { dialect: 'entra', evidence: evidence.join(', ') };
}

/** Entra's dialect with the flag: several attributes in one value without path, named by dotted paths. */
export function flaggedEntraSign({ operations }: Shape): DialectSign | undefined {
  const isDotted = operations.some((operation) => {
    const value = member(operation, 'value');
    return member(operation, 'path') === undefined && isObject(value) && firstKeys(value).some(isPathToPart);
  });
  return isDotted
    ? { dialect: 'entra-scim062020', evidence: 'op in lower case, paths as member names of one value' }
    : undefined;
}

/** The flag itself, where Entra passes it on. */
export function flagSign(query: Readonly<Record<string, unknown>>): DialectSign | undefined {
  return firstKeys(query).some((name) => asciiLowerCase(name.slice(0, FLAG.length + 1)) === FLAG)
    ? { dialect: 'entra-scim062020', evidence: 'the flag aadOptscim062020 in the URL' }
    : undefined;
}

function valueOfActive(operation: Readonly<Record<string, unknown>>): unknown {
  const value = member(operation, 'value');
  if (isObject(value)) {
    return member(value, 'active');
  }
  return member(operation, 'path') === 'active' ? value : undefined;
}

/** `name.givenName`, or an attribute behind the URN of its extension. */
function isPathToPart(name: string): boolean {
  if (!name.startsWith('urn:')) {
    return name.includes('.');
  }
  const version = name.indexOf(VERSION);
  return version >= 0 && name.includes(':', version + VERSION.length);
}
