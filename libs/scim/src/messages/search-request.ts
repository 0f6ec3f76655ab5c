import { ScimError } from '../errors/scim-error.js';
import { isObject } from '../resource/resource.js';
import { equalNames } from '../schema/attribute-name.js';
import type { ListQueryParameters } from './list-query.js';
import { member } from './member.js';
import { MESSAGE_URNS } from './message-urns.js';

const texts = ['filter', 'sortBy', 'sortOrder', 'cursor'] as const;
const integers = ['startIndex', 'count'] as const;
const lists = ['attributes', 'excludedAttributes'] as const;

/**
 * Reads the body of a query by POST (RFC 7644 section 3.4.3) as the parameters of the same query by GET. Names are
 * read without regard to case, null counts as absent, and members that are not known are ignored.
 * @throws ScimError invalidSyntax naming the member that is not of its type.
 */
export function parseSearchRequest(body: unknown): ListQueryParameters {
  if (!isObject(body)) {
    throw ScimError.invalidSyntax('The body must be a JSON object.');
  }
  const schemas = member(body, 'schemas');
  const isSearch = (urn: unknown) => typeof urn === 'string' && equalNames(urn, MESSAGE_URNS.searchRequest);
  if (!Array.isArray(schemas) || !schemas.some(isSearch)) {
    throw ScimError.invalidSyntax(`schemas must be a list with "${MESSAGE_URNS.searchRequest}".`);
  }
  return Object.fromEntries([
    ...entries(body, texts, 'a string', (value) => (typeof value === 'string' ? value : undefined)),
    ...entries(body, integers, 'an integer', (value) => (Number.isInteger(value) ? value : undefined)),
    ...entries(body, lists, 'a list of strings', joined),
  ]);
}

function entries(
  body: Readonly<Record<string, unknown>>,
  names: readonly string[],
  expected: string,
  read: (value: unknown) => unknown,
): readonly (readonly [string, unknown])[] {
  return names.flatMap((name) => {
    const value = member(body, name);
    if (value === undefined || value === null) {
      return [];
    }
    const parameter = read(value);
    if (parameter === undefined) {
      throw ScimError.invalidSyntax(`${name} must be ${expected}.`);
    }
    return [[name, parameter] as const];
  });
}

function joined(value: unknown): string | undefined {
  return Array.isArray(value) && value.every((name) => typeof name === 'string') ? value.join(',') : undefined;
}
