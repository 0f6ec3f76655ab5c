import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { demoId, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

describe('lists, log and status', () => {
  it('should pass the mailbox filters on and keep to the limit', async () => {
    const mailbox = { id: 'm1', address: 'a@demo.example', status: 'active', addresses: [] };
    const list = { status: 200, body: { items: [mailbox, mailbox], nextCursor: 'more' } };
    const context = fakeContext({ answer: service({ [`GET /admin/v1/tenants/${demoId}/mailboxes`]: list }) });
    const args = ['mailbox', 'list', 'Demo', '--address', 'a+b@demo.example', '--status', 'active', '--limit', '3'];
    expect(await runCommand([...args, '--json'], context)).toBe(0);
    expect(JSON.parse(context.out.join('\n'))).toHaveLength(3);
    const query = new URL(context.requests.at(-1)?.path ?? '', 'http://admin').searchParams;
    expect(Object.fromEntries(query)).toEqual({
      address: 'a+b@demo.example',
      status: 'active',
      limit: '100',
      cursor: 'more',
    });
  });

  it('should print the newest log entry last, with what changed and why it failed', async () => {
    const entry = { id: 'l1', at: 0, operation: 'modify', userName: 'zoe', outcome: 'success', status: 200 };
    const failed = {
      ...entry,
      id: 'l2',
      at: 1000,
      outcome: 'failure',
      status: 409,
      scimType: 'uniqueness',
      detail: 'taken',
    };
    const items = [failed, { ...entry, durationMs: 3, changes: ['active', 'title'] }];
    const page = { status: 200, body: { items } };
    const context = fakeContext({ answer: service({ [`GET /admin/v1/tenants/${demoId}/provisioning-log`]: page }) });
    expect(await runCommand(['log', 'tail', 'Demo', '--outcome', 'failure'], context)).toBe(0);
    expect(context.out).toEqual([
      '1970-01-01T00:00:00.000Z  success 200  modify  zoe  3 ms  active, title',
      expect.stringMatching(/^1970-01-01T00:00:01\.000Z {2}failure 409 {2}modify {2}zoe .*uniqueness: taken$/),
    ]);
    expect(context.requests.at(-1)?.path).toContain('outcome=failure&limit=20');
  });

  it('should follow the log, printing each new entry once, until it is interrupted', async () => {
    const controller = new AbortController();
    const now = Date.now();
    const entries = [0, 1, 2].map((n) => ({ id: `l${n}`, at: now + n, outcome: 'success', status: 200 }));
    let polls = 0;
    const context = fakeContext({
      interruption: controller.signal,
      answer: (request) => {
        if (!request.path.includes('provisioning-log')) return service()(request);
        polls += 1;
        if (polls === 3) controller.abort();
        return { status: 200, body: { items: entries.slice(0, polls).reverse() } };
      },
    });
    expect(await runCommand(['log', 'tail', 'Demo', '--follow', '--json'], context)).toBe(0);
    expect(context.out.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['l0', 'l1', 'l2']);
  });

  it('should exit 5 when the service is not ready', async () => {
    const live = { status: 200, body: { status: 'ok' } };
    const notReady = { status: 503, body: { status: 'error', database: 'down' } };
    const context = fakeContext({ answer: ({ path }) => (path === '/health/live' ? live : notReady) });
    expect(await runCommand(['status'], context)).toBe(5);
    expect(context.out).toEqual(['live:  yes  status=ok', 'ready: no (503)  status=error  database=down']);
    expect(await runCommand(['status'], fakeContext({ answer: () => live }))).toBe(0);
  });
});
