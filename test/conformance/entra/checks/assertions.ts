import { expect } from '@jest/globals';
import type { Exchange } from '../../client/http-exchange.js';
import {
  LIST_RESPONSE,
  SCIM_ERROR,
  type ScimErrorBody,
  type ScimList,
  type ScimUser,
} from '../../client/scim-types.js';
import { afterPatch, comparable } from '../expected-user.js';
import type { CheckContext } from './check.js';

/** The scimType values of RFC 7644, table 9. */
export const RFC_SCIM_TYPES: readonly string[] = [
  'invalidFilter',
  'tooMany',
  'uniqueness',
  'mutability',
  'invalidSyntax',
  'invalidPath',
  'noTarget',
  'invalidValue',
  'invalidVers',
  'sensitive',
];

/** The answer's media type is SCIM JSON. */
export function expectScimJson(answer: Exchange): void {
  expect(answer.headers['content-type']).toMatch(/^application\/scim\+json(;|$)/);
}

/** The answer is a SCIM error in whole: media type, members, status as a string, and nothing that leaks the inside. */
export function expectScimError(answer: Exchange, status: number, scimType?: string): ScimErrorBody {
  expect(answer.status).toBe(status);
  expectScimJson(answer);
  const body = answer.body as ScimErrorBody;
  expect(body).toMatchObject({ schemas: [SCIM_ERROR], status: String(status) });
  expect(['schemas', 'status', 'scimType', 'detail']).toEqual(expect.arrayContaining(Object.keys(body)));
  if (scimType !== undefined) expect(body.scimType).toBe(scimType);
  if (body.scimType !== undefined) expect(RFC_SCIM_TYPES).toContain(body.scimType);
  expect(answer.text).not.toMatch(/<html|node_modules|\n\s+at |SELECT |INSERT |ECONNREFUSED/i);
  return body;
}

/** The answer is a ListResponse of exactly the given users, in any order. */
export function expectListOf(answer: Exchange, ...users: readonly ScimUser[]): ScimList {
  expect(answer.status).toBe(200);
  expectScimJson(answer);
  const list = answer.body as ScimList;
  expect(list).toEqual({
    schemas: [LIST_RESPONSE],
    totalResults: users.length,
    startIndex: 1,
    itemsPerPage: expect.any(Number),
    Resources: expect.any(Array),
  });
  expect(sortedById(list.Resources)).toEqual(sortedById(users));
  return list;
}

/** Nothing of the subject changed, its `meta` included. */
export async function expectUnchanged(context: CheckContext): Promise<void> {
  expect(await context.now()).toEqual(context.before);
}

/** The subject is exactly what the sent operations make of it. */
export async function expectPatched(context: CheckContext): Promise<ScimUser> {
  const now = await context.now();
  expect(comparable(now)).toEqual(afterPatch(context.before, context.operations));
  return now;
}

/** The subject differs from before only in the given attributes; `undefined` means absent now. */
export async function expectOnlyChange(context: CheckContext, change: object): Promise<ScimUser> {
  const now = await context.now();
  const expected = { ...context.before, ...change, schemas: now.schemas };
  expect(comparable(now)).toEqual(comparable(JSON.parse(JSON.stringify(expected)) as object));
  return now;
}

function sortedById(users: readonly ScimUser[]): readonly ScimUser[] {
  return [...users].sort((left, right) => (left.id < right.id ? -1 : 1));
}
