import { needs } from '../attribute-definitions.js';
import type { ConformanceClient, Created } from '../conformance-client.js';
import type { JsonObject } from '../../simulate/json.js';
import {
  assume,
  bodyOf,
  ensure,
  expectMember,
  expectScimType,
  expectStatus,
  expectUnassigned,
  valuesOf,
  show,
} from '../expectations.js';
import { always, inSection, may, must, should } from '../requirement.js';

/** RFC 7644 section 3.5.1: replacing by PUT. */
export const replace = inSection('RFC 7644 3.5.1', always, [
  must('put.answer', 'answers 200 and the whole resource', async (client) => {
    const created = await client.createUser();
    const answer = await client.put(created.path, sameName(client, created));
    expectStatus(answer, 200);
    expectMember(answer, 'id', created.id);
    expectMember(answer, 'userName', created.body['userName']);
  }),
  must(
    'put.replaces',
    'replaces the values of the attributes that are sent',
    async (client) => {
      const created = await client.createUser();
      const displayName = client.samples.nextName();
      assume(await client.put(created.path, sameName(client, created, { displayName })), 200);
      expectMember(await client.get(created.path), 'displayName', displayName);
    },
    needs('displayName'),
  ),
  must(
    'put.replaces-lists',
    'replaces a multi-valued attribute as a whole',
    async (client) => {
      const created = await client.createUser();
      const emails = [{ value: `${client.samples.nextName()}@only.example`, type: 'work' }];
      assume(await client.put(created.path, sameName(client, created, { emails })), 200);
      const answer = await client.get(created.path);
      const found = valuesOf(bodyOf(answer), 'emails');
      ensure(answer, show(found) === show(emails.map(({ value }) => value)), `emails has the values ${show(found)}`);
    },
    needs('emails'),
  ),
  may(
    'put.clears',
    'clears a readWrite attribute that the body leaves out',
    async (client) => {
      const created = await client.createUser({ nickName: 'Ada' });
      assume(await client.put(created.path, sameName(client, created)), 200);
      expectUnassigned(await client.get(created.path), 'nickName');
    },
    needs('nickName'),
  ),
  must(
    'put.null-clears',
    'clears an attribute that the body sets to null',
    async (client) => {
      const created = await client.createUser({ nickName: 'Ada' });
      assume(await client.put(created.path, sameName(client, created, { nickName: null })), 200);
      expectUnassigned(await client.get(created.path), 'nickName');
    },
    needs('nickName'),
  ),
  must('put.read-only', 'ignores read-only attributes', async (client) => {
    const created = await client.createUser();
    const body = sameName(client, created, { id: 'other', meta: { resourceType: 'Other' }, groups: [{ value: 'x' }] });
    const answer = await client.put(created.path, body);
    expectStatus(answer, 200);
    expectMember(answer, 'id', created.id);
    expectMember(answer, 'meta.resourceType', client.config.users.name);
  }),
  must('put.read-back', 'accepts what it answered to a GET', async (client) => {
    const created = await client.createUser();
    const read = assume(await client.get(created.path), 200);
    expectStatus(await client.put(created.path, bodyOf(read)), 200);
  }),
  must('put.never-creates', 'answers 404 to a PUT to an id that it never gave', async (client) => {
    const path = `${client.config.users.endpoint}/${client.samples.nextName()}`;
    expectStatus(await client.put(path, client.newUser()), 404);
  }),
  must('put.required', 'answers 400 to a body without a required attribute', async (client) => {
    const created = await client.createUser();
    expectStatus(await client.put(created.path, client.newUser({ userName: undefined })), 400);
  }),
  should('put.conflict', 'answers 409 and uniqueness when the new userName is taken', async (client) => {
    const [one, other] = [await client.createUser(), await client.createUser()];
    const answer = await client.put(one.path, client.newUser({ userName: other.body['userName'] }));
    if (answer.status === 400 && bodyOf(answer)['scimType'] === 'mutability') return;
    expectStatus(answer, 409);
    expectScimType(answer, 'uniqueness');
  }),
  must(
    'put.refused-changes-nothing',
    'changes nothing when it refuses a PUT',
    async (client) => {
      const created = await client.createUser();
      const bad = client.newUser({ userName: undefined, displayName: 'changed' });
      const refused = await client.put(created.path, bad);
      expectStatus(refused, 400);
      expectMember(await client.get(created.path), 'displayName', created.body['displayName']);
    },
    needs('displayName'),
  ),
  must('put.malformed', 'answers 400 to a body that is no JSON', async (client) => {
    const created = await client.createUser();
    expectStatus(await client.put(created.path, '{'), 400);
  }),
]);

function sameName(client: ConformanceClient, { body }: Created, overrides: JsonObject = {}): JsonObject {
  return client.newUser({ userName: body['userName'], ...overrides });
}
