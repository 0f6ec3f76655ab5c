import { beforeAll, describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../../conformance/client/tenant-client.js';
import { fullUser, plainUser, uniqueAddress } from '../../../conformance/entra/people.js';
import { embeddedEngine } from '../../../support/embedded-engine.js';
import { describeEachEngine } from '../../../support/engines/index.js';
import { eventually } from '../../../support/eventually.js';
import { serviceForSuite } from '../../../support/service-for-suite.js';
import { expectScimError } from '../answers.js';
import {
  BULK_REQUEST,
  bulk,
  idOf,
  newGroup,
  newUser,
  type Operation,
  patch,
  sendBulk,
  statuses,
} from './operations.js';

const UNKNOWN = '01900000-0000-7000-8000-000000000000';
const rename = { op: 'replace', path: 'displayName', value: 'By bulk' };

interface LogItem {
  readonly requestId: string;
  readonly operation: string;
  readonly status: number;
}

describeEachEngine('the operations of a bulk request', (engine) => {
  const service = serviceForSuite(engine, { RATE_LIMIT_PER_SECOND: '1000' });
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  const failing = (): Operation => ({ method: 'DELETE', path: `/Users/${UNKNOWN}` });

  it('should be carried out or fail each for itself, and be answered in their order', async () => {
    const user = await tenant.createUser(fullUser());
    const base = `${service().scimUrl}/api/v3/scim2`;
    const results = await bulk(tenant, [
      newUser('new'),
      failing(),
      patch(`/Users/${user.id}`, rename),
      { method: 'PUT', path: `/Users/${user.id}`, data: { userName: '' } },
      { method: 'PUT', path: `/Users/${user.id}`, data: plainUser(user.userName), bulkId: 'put' },
      { method: 'DELETE', path: `/Users/${user.id}` },
    ]);
    expect(results).toEqual([
      { method: 'POST', bulkId: 'new', version: 'W/"1"', location: expect.stringContaining(base), status: '201' },
      { method: 'DELETE', location: `${base}/Users/${UNKNOWN}`, response: errorBody('404'), status: '404' },
      { method: 'PATCH', version: 'W/"2"', location: user.meta.location, status: '200' },
      { method: 'PUT', location: user.meta.location, response: errorBody('400', 'invalidValue'), status: '400' },
      { method: 'PUT', bulkId: 'put', version: 'W/"3"', location: user.meta.location, status: '200' },
      { method: 'DELETE', location: user.meta.location, status: '204' },
    ]);
    expect((await tenant.send('GET', `/Users/${user.id}`)).status).toBe(404);
  });

  it.each([
    [1, ['404']],
    [2, ['404', '201', '404']],
    [3, ['404', '201', '404', '201']],
  ])('should end after %i errors', async (failOnErrors, expected) => {
    const names = ['after-one', 'after-two'];
    const [one, two] = names.map((name) => newUser(name));
    if (one === undefined || two === undefined) throw new Error('there are two');
    const results = await bulk(tenant, [failing(), one, failing(), two], { failOnErrors });
    expect(statuses(results)).toEqual(expected);
    for (const [operation, isDone] of [
      [one, expected.length > 1],
      [two, expected.length > 3],
    ] as const) {
      const { userName } = operation['data'] as { readonly userName: string };
      expect((await tenant.findByUserName(userName)).totalResults).toBe(isDone ? 1 : 0);
    }
  });

  it('should tell of a resource that failOnErrors left incomplete', async () => {
    const results = await bulk(tenant, [newGroup('g', 'bulkId:h'), failing(), newGroup('h', 'bulkId:g')], {
      failOnErrors: 1,
    });
    expect(statuses(results)).toEqual(['409', '404']);
    expect((await tenant.readGroup(idOf(results[0]))).members).toBeUndefined();
  });

  it('should have their version checked as by If-Match', async () => {
    const [user, group] = [
      await tenant.createUser(plainUser(uniqueAddress())),
      await tenant.createGroup({ displayName: uniqueAddress() }),
    ];
    const on = (version: string): readonly Operation[] => [
      { ...patch(`/Users/${user.id}`, { ...rename, value: version }), version },
      { ...patch(`/Groups/${group.id}`, { op: 'add', path: 'members', value: [{ value: user.id }] }), version },
    ];
    expect(statuses(await bulk(tenant, on('W/"7"')))).toEqual(['412', '412']);
    expect([await tenant.readUser(user.id), await tenant.readGroup(group.id)]).toEqual([user, group]);
    const results = await bulk(tenant, [...on('W/"1"'), ...on('W/"1"')]);
    expect(statuses(results)).toEqual(['200', '200', '412', '412']);
    expect(results.map(({ version }) => version)).toEqual(['W/"2"', 'W/"2"', undefined, undefined]);
    const stale: Operation[] = [user.id, group.id].map((id, index) => ({
      method: 'DELETE',
      path: `/${index === 0 ? 'Users' : 'Groups'}/${id}`,
      version: 'W/"1"',
    }));
    expect(statuses(await bulk(tenant, stale))).toEqual(['412', '412']);
  });

  it('should find nothing of another tenant', async () => {
    const other = await TenantClient.open(service(), 'cleanmail');
    const { id } = await other.createUser(fullUser());
    const group = await other.createGroup({ displayName: uniqueAddress(), members: [{ value: id }] });
    const user = await other.readUser(id);
    const at = (target: string): readonly Operation[] => [
      patch(`/Users/${target}`, rename),
      { method: 'PUT', path: `/Users/${target}`, data: plainUser(uniqueAddress()) },
      { method: 'DELETE', path: `/Users/${target}` },
      patch(`/Groups/${target}`, rename),
      { method: 'DELETE', path: `/Groups/${target}` },
      { ...patch(`/Users/${target}`, rename), path: other.tenant.tenantUrl + `/Users/${target}` },
    ];
    const withoutId = (results: unknown, known: string): string => JSON.stringify(results).replaceAll(known, '(id)');
    for (const target of [user.id, group.id]) {
      const results = await bulk(tenant, at(target));
      expect(statuses(results)).toEqual(at(target).map(() => '404'));
      expect(withoutId(results, target)).toBe(withoutId(await bulk(tenant, at(UNKNOWN)), UNKNOWN));
      expect(statuses(await bulk(tenant, [newGroup('thief', target)]))).toEqual(['400']);
    }
    expect([await other.readUser(user.id), await other.readGroup(group.id)]).toEqual([user, group]);
  });

  it('should leave an entry each in the log, and one of the whole', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const user = await own.createUser(plainUser(uniqueAddress()));
    const before = await logOf(own);
    const created = newUser('first', 'bulkId:second');
    const answer = await sendBulk(own, [
      created,
      newUser('second', 'bulkId:first'),
      patch(`/Users/${user.id}`, rename),
      { method: 'DELETE', path: `/Groups/${UNKNOWN}` },
      { method: 'PUT', path: '/Nothing/1', data: {} },
      { ...created, bulkId: 'third' },
    ]);
    const requestId = answer.headers['x-request-id'];
    // What changes nothing is written in batches, beside the answer.
    const isWhole = (all: readonly LogItem[]) => all.length >= before.length + 8;
    const entries = (await eventually(() => logOf(own), isWhole, 10_000)).answer.slice(0, -before.length).reverse();
    const { userName } = created['data'] as { readonly userName: string };
    expect(entries).toMatchObject([
      { operation: 'bulk', method: 'POST', status: 200, outcome: 'success' },
      { operation: 'create', method: 'POST', resourceType: 'User', status: 201, outcome: 'success', userName },
      { operation: 'create', method: 'POST', resourceType: 'User', status: 201, outcome: 'success' },
      { operation: 'modify', method: 'PATCH', resourceType: 'User', status: 200, outcome: 'success', userName },
      { operation: 'modify', method: 'PATCH', resourceId: user.id, status: 200, changes: ['displayName'] },
      { operation: 'delete', method: 'DELETE', resourceType: 'Group', resourceId: UNKNOWN, status: 404 },
      { operation: 'replace', method: 'PUT', status: 404, outcome: 'failure' },
      { operation: 'create', method: 'POST', status: 409, scimType: 'uniqueness', outcome: 'failure', userName },
    ]);
    expect(new Set(entries.map((entry) => entry.requestId))).toEqual(new Set([requestId]));
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  });

  it('should be carried out together or alone with the same result, when one of many cannot be', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const creations = Array.from({ length: 45 }, (_, index) => newUser(`many-${index}`));
    const taken = { ...creations[3], bulkId: 'taken' };
    const results = await bulk(own, [...creations.slice(0, 30), taken, ...creations.slice(30)]);
    expect(statuses(results)).toEqual([...Array<string>(30).fill('201'), '409', ...Array<string>(15).fill('201')]);
    expect(new Set(results.map(({ location }) => location)).size).toBe(46);
    for (const [index, operation] of creations.entries()) {
      const { userName } = operation['data'] as { readonly userName: string };
      const { Resources } = await own.findByUserName(userName);
      expect(Resources?.map(({ id }) => id)).toEqual([idOf(results[index < 30 ? index : index + 1])]);
    }
    const mailboxes = await own.admin.call('GET', `/tenants/${own.tenant.id}/mailboxes?limit=100&status=active`);
    expect((mailboxes.body as { readonly items: readonly unknown[] }).items).toHaveLength(45);
    const logged = (await logOf(own)).filter(({ operation }) => operation === 'create');
    expect(logged.map(({ status }) => status).sort()).toEqual([...Array<number>(45).fill(201), 409]);
  });

  it('should grant the seats that there are, and no more, in the order of the operations', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const path = `/tenants/${own.tenant.id}`;
    await own.admin.call('PATCH', `${path}/mail-policy`, { seatLimit: 12, seatPolicy: 'hard' });
    const creations = Array.from({ length: 30 }, (_, index) => newUser(`seat-${index}`));
    expect(statuses(await bulk(own, creations))).toEqual(Array<string>(30).fill('201'));
    const { items } = (await own.admin.call('GET', `${path}/mailboxes?limit=100`)).body as {
      readonly items: readonly {
        readonly status: string;
        readonly statusReason: string | null;
        readonly userId: string;
      }[];
    };
    const byUser = new Map(items.map(({ userId, status, statusReason }) => [userId, [status, statusReason]]));
    const found = await Promise.all(
      creations.map(({ data }) => own.findByUserName((data as { readonly userName: string }).userName)),
    );
    expect(found.map(({ Resources }) => byUser.get(Resources?.[0]?.id ?? ''))).toEqual(
      creations.map((_, index) => (index < 12 ? ['active', null] : ['pending', 'seat_limit'])),
    );
  });

  async function logOf(client: TenantClient): Promise<readonly (LogItem & { readonly id: string })[]> {
    const answer = await client.admin.call('GET', `/tenants/${client.tenant.id}/provisioning-log?limit=100`);
    return (answer.body as { readonly items: readonly (LogItem & { readonly id: string })[] }).items;
  }
});

