import { bodyOf, ensure, expectErrorBody, expectStatus } from '../expectations.js';
import { always, inSection, must } from '../requirement.js';

const anonymous = { Authorization: undefined };

/** RFC 7644 sections 2 and 3.12, RFC 9110 section 11.6.1: who is not let in. */
export const authentication = [
  ...inSection('RFC 7644 2', always, [
    must('auth.anonymous-read', 'answers 401 to a read without credentials', async (client) => {
      expectStatus(await client.users({ count: 1 }, anonymous), 401);
    }),
    must('auth.anonymous-write', 'answers 401 to a POST without credentials and creates nothing', async (client) => {
      expectStatus(await client.post(client.config.users.endpoint, client.newUser(), anonymous), 401);
    }),
    must('auth.wrong-token', 'answers 401 to a token that nobody was given', async (client) => {
      const headers = { Authorization: `Bearer ${client.samples.nextName()}` };
      expectStatus(await client.users({ count: 1 }, headers), 401);
    }),
    must('auth.wrong-scheme', 'answers 401 to a scheme that it does not know', async (client) => {
      expectStatus(await client.users({ count: 1 }, { Authorization: 'Unknown abc' }), 401);
    }),
    must('auth.error-body', 'says 401 in a SCIM error message', async (client) => {
      const answer = await client.users({ count: 1 }, anonymous);
      expectErrorBody(answer);
      ensure(answer, !JSON.stringify(bodyOf(answer)).includes('"Resources"'), 'the answer lists resources');
    }),
  ]),
  ...inSection('RFC 9110 11.6.1', always, [
    must('auth.challenge', 'sends WWW-Authenticate with a 401', async (client) => {
      const answer = await client.users({ count: 1 }, anonymous);
      ensure(answer, answer.headers['www-authenticate'] !== undefined, 'the header WWW-Authenticate is absent');
    }),
  ]),
];
