import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { contosoId, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

const id = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a55';
const receiver = {
  ...{ id, name: 'quarantine', url: 'https://q.example/', format: 'standard-webhooks', status: 'active' },
  ...{ tenants: null, types: null, concurrency: 8, failingSince: null },
};
const issued = { ...receiver, secret: 'whsec_c2VjcmV0' };
const own = `/admin/v1/receivers/${id}`;
const dead = {
  id: 'd',
  eventId: 'e-1',
  type: 'mailbox.deleted',
  tenantId: contosoId,
  attempts: 10,
  error: 'status 500',
};
const receipt = {
  ...{ eventId: 'e-1', type: 'mailbox.deleted', mailboxId: 'm', userId: 'u', requestedAt: '2026-11-21T10:00:00.000Z' },
  ...{ complete: false, durationMs: null, acknowledgements: [{ receiver: 'quarantine', state: 'open' }] },
};
const trial = { ok: false, status: 500, error: 'status 500', durationMs: 3 };
const routes = {
  'POST /admin/v1/receivers': { status: 201, body: issued },
  'GET /admin/v1/receivers': { status: 200, body: { items: [receiver] } },
  [`PATCH ${own}`]: { status: 200, body: { ...receiver, status: 'paused' } },
  [`DELETE ${own}`]: { status: 204, body: undefined },
  [`POST ${own}/rotate`]: { status: 201, body: issued },
  [`POST ${own}/test`]: { status: 200, body: trial },
  [`POST ${own}/replay`]: { status: 200, body: { replayed: 3 } },
  [`GET ${own}/deliveries`]: { status: 200, body: { items: [dead] } },
  [`GET /admin/v1/tenants/${contosoId}/receipts`]: { status: 200, body: { items: [receipt] } },
  'POST /admin/v1/events/deliver': {
    status: 200,
    body: { items: [{ receiver: 'quarantine', delivered: 2, failed: 1, dead: 0 }] },
  },
};
const context = () => fakeContext({ answer: service(routes) });

describe('receiver commands', () => {
  it('should add one, with tenants by their names, and print the secret once', async () => {
    const quiet = context();
    const args = ['receiver', 'add', 'quarantine', '--url', 'https://q.example/', '--tenant', 'Contoso AG'];
    expect(await runCommand([...args, '--type', 'mailbox.deleted', '--from-horizon', '--quiet'], quiet)).toBe(0);
    expect(quiet.requests.at(-1)).toMatchObject({
      method: 'POST',
      body: {
        name: 'quarantine',
        url: 'https://q.example/',
        tenants: [contosoId],
        types: ['mailbox.deleted'],
        start: 'horizon',
      },
    });
    expect(quiet.out).toEqual(['whsec_c2VjcmV0']);
    expect(await runCommand(['receiver', 'add', 'x', '--format', 'xml'], context())).toBe(2);
  });

  it('should list, show, change and rotate by name', async () => {
    const told = context();
    expect(await runCommand(['receiver', 'list'], told)).toBe(0);
    expect(told.out.join('\n')).toMatch(/quarantine +active +standard-webhooks +https:\/\/q\.example\//);
    expect(await runCommand(['receiver', 'show', 'quarantine', '--json'], told)).toBe(0);
    expect(await runCommand(['receiver', 'set', 'quarantine', '--status', 'paused', '--all-types'], told)).toBe(0);
    expect(told.requests.at(-1)).toMatchObject({ method: 'PATCH', path: own, body: { status: 'paused', types: null } });
    expect(await runCommand(['receiver', 'rotate', id, '--overlap', '0', '--quiet'], told)).toBe(0);
    expect(told.requests.at(-1)).toMatchObject({ path: `${own}/rotate`, body: { overlapSeconds: 0 } });
    expect(await runCommand(['receiver', 'set', 'quarantine'], context())).toBe(2);
    expect(await runCommand(['receiver', 'show', 'nobody'], context())).toBe(3);
  });

  it('should remove only when told so', async () => {
    const told = context();
    expect(await runCommand(['receiver', 'remove', 'quarantine'], told)).toBe(2);
    expect(told.requests).toEqual([]);
    expect(await runCommand(['receiver', 'remove', 'quarantine', '--yes'], told)).toBe(0);
    expect(told.requests.at(-1)).toMatchObject({ method: 'DELETE', path: own });
  });

  it('should exit 1 for a trial that fails, list dead events, and replay', async () => {
    const told = context();
    expect(await runCommand(['receiver', 'test', 'quarantine'], told)).toBe(1);
    expect(told.err.join('')).toContain('did not take it: status 500');
    expect(await runCommand(['receiver', 'dead', 'quarantine', '--waiting'], told)).toBe(0);
    expect(told.requests.at(-1)?.path).toContain('state=waiting');
    expect(told.out.join('\n')).toMatch(/e-1 +mailbox\.deleted .*status 500/);
    const replay = ['receiver', 'replay', 'quarantine', '--since', '2026-11-21T00:00:00Z', '--tenant', 'Contoso AG'];
    expect(await runCommand(replay, told)).toBe(0);
    expect(told.requests.at(-1)?.body).toMatchObject({ since: '2026-11-21T00:00:00.000Z', tenantId: contosoId });
    expect(told.out.at(-1)).toBe('Events of 3 tenants are sent again.');
  });

  it('should show receipts, and deliver once', async () => {
    const told = context();
    expect(await runCommand(['receipts', 'Contoso AG', '--user', 'u'], told)).toBe(0);
    expect(told.requests.at(-1)?.path).toContain('user=u');
    expect(told.out.join('\n')).toMatch(/mailbox\.deleted +m +u +no +quarantine: open/);
    expect(await runCommand(['events', 'deliver'], told)).toBe(2);
    expect(await runCommand(['events', 'deliver', '--once'], told)).toBe(0);
    expect(told.out.at(-1)).toMatch(/quarantine +2 +1 +0/);
  });
});
