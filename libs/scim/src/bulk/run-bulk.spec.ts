import { describe, expect, it } from '@jest/globals';
import { ScimError } from '../errors/scim-error.js';
import type { BulkOperation } from './bulk-operation.js';
import { parseBulkRequest } from './bulk-request.js';
import type { BulkOutcome, BulkResult } from './bulk-response.js';
import { type BulkPerformer, type ResolvedOperation, runBulk } from './run-bulk.js';

/** Gives every creation the next id, and fails where the data says so. */
class Performer implements BulkPerformer {
  readonly performed: ResolvedOperation[] = [];
  readonly refused: ResolvedOperation[] = [];
  readonly together: (readonly ResolvedOperation[])[] = [];

  readonly mostTogether = 3;

  mayGoTogether({ path }: BulkOperation): boolean {
    return path === '/Users';
  }

  async performTogether(operations: readonly ResolvedOperation[]): Promise<readonly BulkOutcome[] | undefined> {
    this.together.push(operations);
    const willFail = JSON.stringify(operations).includes('fail');
    return willFail ? undefined : Promise.all(operations.map((operation) => this.perform(operation)));
  }

  async perform(operation: ResolvedOperation): Promise<BulkOutcome> {
    this.performed.push(operation);
    const id = operation.method === 'POST' ? `id${this.performed.length}` : (operation.path.split('/').at(-1) ?? '');
    if (JSON.stringify(operation.data).includes('fail')) {
      return { error: ScimError.uniqueness('It fails.') };
    }
    return {
      status: operation.method === 'POST' ? 201 : 200,
      id,
      location: `at/${id}`,
      version: `v${operation.method}`,
    };
  }

  async refuse(operation: ResolvedOperation, error: ScimError): Promise<BulkOutcome> {
    this.refused.push(operation);
    return { error };
  }
}

const group = (bulkId: string, ...members: readonly string[]): unknown => ({
  method: 'POST',
  path: '/Groups/',
  bulkId,
  data: { displayName: bulkId, members: members.map((value) => ({ value })) },
});

const user = (bulkId: string, manager?: string): unknown => ({
  method: 'POST',
  path: '/Users',
  bulkId,
  data: { userName: bulkId, ...(manager === undefined ? {} : { manager: { value: manager } }) },
});

async function run(
  operations: readonly unknown[],
  more: object = {},
): Promise<{ readonly performer: Performer; readonly results: readonly BulkResult[] }> {
  const performer = new Performer();
  const request = parseBulkRequest({ ...more, Operations: operations }, { maxOperations: 100 });
  return { performer, results: (await runBulk(request, performer)).Operations };
}

describe(runBulk.name, () => {
  it('should put ids where bulkIds stood, in data and paths', async () => {
    const { performer } = await run([
      group('a'),
      { method: 'PATCH', path: '/Groups/bulkId:a', data: { x: ['bulkId:a', 'not bulkId:a', 'bulkId:'] } },
    ]);
    expect(performer.performed[1]).toMatchObject({
      path: '/Groups/id1',
      data: { x: ['id1', 'not bulkId:a', 'bulkId:'] },
    });
  });

  it('should add exactly what a circle left out, and answer the version of the end', async () => {
    const { performer, results } = await run([
      group('a', 'known', 'bulkId:b', 'bulkId:c'),
      group('b', 'bulkId:a'),
      group('c', 'bulkId:a'),
    ]);
    expect(performer.performed.map(({ method, path, data }) => [method, path, data])).toEqual([
      ['POST', '/Groups/', { displayName: 'a', members: [{ value: 'known' }] }],
      ['POST', '/Groups/', { displayName: 'b', members: [{ value: 'id1' }] }],
      ['POST', '/Groups/', { displayName: 'c', members: [{ value: 'id1' }] }],
      [
        'PATCH',
        '/Groups/id1',
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'add', path: 'members', value: [{ value: 'id2' }, { value: 'id3' }] }],
        },
      ],
    ]);
    expect(results[0]).toEqual({ method: 'POST', bulkId: 'a', version: 'vPATCH', location: 'at/id1', status: '201' });
  });

  it('should add what there is of a circle, and tell what there is not', async () => {
    const { performer, results } = await run([
      group('a', 'bulkId:b', 'bulkId:fail'),
      group('b', 'bulkId:a'),
      group('fail', 'bulkId:a'),
    ]);
    expect(performer.performed.at(-1)?.data).toMatchObject({ Operations: [{ value: [{ value: 'id2' }] }] });
    expect(results.map(({ status }) => status)).toEqual(['409', '201', '409']);
    expect(results[0]).toMatchObject({
      location: 'at/id1',
      response: { detail: expect.stringContaining('bulkId:fail') },
    });
  });

  it('should end at the number of errors that the client accepts, and leave the rest out', async () => {
    const operations = [group('fail'), group('a'), group('b', 'bulkId:fail'), group('c')];
    const { performer, results } = await run(operations, { failOnErrors: 2 });
    expect(results.map(({ bulkId, status }) => [bulkId, status])).toEqual([
      ['fail', '409'],
      ['a', '201'],
      ['b', '409'],
    ]);
    expect([performer.performed.length, performer.refused.length]).toEqual([2, 1]);
  });

  it('should carry out together what may go together, as many as may, and answer each in its place', async () => {
    const { performer, results } = await run(['a', 'b', 'c', 'd', 'e'].map((name) => user(name)));
    expect(performer.together.map((operations) => operations.length)).toEqual([3, 2]);
    expect(results.map(({ bulkId, status, location }) => [bulkId, status, location])).toEqual([
      ['a', '201', 'at/id1'],
      ['b', '201', 'at/id2'],
      ['c', '201', 'at/id3'],
      ['d', '201', 'at/id4'],
      ['e', '201', 'at/id5'],
    ]);
  });

  it('should not carry out together what needs the id of another of them, or stands between them', async () => {
    const { performer, results } = await run([user('a'), user('b', 'bulkId:a'), user('c'), group('g'), user('d')]);
    expect(performer.together.map((operations) => operations.length)).toEqual([2]);
    expect(performer.performed[1]?.data).toMatchObject({ manager: { value: 'id1' } });
    expect(results.map(({ status }) => status)).toEqual(['201', '201', '201', '201', '201']);
  });

  it('should carry out each for itself when they cannot be carried out together, up to the last error', async () => {
    const names = ['a', 'fail', 'b', 'c'];
    const { performer, results } = await run(names.map((name) => user(name)), { failOnErrors: 1 }); // prettier-ignore
    expect(performer.together).toHaveLength(1);
    expect(performer.performed).toHaveLength(2);
    expect(results.map(({ bulkId, status }) => [bulkId, status])).toEqual([
      ['a', '201'],
      ['fail', '409'],
    ]);
    const all = await run(names.map((name) => user(name)));
    expect(all.results.map(({ status }) => status)).toEqual(['201', '409', '201', '201']);
  });
});