function errorBody(status: string, scimType?: string): object {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status,
    ...(scimType === undefined ? {} : { scimType }),
    detail: expect.any(String),
  };
}

describe('a bulk request', () => {
  const service = serviceForSuite(embeddedEngine(), { RATE_LIMIT_PER_SECOND: '1000' });
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  it.each<[string, Operation, string, string | undefined]>([
    ['an unknown method', { method: 'GET', path: '/Users' }, '400', 'invalidValue'],
    ['no method', { path: '/Users' }, '400', 'invalidValue'],
    ['a method that is a number', { method: 7, path: '/Users' }, '400', 'invalidValue'],
    ['no path', { method: 'DELETE' }, '400', 'invalidValue'],
    ['a POST without bulkId', { method: 'POST', path: '/Users', data: {} }, '400', 'invalidValue'],
    ['a POST without data', { method: 'POST', path: '/Users', bulkId: 'a' }, '400', 'invalidValue'],
    ['a PATCH without data', { method: 'PATCH', path: `/Users/${UNKNOWN}` }, '400', 'invalidValue'],
    ['data that is no object', { method: 'POST', path: '/Users', bulkId: 'a', data: 'x' }, '400', 'invalidSyntax'],
    ['a version that is a number', { method: 'DELETE', path: `/Users/${UNKNOWN}`, version: 1 }, '400', 'invalidValue'],
    ['a path of nothing', { method: 'POST', path: '/Printers', bulkId: 'a', data: {} }, '404', undefined],
    ['a path with more than an id', { method: 'DELETE', path: '/Users/1/2' }, '404', undefined],
    ['a path in another case', { method: 'DELETE', path: '/users/1' }, '404', undefined],
    ['POST of one resource', { method: 'POST', path: '/Users/1', bulkId: 'a', data: {} }, '405', undefined],
    ['DELETE of all', { method: 'DELETE', path: '/Users' }, '405', undefined],
    ['a write on discovery', { method: 'DELETE', path: '/Schemas' }, '405', undefined],
    ['a bulk request in it', { method: 'POST', path: '/Bulk', bulkId: 'a', data: {} }, '400', 'invalidValue'],
    ['a search', { method: 'POST', path: '/Users/.search', bulkId: 'a', data: {} }, '400', 'invalidValue'],
    ['a search of everything', { method: 'POST', path: '/.search', bulkId: 'a', data: {} }, '400', 'invalidValue'],
    ['/Me', { method: 'PATCH', path: '/Me', data: {} }, '501', undefined],
  ])('should refuse %s and go on', async (_name, operation, status, scimType) => {
    const results = await bulk(tenant, [operation, newUser('after')]);
    expect(statuses(results)).toEqual([status, '201']);
    expect(results[0]?.response).toEqual(errorBody(status, scimType));
  });

  it.each([
    '/Users/(id)',
    'Users/(id)',
    '/Users/(id)/',
    '//Users//(id)',
    '/api/v3/scim2/Users/(id)',
    '(url)/Users/(id)',
  ])('should find the path %s', async (path) => {
    const { id } = await tenant.createUser(plainUser(uniqueAddress()));
    const target = path.replace('(id)', id).replace('(url)', tenant.tenant.tenantUrl);
    expect(statuses(await bulk(tenant, [{ method: 'DELETE', path: target }]))).toEqual(['204']);
    expect((await tenant.send('GET', `/Users/${id}`)).status).toBe(404);
  });

  it.each<[string, unknown, string]>([
    ['no object', [], 'invalidSyntax'],
    ['no operations', { schemas: [BULK_REQUEST] }, 'invalidSyntax'],
    ['operations that are no list', { Operations: {} }, 'invalidSyntax'],
    ['an operation that is no object', { Operations: [newUser('a'), null] }, 'invalidSyntax'],
    ['another message', { schemas: ['urn:x'], Operations: [newUser('a')] }, 'invalidSyntax'],
    ['schemas that are no list', { schemas: BULK_REQUEST, Operations: [newUser('a')] }, 'invalidSyntax'],
    ['failOnErrors 0', { failOnErrors: 0, Operations: [newUser('a')] }, 'invalidValue'],
    ['failOnErrors "1"', { failOnErrors: '1', Operations: [newUser('a')] }, 'invalidValue'],
    ['failOnErrors 1.5', { failOnErrors: 1.5, Operations: [newUser('a')] }, 'invalidValue'],
  ])('should be refused as a whole for %s', async (_name, body, scimType) => {
    const own = await TenantClient.open(service(), 'cleanmail');
    expectScimError(await own.send('POST', '/Bulk', { body }), 400, scimType);
    expect((await own.send('GET', '/Users')).body).toMatchObject({ totalResults: 0 });
  });

  it('should not be offered without operations', async () => {
    const answer = await tenant.send('POST', '/Bulk', { body: { schemas: [BULK_REQUEST], Operations: [] } });
    expect(expectScimError(answer, 501)).toContain('send 1 to 1000 operations');
  });

  it('should have the advertised limits', async () => {
    const { bulk: limits } = (await tenant.send('GET', '/ServiceProviderConfig')).body as { bulk: object };
    expect(limits).toEqual({ supported: true, maxOperations: 1000, maxPayloadSize: 1_048_576 });
    const failing = { method: 'DELETE', path: `/Users/${UNKNOWN}` };
    for (const count of [1001, 10_001]) {
      const answer = await sendBulk(
        tenant,
        Array.from({ length: count }, () => failing),
      );
      expect(expectScimError(answer, 413)).toContain('maxOperations (1000)');
    }
    expect(
      statuses(
        await bulk(
          tenant,
          Array.from({ length: 1000 }, () => failing),
        ),
      ),
    ).toHaveLength(1000);
    const large = { ...newUser('a'), data: plainUser(uniqueAddress(), { title: 'x'.repeat(1_048_576) }) };
    expect(expectScimError(await sendBulk(tenant, [large]), 413)).toContain('maxPayloadSize is 1048576');
  });

  it('should answer for groups where there are none as a single request does', async () => {
    const sendsafely = await TenantClient.open(service(), 'sendsafely');
    const results = await bulk(sendsafely, [
      newUser('u'),
      newGroup('g', 'bulkId:u'),
      { method: 'DELETE', path: `/Groups/${UNKNOWN}` },
      { method: 'DELETE', path: `/scim/v2/entra/Users/bulkId:u` },
    ]);
    expect(statuses(results)).toEqual(['201', '501', '404', '204']);
    expect(results[0]?.location).toContain('/scim/v2/entra/Users/');
  });

  it('should be read in any case of its names', async () => {
    const { data } = newUser('a');
    const operation = { METHOD: 'post', Path: '/Users', bulkid: 'a', DATA: data };
    const answer = await tenant.send('POST', '/Bulk', { body: { Schemas: [BULK_REQUEST], operations: [operation] } });
    expect(answer.body).toMatchObject({ Operations: [{ method: 'POST', bulkId: 'a', status: '201' }] });
  });

  it('should be POST alone', async () => {
    const answer = await tenant.send('GET', '/Bulk');
    expectScimError(answer, 405);
    expect(answer.headers.allow).toBe('POST, OPTIONS');
  });
});
