import { newId } from '@cleanmail/database';
import { describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { adminSurface, allPages, anyEngine, instant, listOf, unknownId, uuid } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

interface Batch {
  readonly id: string;
  readonly status: string;
  readonly deactivations: number;
}

describe('Admin REST, guard batches', () => {
  const surface = adminSurface(anyEngine());

  /** A tenant of which one user may leave within an hour, and all of its users do. */
  async function mistake(people: number) {
    const domain = `d-${newId()}.example`;
    const client = await TenantClient.open(surface.service(), 'cleanmail', [domain]);
    const own = `/tenants/${client.tenant.id}`;
    await surface.call('PATCH', `${own}/mail-policy`, { guardMaxPct: 0, guardMaxAbs: 1 });
    for (let index = 0; index < people; index += 1) {
      await client.disable((await client.createUser({ userName: `u${index}@${domain}` })).id);
    }
    const [batch] = listOf<Batch>(await surface.call('GET', `${own}/guard-batches?status=open`)).items;
    if (batch === undefined) throw new Error('the guard did not trip');
    return { own, batch, path: `${own}/guard-batches/${batch.id}` };
  }

  it('should show what is held, in pages', async () => {
    const { own, batch, path } = await mistake(4);
    expect((await surface.call('GET', path)).body).toEqual({
      id: expect.stringMatching(uuid),
      status: 'open',
      threshold: 1,
      deactivations: 3,
      deletions: 0,
      openedAt: expect.stringMatching(instant),
      decidedAt: null,
      decidedBy: null,
      settledAt: null,
    });
    const pages = await allPages(surface, `${path}/mailboxes`, 2);
    expect(pages.map(({ length }) => length)).toEqual([2, 1]);
    for (const mailbox of pages.flat()) {
      const held = { guardState: 'held', guardBatchId: batch.id, status: 'active', statusReason: 'guard_held' };
      expect(mailbox).toMatchObject(held);
    }
    expect(listOf(await surface.call('GET', `${own}/guard-batches?status=released`)).items).toEqual([]);
  });

  it('should release with an audit entry, and refuse to decide again', async () => {
    const { own, batch, path } = await mistake(2);
    const released = await surface.call('POST', `${path}/release`, undefined, { 'X-Actor': 'anna' });
    expect([released.status, released.body]).toMatchObject([
      200,
      { status: 'released', decidedBy: 'anna', deactivations: 1, settledAt: expect.stringMatching(instant) },
    ]);
    for (const again of ['release', 'reject']) {
      expectProblem(
        await surface.call('POST', `${path}/${again}`),
        409,
        'guard_batch_decided',
        /was released by anna at/,
      );
    }
    const [entry] = listOf(await surface.call('GET', `${own}/audit-log?limit=1`)).items;
    expect(entry).toMatchObject({ action: 'guard-batch.release', target: batch.id, actor: 'anna' });
    const suspended = listOf(await surface.call('GET', `${own}/mailboxes?status=suspended`)).items;
    expect(suspended).toHaveLength(2);
  });

  it('should know no batch of another tenant, and no other status', async () => {
    const one = await mistake(2);
    const other = await mistake(2);
    const foreign = `${other.own}/guard-batches/${one.batch.id}`;
    for (const [method, path] of [
      ['GET', foreign],
      ['GET', `${foreign}/mailboxes`],
      ['POST', `${foreign}/release`],
      ['POST', `${foreign}/reject`],
      ['GET', `${one.own}/guard-batches/${unknownId}`],
    ] as const) {
      expectProblem(await surface.call(method, path), 404, 'guard_batch_not_found', /The tenant has no guard batch/);
    }
    expect((await surface.call('GET', one.path)).body).toMatchObject({ status: 'open' });
    const lost = await surface.call('GET', `${one.own}/guard-batches?status=lost`);
    expectProblem(lost, 400, 'invalid_request', /status/, [{ field: 'status', messages: expect.any(Array) }]);
    const gone = await surface.call('GET', `/tenants/${unknownId}/guard-batches`);
    expectProblem(gone, 404, 'tenant_not_found', /tenant/);
  });

  it('should count open batches in the metrics', async () => {
    const open = async () => {
      const { text } = await surface.plain('GET', '/metrics');
      return Number(/^cleanmail_guard_batches_open (\d+)$/m.exec(text)?.[1]);
    };
    const before = await open();
    const { path } = await mistake(2);
    expect(await open()).toBe(before + 1);
    await surface.call('POST', `${path}/reject`);
    expect(await open()).toBe(before);
  });
});
