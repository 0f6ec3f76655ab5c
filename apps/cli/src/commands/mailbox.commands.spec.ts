import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { contosoId, problem, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

const mailboxId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a99';
const own = `/admin/v1/tenants/${contosoId}`;
const mailbox = { id: mailboxId, address: 'anna@contoso.example', status: 'active', addresses: [] };

describe('support commands', () => {
  it.each([
    [['suspend'], { adminState: 'suspended' }],
    [['resume'], { adminState: 'none' }],
    [['force-active'], { adminState: 'forced_active' }],
    [['hold'], { legalHold: true }],
    [['hold', '--off'], { legalHold: false }],
    [['set-kind', '--kind', 'shared'], { kind: 'shared' }],
    [['set-inactive-policy', '--policy', 'deliver'], { inactiveMailPolicy: 'deliver' }],
    [['set-inactive-policy', '--policy', 'tenant'], { inactiveMailPolicy: null }],
  ])('should send what "mailbox %s" means', async ([verb = '', ...options], body) => {
    const answer = service({ [`PATCH ${own}/mailboxes/${mailboxId}`]: { status: 200, body: mailbox } });
    const context = fakeContext({ answer });
    const args = ['mailbox', verb, 'Contoso AG', mailboxId, ...options, '--if-version', '3'];
    expect(await runCommand(args, context)).toBe(0);
    expect(context.requests.at(-1)).toEqual({
      method: 'PATCH',
      path: `${own}/mailboxes/${mailboxId}`,
      body,
      ifMatch: 3,
    });
    expect(context.out.join('\n')).toMatch(/status: +active/);
  });

  it('should exit 4 and say so when somebody else was faster', async () => {
    const refused = problem(412, 'The mailbox has changed: its version is 4, not 3. Read it again.');
    const context = fakeContext({ answer: service({ [`PATCH ${own}/mailboxes/${mailboxId}`]: refused }) });
    expect(await runCommand(['mailbox', 'suspend', 'Contoso AG', mailboxId, '--if-version', '3'], context)).toBe(4);
    expect(context.err.join('')).toContain('its version is 4');
  });

  it('should add, remove, restore and create', async () => {
    const made = { status: 201, body: mailbox };
    const context = fakeContext({
      answer: service({
        [`GET ${own}`]: { status: 200, body: { id: contosoId } },
        [`POST ${own}/mailboxes/${mailboxId}/aliases`]: made,
        [`DELETE ${own}/mailboxes/${mailboxId}/aliases/a%40b.example`]: { status: 204, body: undefined },
        [`POST ${own}/mailboxes/${mailboxId}/restore`]: { status: 200, body: mailbox },
        [`POST ${own}/mailboxes`]: made,
      }),
    });
    for (const args of [
      ['alias', 'add', contosoId, mailboxId, 'a@b.example'],
      ['alias', 'remove', contosoId, mailboxId, 'a@b.example'],
      ['restore', contosoId, mailboxId],
      ['create', contosoId, 'info@b.example', '--kind', 'shared', '--alias', 'a@b.example', '--alias', 'c@b.example'],
    ]) {
      expect([args, await runCommand(['mailbox', ...args], context)]).toEqual([args, 0]);
    }
    expect(context.requests.at(-1)?.body).toEqual({
      address: 'info@b.example',
      kind: 'shared',
      aliases: ['a@b.example', 'c@b.example'],
    });
  });

  it('should show and set the policy', async () => {
    const policy = { formerDays: 7, seatLimit: null };
    const routes = {
      [`GET ${own}/mail-policy`]: { status: 200, body: policy },
      [`PATCH ${own}/mail-policy`]: { status: 200, body: policy },
    };
    const context = fakeContext({ answer: service(routes) });
    expect(await runCommand(['policy', 'show', 'Contoso AG'], context)).toBe(0);
    expect(context.out.join('\n')).toContain('formerDays');
    const members = ['formerDays=7', 'seatLimit=null', 'emailsAsAliases=true', 'seatPolicy=hard'];
    expect(await runCommand(['policy', 'set', 'Contoso AG', ...members, '--json'], context)).toBe(0);
    const body = { formerDays: 7, seatLimit: null, emailsAsAliases: true, seatPolicy: 'hard' };
    expect(context.requests.at(-1)).toMatchObject({ method: 'PATCH', body });
    expect(await runCommand(['policy', 'set', 'Contoso AG', 'formerDays'], context)).toBe(2);
  });

  it('should show seats and intervals', async () => {
    const seats = { used: 3, limit: null, policy: 'soft', over: 0, waiting: 0, peaks: [{ month: '2026-11', peak: 4 }] };
    const interval = { id: 'i', mailboxId, from: '2026-11-01T00:00:00.000Z', to: null };
    const routes = {
      [`GET ${own}/seats`]: { status: 200, body: seats },
      [`GET ${own}/seats/intervals`]: { status: 200, body: { items: [interval] } },
    };
    const context = fakeContext({ answer: service(routes) });
    expect(await runCommand(['seats', 'show', 'Contoso AG'], context)).toBe(0);
    expect(context.out.join('\n')).toMatch(/MONTH +PEAK\n2026-11 +4/);
    const from = '2026-11-01T00:00:00Z';
    expect(await runCommand(['seats', 'intervals', 'Contoso AG', '--from', from, '--json'], context)).toBe(0);
    expect(context.requests.at(-1)?.path).toContain(`from=${encodeURIComponent(from)}`);
    expect(context.out.join('\n')).toContain(mailboxId);
  });
});
