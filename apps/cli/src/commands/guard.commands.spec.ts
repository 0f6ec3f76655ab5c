import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { contosoId, problem, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

const batchId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a77';
const own = `/admin/v1/tenants/${contosoId}/guard-batches`;
const batch = {
  id: batchId,
  status: 'open',
  threshold: 50,
  deactivations: 950,
  deletions: 2,
  openedAt: '2026-11-21T10:00:00.000Z',
  decidedAt: null,
  decidedBy: null,
  settledAt: null,
};
const mailbox = { id: 'm', address: 'a@b.example', status: 'active', statusReason: 'guard_held', userId: null };
const routes = {
  [`GET ${own}`]: { status: 200, body: { items: [batch] } },
  [`GET ${own}/${batchId}`]: { status: 200, body: batch },
  [`GET ${own}/${batchId}/mailboxes`]: { status: 200, body: { items: [mailbox] } },
  [`POST ${own}/${batchId}/release`]: { status: 200, body: { ...batch, status: 'released' } },
  [`POST ${own}/${batchId}/reject`]: { status: 200, body: { ...batch, status: 'rejected' } },
};

describe('guard commands', () => {
  it('should list batches and their accounts, and show one', async () => {
    const context = fakeContext({ answer: service(routes) });
    expect(await runCommand(['guard', 'list', 'Contoso AG', '--status', 'open'], context)).toBe(0);
    expect(context.requests.at(-1)?.path).toContain('status=open');
    expect(context.out.join('\n')).toMatch(/open +950 +2 +50/);
    expect(await runCommand(['guard', 'mailboxes', 'Contoso AG', batchId], context)).toBe(0);
    expect(context.out.join('\n')).toMatch(/a@b\.example +active +guard_held +deleted/);
    expect(await runCommand(['guard', 'show', 'Contoso AG', batchId, '--json'], context)).toBe(0);
    expect(context.out.join('\n')).toContain('"deactivations": 950');
    expect(await runCommand(['guard', 'list', 'Contoso AG', '--status', 'lost'], context)).toBe(2);
  });

  it.each(['release', 'reject'])('should %s a batch when told so', async (verb) => {
    const context = fakeContext({ answer: service(routes) });
    expect(await runCommand(['guard', verb, 'Contoso AG', batchId, '--yes'], context)).toBe(0);
    expect(context.requests.at(-1)).toMatchObject({ method: 'POST', path: `${own}/${batchId}/${verb}` });
    expect(context.out.join('\n')).toMatch(verb === 'release' ? /status: +released/ : /status: +rejected/);
  });

  it('should do nothing without a yes, and exit 4 for one that was decided', async () => {
    const refused = problem(409, 'The guard batch was released by anna and cannot be decided again.');
    const context = fakeContext({ answer: service({ ...routes, [`POST ${own}/${batchId}/reject`]: refused }) });
    expect(await runCommand(['guard', 'release', 'Contoso AG', batchId], context)).toBe(2);
    expect(context.requests).toEqual([]);
    expect(await runCommand(['guard', 'reject', 'Contoso AG', batchId, '--yes'], context)).toBe(4);
    expect(context.err.join('')).toContain('released by anna');
  });
});
