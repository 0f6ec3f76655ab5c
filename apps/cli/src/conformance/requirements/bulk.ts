import { objectsAt, type JsonObject } from '../../simulate/json.js';
import type { ConformanceClient } from '../conformance-client.js';
import { bodyOf, ensure, expectMember, expectSchema, expectStatus, memberAt, show } from '../expectations.js';
import type { Exchange } from '../exchange.js';
import { always, both, inSection, must, should, type Applicability } from '../requirement.js';
import { needsGroups } from '../attribute-definitions.js';
import { groupSchema, messageSchemas } from '../urns.js';

const offersBulk: Applicability = ({ bulk }) => bulk.supported || 'bulk is not advertised';

/** RFC 7644 section 3.7: many operations in one request. */
export const bulk = [
  ...inSection('RFC 7644 3.7', offersBulk, [
    must('bulk.answer', 'answers 200 and a BulkResponse', async (client) => {
      const answer = await send(client, [create(client, 'one')]);
      expectSchema(answer, messageSchemas.bulkResponse);
    }),
    must('bulk.created', 'says 201 as string, the location and the bulkId of what it created', async (client) => {
      const answer = await send(client, [create(client, 'one')]);
      const [result] = results(answer);
      expectMember(answer, 'status', '201', result ?? {});
      expectMember(answer, 'bulkId', 'one', result ?? {});
      ensure(answer, typeof result?.['location'] === 'string', `location is ${show(result?.['location'])}`);
    }),
    must('bulk.order', 'answers one result for each operation', async (client) => {
      const answer = await send(client, [create(client, 'one'), create(client, 'two')]);
      const ids = results(answer).map(({ bulkId }) => bulkId);
      ensure(answer, show([...ids].sort()) === show(['one', 'two']), `the results are of ${show(ids)}`);
    }),
    must('bulk.put', 'replaces by PUT', async (client) => {
      const { id, path, body } = await client.createUser();
      const data = client.newUser({ userName: body['userName'], displayName: 'By bulk' });
      await expectResult(client, { method: 'PUT', path: `${client.config.users.endpoint}/${id}`, data }, '200');
      expectMember(await client.get(path), 'displayName', 'By bulk');
    }),
    must(
      'bulk.patch',
      'changes by PATCH',
      async (client) => {
        const { id, path } = await client.createUser();
        const data = {
          schemas: [messageSchemas.patch],
          Operations: [{ op: 'replace', path: 'displayName', value: 'By bulk' }],
        };
        await expectResult(
          client,
          { method: 'PATCH', path: `${client.config.users.endpoint}/${id}`, data },
          '200',
          '204',
        );
        expectMember(await client.get(path), 'displayName', 'By bulk');
      },
      ({ patch }) => patch || 'patch is not advertised',
    ),
    must('bulk.delete', 'deletes by DELETE', async (client) => {
      const { id, path } = await client.createUser();
      await expectResult(client, { method: 'DELETE', path: `${client.config.users.endpoint}/${id}` }, '204');
      expectStatus(await client.get(path), 404);
    }),
    must('bulk.error', 'says what was wrong with an operation in its response member', async (client) => {
      const path = `${client.config.users.endpoint}/${client.samples.nextName()}`;
      const answer = await send(client, [{ method: 'DELETE', path }]);
      const [result = {}] = results(answer);
      expectMember(answer, 'status', '404', result);
      expectMember(answer, 'response.status', '404', result);
    }),
    must('bulk.goes-on', 'goes on after a failed operation when there is no failOnErrors', async (client) => {
      const failing = { method: 'DELETE', path: `${client.config.users.endpoint}/${client.samples.nextName()}` };
      const answer = await send(client, [failing, create(client, 'after')]);
      ensure(answer, statusOf(answer, 'after') === '201', `the status is ${show(statusOf(answer, 'after'))}`);
    }),
    must('bulk.fail-on-errors', 'stops after failOnErrors failed operations', async (client) => {
      const failing = { method: 'DELETE', path: `${client.config.users.endpoint}/${client.samples.nextName()}` };
      const answer = await send(client, [failing, create(client, 'after')], { failOnErrors: 1 });
      ensure(answer, statusOf(answer, 'after') !== '201', 'the operation after the failed one was carried out');
    }),
    must('bulk.no-bulk-id', 'refuses a POST without bulkId', async (client) => {
      const operation = { ...create(client, 'none'), bulkId: undefined };
      const answer = await client.post('/Bulk', { schemas: [messageSchemas.bulkRequest], Operations: [operation] });
      const [result = {}] = objectsAt(answer.body ?? {}, 'Operations');
      ensure(answer, answer.status === 400 || result['status'] === '400', 'the operation was not refused with 400');
    }),
    must(
      'bulk.max-operations',
      'answers 413 to more than maxOperations',
      async (client) => {
        const { maxOperations } = client.config.bulk;
        const path = `${client.config.users.endpoint}/${client.samples.nextName()}`;
        const Operations = Array.from({ length: maxOperations + 1 }, () => ({ method: 'DELETE', path }));
        expectStatus(await client.post('/Bulk', { schemas: [messageSchemas.bulkRequest], Operations }), 413);
      },
      ({ bulk: limits }) => limits.maxOperations <= 10_000 || 'maxOperations is too large to be tried',
    ),
    must(
      'bulk.max-payload',
      'answers 413 to more than maxPayloadSize',
      async (client) => {
        const padding = 'x'.repeat(client.config.bulk.maxPayloadSize);
        const data = client.newUser({ displayName: padding });
        const operation = { ...create(client, 'large'), data };
        const body = { schemas: [messageSchemas.bulkRequest], Operations: [operation] };
        expectStatus(await client.post('/Bulk', body), 413);
      },
      ({ bulk: limits }) => limits.maxPayloadSize <= 16_777_216 || 'maxPayloadSize is too large to be tried',
    ),
    must(
      'bulk.reference',
      'puts the id of a new resource where its bulkId stands',
      async (client) => {
        const group = {
          method: 'POST',
          path: client.groupsEndpoint,
          bulkId: 'group',
          data: { schemas: [groupSchema], displayName: client.samples.nextName(), members: [{ value: 'bulkId:one' }] },
        };
        const answer = await send(client, [create(client, 'one'), group]);
        const location = results(answer).find(({ bulkId }) => bulkId === 'group')?.['location'];
        const id = String(location).split('/').at(-1) ?? '';
        const read = await client.get(`${client.groupsEndpoint}/${id}`);
        const [member] = objectsAt(bodyOf(read), 'members');
        const user = results(answer).find(({ bulkId }) => bulkId === 'one')?.['location'];
        ensure(
          read,
          String(user).endsWith(`/${String(member?.['value'])}`),
          `members[0].value is ${show(member?.['value'])}`,
        );
      },
      both(needsGroups),
    ),
  ]),
  ...inSection('RFC 7644 3.7', always, [
    should(
      'bulk.unsupported',
      'answers 501 to /Bulk when it does not offer it',
      async (client) => {
        const answer = await client.post('/Bulk', { schemas: [messageSchemas.bulkRequest], Operations: [] });
        expectStatus(answer, 501);
      },
      (config) => !config.bulk.supported || 'bulk is advertised',
    ),
  ]),
];

function create(client: ConformanceClient, bulkId: string): Readonly<Record<string, unknown>> {
  return { method: 'POST', path: client.config.users.endpoint, bulkId, data: client.newUser() };
}

async function send(
  client: ConformanceClient,
  operations: readonly JsonObject[],
  members: JsonObject = {},
): Promise<Exchange> {
  const answer = await client.post('/Bulk', {
    schemas: [messageSchemas.bulkRequest],
    ...members,
    Operations: operations,
  });
  expectStatus(answer, 200);
  return answer;
}

async function expectResult(
  client: ConformanceClient,
  operation: JsonObject,
  ...statuses: readonly string[]
): Promise<void> {
  const answer = await send(client, [operation]);
  const [result = {}] = results(answer);
  const status = memberAt(result, 'status');
  ensure(answer, statuses.includes(String(status)), `Operations[0].status is ${show(status)}`);
}

function results(answer: Exchange): readonly JsonObject[] {
  return objectsAt(bodyOf(answer), 'Operations');
}

function statusOf(answer: Exchange, bulkId: string): unknown {
  return results(answer).find((result) => result['bulkId'] === bulkId)?.['status'];
}
