import { bodyOf, ensure, expectErrorBody, expectRefused, expectStatus, show } from '../expectations.js';
import type { ConformanceClient } from '../conformance-client.js';
import type { Exchange } from '../exchange.js';
import { always, inSection, must, should, type Requirement } from '../requirement.js';

const keywords = [
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

type Provoke = (client: ConformanceClient) => Promise<Exchange>;

const notFound: Provoke = (client) => client.get(`${client.config.users.endpoint}/${client.samples.nextName()}`);
const conflict: Provoke = async (client) => {
  const { body } = await client.createUser();
  return client.post(client.config.users.endpoint, client.newUser({ userName: body['userName'] }));
};
const malformed: Provoke = (client) => client.post(client.config.users.endpoint, '{');
const incomplete: Provoke = (client) =>
  client.post(client.config.users.endpoint, client.newUser({ userName: undefined }));

/** RFC 7644 section 3.12: how failures are told. */
export const errors: readonly Requirement[] = inSection('RFC 7644 3.12', always, [
  ...Object.entries({ 'not-found': notFound, conflict, malformed, incomplete }).map(([name, provoke]) =>
    must(
      `errors.${name}`,
      `tells an error (${name}) in a SCIM error message with its status as string`,
      async (client) => {
        const answer = await provoke(client);
        expectRefused(answer);
        expectErrorBody(answer);
      },
    ),
  ),
  must('errors.keywords', 'uses only the scimType keywords of the RFC', async (client) => {
    for (const provoke of [notFound, conflict, malformed, incomplete]) {
      const answer = await provoke(client);
      const scimType = bodyOf(answer)['scimType'];
      const isKnown = scimType === undefined || keywords.some((keyword) => keyword === scimType);
      ensure(answer, isKnown, `scimType is ${show(scimType)}`);
    }
  }),
  should('errors.detail', 'explains an error in detail', async (client) => {
    const answer = await incomplete(client);
    const detail = bodyOf(answer)['detail'];
    ensure(answer, typeof detail === 'string' && detail !== '', `detail is ${show(detail)}`);
  }),
  must('errors.no-stack', 'does not show its inside in an error', async (client) => {
    const answer = await malformed(client);
    ensure(answer, !/\n\s+at |\.(js|ts|java|py|cs):\d+/.test(answer.text), 'the body holds a stack trace');
  }),
  must('errors.unknown-endpoint', 'answers 404 to an endpoint that it does not have', async (client) => {
    const answer = await client.get(`/${client.samples.nextName()}`);
    expectStatus(answer, 404);
  }),
  must('errors.unknown-endpoint-body', 'says so in a SCIM error message', async (client) => {
    expectErrorBody(await client.get(`/${client.samples.nextName()}`));
  }),
]);
