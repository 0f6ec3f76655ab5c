import type { Expectation } from './checks/answer-checks.js';
import { objectAt, objectsAt, type JsonObject } from './json.js';
import type { LedgerEntry } from './ledger.js';

/** 200 with an empty ListResponse: the answer to every probe. */
export const expectNobody: Expectation = {
  describe: '200, ListResponse with totalResults 0',
  status: [200],
  body: 'list',
  examine: (body) => [
    ...(body['totalResults'] === 0 ? [] : [`totalResults is ${String(body['totalResults'])}, not 0`]),
    ...(objectsAt(body, 'Resources').length === 0 ? [] : ['Resources is not empty']),
  ],
};

/** 200 with a ListResponse of no user or the one of this name: Entra treats two hits as an error. */
export function expectMatch(userName: string): Expectation {
  return {
    describe: '200, ListResponse with nobody or the user of this name',
    status: [200],
    body: 'list',
    examine: (body) => [
      ...countProblems(body, [0, 1]),
      ...objectsAt(body, 'Resources')
        .filter((resource) => !hasUserName(resource, userName))
        .map((resource) => `a user named ${JSON.stringify(resource['userName'])} was found`),
    ],
  };
}

/** Whether a resource bears a userName, which is compared without regard to case. */
export function hasUserName(resource: JsonObject, userName: string): boolean {
  return String(resource['userName']).toLowerCase() === userName.toLowerCase();
}

/** 404 with a SCIM error. */
export const expectGone: Expectation = { describe: '404, SCIM error', status: [404], body: 'error' };

/** 204 without a body. */
export const expectDeleted: Expectation = { describe: '204 without a body', status: [204], body: 'error' };

/** 409 `uniqueness`: the answer to a POST of a userName that is taken. */
export const expectConflict: Expectation = {
  describe: '409, SCIM error with scimType uniqueness',
  status: [409],
  body: 'error',
  examine: (body) => (body['scimType'] === 'uniqueness' ? [] : ['scimType is not uniqueness']),
};

/** 200 with a ListResponse of exactly this user, as the ledger knows it. */
export function expectFound(entry: LedgerEntry): Expectation {
  return {
    describe: '200, ListResponse with exactly this user',
    status: [200],
    body: 'list',
    examine: (body) => [
      ...countProblems(body, [1]),
      ...objectsAt(body, 'Resources').flatMap((resource) => entry.differences(resource)),
    ],
  };
}

/** 200 with the user as the ledger knows it. */
export function expectUser(entry: LedgerEntry): Expectation {
  return {
    describe: '200, the user with the values that were sent',
    status: [200],
    body: 'user',
    examine: (body) => entry.differences(body),
  };
}

/** 201 with a new user that holds what was sent. */
export function expectCreated(entry: LedgerEntry): Expectation {
  return {
    describe: '201, the user with the values that were sent',
    status: [201],
    body: 'user',
    examine: (body) => [
      ...entry.differences(body),
      ...(typeof objectAt(body, 'meta')['created'] === 'string' ? [] : ['meta.created is absent']),
    ],
  };
}

/** 200 with the whole user or 204; `changed` is the user as it must be afterwards. */
export function expectPatched(changed: (body: JsonObject) => readonly string[]): Expectation {
  return { describe: '200, the user with the change, or 204', status: [200, 204], body: 'user', examine: changed };
}

function countProblems(body: JsonObject, allowed: readonly number[]): readonly string[] {
  const total = body['totalResults'];
  const listed = objectsAt(body, 'Resources').length;
  return [
    ...(allowed.includes(Number(total)) ? [] : [`totalResults is ${String(total)}, not ${allowed.join(' or ')}`]),
    ...(total === listed ? [] : [`${listed} users are listed`]),
  ];
}
