import { objectsAt } from '../../simulate/json.js';
import { advertised, needs, needsEnterprise } from '../attribute-definitions.js';
import {
  bodyOf,
  ensure,
  expectBadRequest,
  expectMember,
  expectRefused,
  expectScimType,
  expectStatus,
  show,
} from '../expectations.js';
import { both, inSection, must, should } from '../requirement.js';
import { enterpriseSchema, messageSchemas } from '../urns.js';
import { patchUser, refuse } from './patch-steps.js';

const replaceName = (value: unknown) => ({ op: 'replace', path: 'displayName', value });

/** RFC 7644 section 3.5.2: what holds for every PATCH. */
export const patch = inSection('RFC 7644 3.5.2', both(advertised('patch'), needs('displayName')), [
  must('patch.answer', 'answers 200 with the whole resource, or 204 without a body', async (client) => {
    const created = await client.createUser();
    const answer = await client.patch(created.path, [replaceName('New')]);
    expectStatus(answer, 200, 204);
    if (answer.status === 204) ensure(answer, answer.text === '', '204 with a body');
    else expectMember(answer, 'displayName', 'New');
    if (answer.status === 200) expectMember(answer, 'userName', created.body['userName']);
  }),
  must('patch.attributes-parameter', 'answers 200 when the request says which attributes', async (client) => {
    const created = await client.createUser();
    const answer = await client.patch(`${created.path}?attributes=displayName`, [replaceName('New')]);
    expectStatus(answer, 200);
    expectMember(answer, 'displayName', 'New');
    ensure(
      answer,
      bodyOf(answer)['userName'] === undefined || bodyOf(answer)['emails'] === undefined,
      'emails was not asked for',
    );
  }),
  must('patch.order', 'applies operations in the order in which they stand', async (client) => {
    const { answer } = await patchUser(client, [replaceName('First'), replaceName('Second')]);
    expectMember(answer, 'displayName', 'Second');
  }),
  must('patch.atomic', 'applies nothing when one operation fails', async (client) => {
    const created = await client.createUser();
    const refused = await client.patch(created.path, [replaceName('Half'), { op: 'replace', path: 'id', value: 'x' }]);
    expectRefused(refused);
    expectMember(await client.get(created.path), 'displayName', created.body['displayName']);
  }),
  must('patch.unknown-resource', 'answers 404 for an id that it never gave', async (client) => {
    const path = `${client.config.users.endpoint}/${client.samples.nextName()}`;
    expectStatus(await client.patch(path, [replaceName('x')]), 404);
  }),
  must('patch.read-only', 'answers 400 and mutability to a change of a read-only attribute', async (client) => {
    expectBadRequest(await refuse(client, [{ op: 'replace', path: 'id', value: 'x' }]), 'mutability');
  }),
  must('patch.read-only-meta', 'answers 400 and mutability to a change of meta', async (client) => {
    const operation = { op: 'replace', path: 'meta.created', value: '2001-01-01T00:00:00Z' };
    expectBadRequest(await refuse(client, [operation]), 'mutability');
  }),
  must('patch.unknown-operation', 'answers 400 to an op that is none of add, replace and remove', async (client) => {
    expectBadRequest(
      await refuse(client, [{ op: 'move', path: 'displayName', value: 'x' }]),
      'invalidSyntax',
      'invalidValue',
    );
  }),
  must('patch.invalid-path', 'answers 400 and invalidPath to a path that cannot be read', async (client) => {
    expectBadRequest(
      await refuse(client, [{ op: 'replace', path: 'emails[type eq', value: 'x' }]),
      'invalidPath',
      'invalidFilter',
    );
  }),
  must('patch.path-folds-case', 'reads paths without regard to case', async (client) => {
    const { answer } = await patchUser(client, [{ op: 'replace', path: 'DISPLAYNAME', value: 'New' }]);
    expectMember(answer, 'displayName', 'New');
  }),
  must('patch.path-with-urn', 'reads a path that starts with the URN of the core schema', async (client) => {
    const path = `${client.config.users.schema}:displayName`;
    const { answer } = await patchUser(client, [{ op: 'replace', path, value: 'New' }]);
    expectMember(answer, 'displayName', 'New');
  }),
  must(
    'patch.extension-path',
    'reads a path into an extension',
    async (client) => {
      const path = `${enterpriseSchema}:department`;
      const { answer } = await patchUser(client, [{ op: 'add', path, value: 'Tours' }]);
      expectMember(answer, 'department', 'Tours', (bodyOf(answer)[enterpriseSchema] ?? {}) as Record<string, unknown>);
    },
    needsEnterprise,
  ),
  must('patch.conflict', 'answers 409 and uniqueness when the new userName is taken', async (client) => {
    const { body } = await client.createUser();
    const answer = await refuse(client, [{ op: 'replace', path: 'userName', value: body['userName'] }]);
    if (answer.status === 400 && bodyOf(answer)['scimType'] === 'mutability') return;
    expectStatus(answer, 409);
    expectScimType(answer, 'uniqueness');
  }),
  should('patch.no-operations', 'refuses a message without Operations with 400', async (client) => {
    const created = await client.createUser();
    expectStatus(await client.send('PATCH', created.path, { schemas: [messageSchemas.patch] }), 400);
  }),
  should('patch.no-schemas', 'refuses a message without schemas with 400', async (client) => {
    const created = await client.createUser();
    expectStatus(await client.send('PATCH', created.path, { Operations: [replaceName('x')] }), 400);
  }),
  must('patch.malformed', 'answers 400 to a body that is no JSON', async (client) => {
    const created = await client.createUser();
    expectStatus(await client.send('PATCH', created.path, '{"Operations":'), 400);
  }),
  must(
    'patch.primary',
    'ends the old primary value when a new one is added',
    async (client) => {
      const value = [{ value: `${client.samples.nextName()}@new.example`, type: 'other', primary: true }];
      const { answer } = await patchUser(client, [{ op: 'add', path: 'emails', value }]);
      const primaries = objectsAt(bodyOf(answer), 'emails').filter(({ primary }) => primary === true);
      const isNew = primaries.length === 1 && primaries[0]?.['value'] === value[0]?.value;
      ensure(answer, isNew, `the primary emails are ${show(primaries.map((email) => email['value']))}`);
    },
    needs('emails.primary'),
  ),
]);

/** RFC 7644 section 3.12: a server that does not offer PATCH. */
export const patchUnsupported = inSection('RFC 7644 3.5.2', ({ patch }) => !patch || 'patch is advertised', [
  should('patch.unsupported', 'answers 501 to a PATCH when it does not offer it', async (client) => {
    const created = await client.createUser();
    expectStatus(await client.patch(created.path, [replaceName('x')]), 501);
  }),
]);
