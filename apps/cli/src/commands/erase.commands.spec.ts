import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { demo, demoId, problem, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

const path = `/admin/v1/tenants/${demoId}/erasures`;
const erasure = {
  ...{ id: 'e1', userId: 'u1', mailboxId: 'm1', reason: 'Case 1', state: 'requested', requestedBy: 'cli:ada' },
  ...{ requestedAt: '2026-11-21T00:00:00Z', expiresAt: '2026-11-28T00:00:00Z', confirmedBy: null, completedAt: null },
  counts: { users: 0 },
  notice: 'remove the assignment first',
};
const routes = {
  [`GET /admin/v1/tenants/${demoId}`]: { status: 200, body: demo },
  [`GET ${path}`]: { status: 200, body: { items: [erasure] } },
  [`GET ${path}/e1`]: { status: 200, body: erasure },
  [`POST ${path}`]: { status: 201, body: erasure },
  [`POST ${path}/e1/confirm`]: { status: 200, body: { ...erasure, state: 'done' } },
  [`POST ${path}/e1/cancel`]: { status: 200, body: { ...erasure, state: 'cancelled' } },
};

describe('cleanmail erase', () => {
  it.each([
    [
      ['request', demoId, '--user', 'u1', '--reason', 'Case 1'],
      { method: 'POST', path, body: { userId: 'u1', reason: 'Case 1' } },
    ],
    [
      ['request', demoId, '--mailbox', 'm1', '--reason', 'x'],
      { method: 'POST', path, body: { mailboxId: 'm1', reason: 'x' } },
    ],
    [['confirm', demoId, 'e1', '--yes'], { method: 'POST', path: `${path}/e1/confirm` }],
    [['cancel', demoId, 'e1'], { method: 'POST', path: `${path}/e1/cancel` }],
    [['show', demoId, 'e1'], { method: 'GET', path: `${path}/e1` }],
    [['list', demoId, '--subject', 'a@b.example'], { method: 'GET', path: `${path}?subject=a%40b.example&limit=100` }],
  ])('should ask the admin REST: %j', async (args, request) => {
    const context = fakeContext({ answer: service(routes) });
    expect(await runCommand(['erase', ...args], context)).toBe(0);
    expect(context.requests.at(-1)).toEqual(request);
    expect(context.out.join('\n')).toMatch(/cli:ada/);
  });

  it('should say what an erasure cannot do', async () => {
    const context = fakeContext({ answer: service(routes) });
    await runCommand(['erase', 'show', demoId, 'e1'], context);
    expect(context.out.join('\n')).toContain('remove the assignment first');
  });

  it('should confirm only when it is told so twice', async () => {
    const nobody = fakeContext({ answer: service(routes) });
    expect(await runCommand(['erase', 'confirm', demoId, 'e1'], nobody)).toBe(2);
    const no = fakeContext({ answer: service(routes), reply: 'n' });
    expect(await runCommand(['erase', 'confirm', demoId, 'e1'], no)).toBe(1);
    const yes = fakeContext({ answer: service(routes), reply: 'y' });
    expect(await runCommand(['erase', 'confirm', demoId, 'e1'], yes)).toBe(0);
    expect([nobody.requests, no.requests, yes.requests.length]).toEqual([[], [], 2]);
  });

  it.each([
    [['request', demoId, '--reason', 'x']],
    [['request', demoId, '--user', 'u', '--mailbox', 'm', '--reason', 'x']],
    [['request', demoId, '--user', 'u']],
  ])('should exit 2 on %j', async (args) => {
    const context = fakeContext({ answer: service(routes) });
    expect(await runCommand(['erase', ...args], context)).toBe(2);
    expect(context.requests).toEqual([]);
  });

  it('should tell who else must confirm, with exit code 4', async () => {
    const answer = problem(409, 'cli:ada asked for this erasure; somebody else must confirm it.');
    const context = fakeContext({ answer: service({ ...routes, [`POST ${path}/e1/confirm`]: answer }) });
    expect(await runCommand(['erase', 'confirm', demoId, 'e1', '--yes'], context)).toBe(4);
    expect(context.err.join('')).toContain('somebody else must confirm');
  });
});
