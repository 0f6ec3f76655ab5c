import { describe, expect, it } from '@jest/globals';

import { expectDeleted, expectGone, expectNobody } from '../expectations.js';
import type { RawAnswer } from '../scim-connection.js';
import { judge, type Expectation } from './answer-checks.js';

const user = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  id: '1',
  userName: 'zoe',
  active: true,
  meta: { resourceType: 'User', location: 'http://x/Users/1' },
};
const nobody = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: 0,
  startIndex: 1,
  itemsPerPage: 0,
  Resources: [],
};
const gone = { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '404', detail: 'no such user' };
const expectUser: Expectation = { describe: 'a user', status: [200], body: 'user' };

function answer(status: number, body: unknown, contentType = 'application/scim+json; charset=utf-8'): RawAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, contentType, retryAfter: undefined, headers: {}, text, latencyMs: 1 };
}

describe(judge.name, () => {
  it.each([
    ['a user', answer(200, user), expectUser],
    ['an empty list', answer(200, nobody), expectNobody],
    ['a SCIM error', answer(404, gone), expectGone],
    ['204 without a body', answer(204, '', ''), expectDeleted],
  ])('should accept %s', (_, given, expectation) => {
    expect(judge(given, expectation).problems).toEqual([]);
  });

  it.each([
    ['no media type', answer(200, nobody, ''), expectNobody, 'Content-Type is absent'],
    ['HTML', answer(200, '<html>'), expectNobody, 'not a JSON object'],
    ['an array', answer(200, []), expectNobody, 'not a JSON object'],
    ['another status', answer(404, gone), expectNobody, 'no such user'],
    ['an error without a schema', answer(404, { status: '404' }), expectGone, 'schemas does not name'],
    ['a numeric error status', answer(404, { ...gone, status: 404 }), expectGone, 'not the string "404"'],
    ['204 with a body', answer(204, 'x'), expectDeleted, '204 with a body'],
    ['an unexpected 204', answer(204, ''), expectUser, '204 was not expected'],
    ['no answer', answer(0, 'ECONNRESET', ''), expectUser, 'no answer: ECONNRESET'],
    [
      'hits on a probe',
      answer(200, { ...nobody, totalResults: 1, Resources: [user] }),
      expectNobody,
      'totalResults is 1',
    ],
    ['Resources null', answer(200, { ...nobody, Resources: null }), expectNobody, 'Resources is not an array'],
    ['no startIndex', answer(200, { ...nobody, startIndex: undefined }), expectNobody, 'startIndex is not a number'],
    ['a string total', answer(200, { ...nobody, totalResults: '0' }), expectNobody, 'totalResults is not a number'],
    ['no itemsPerPage', answer(200, { ...nobody, itemsPerPage: -1 }), expectNobody, 'itemsPerPage is not a number'],
    ['a string boolean', answer(200, { ...user, active: 'True' }), expectUser, 'active is not a JSON boolean'],
    ['a string primary', answer(200, { ...user, emails: [{ primary: 'true' }] }), expectUser, 'emails[].primary'],
    ['a null inside', answer(200, { ...user, emails: [{ value: null }] }), expectUser, 'emails[0].value is null'],
    ['no id', answer(200, { ...user, id: 7 }), expectUser, 'id is not a string'],
    ['no location', answer(200, { ...user, meta: { resourceType: 'User' } }), expectUser, 'meta.location'],
    ['a bad user in a list', answer(200, { ...nobody, totalResults: 1, Resources: [{}] }), expectNobody, 'id is not'],
  ])('should refuse %s', (_, given, expectation, problem) => {
    expect(judge(given, expectation).problems.join('; ')).toContain(problem);
  });
});
