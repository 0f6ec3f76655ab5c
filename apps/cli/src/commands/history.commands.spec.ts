import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { contosoId, problem, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

const mailboxId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a99';
const own = `/admin/v1/tenants/${contosoId}`;
const origin = {
  actor: { kind: 'token', name: 'token:t1', tokenPrefix: 'cm_3fA9…', tokenDescription: 'Entra' },
  why: 'SCIM modify: active',
  requestId: 'r-1',
};
const item = {
  ...origin,
  id: 'i-2',
  at: '2026-11-21T08:00:00.000Z',
  mailboxId,
  version: 2,
  changes: [
    { member: 'status', before: 'active', after: 'suspended' },
    { member: 'addresses.role', address: 'a@contoso.example', before: null, after: 'alias' },
    { member: 'addresses.localDisplay', address: null, before: 'A', after: 'a' },
  ],
  erased: ['externalId'],
  incomplete: false,
};
const made = { ...item, id: 'i-1', version: 1, changes: [], erased: [], incomplete: true, why: null, requestId: null };

describe('history commands', () => {
  it('should print who did what, when and why', async () => {
    const answer = service({
      [`GET ${own}/mailboxes/${mailboxId}/history`]: { status: 200, body: { items: [item, made] } },
    });
    const context = fakeContext({ answer });
    expect(await runCommand(['mailbox', 'history', 'Contoso AG', mailboxId], context)).toBe(0);
    expect(context.out).toEqual([
      '2026-11-21T08:00:00.000Z  v2  token cm_3fA9… (Entra)  SCIM modify: active  request r-1',
      '    status: active → suspended',
      '    addresses.role of a@contoso.example: - → alias',
      '    addresses.localDisplay of an erased address: A → a',
      '    erased: externalId',
      '2026-11-21T08:00:00.000Z  v1  token cm_3fA9… (Entra)',
      '    made before histories were kept',
    ]);
  });

  it('should print JSON, no more than the limit, of a user too', async () => {
    const answer = service({ [`GET ${own}/users/u-1/history`]: { status: 200, body: { items: [item, made] } } });
    const context = fakeContext({ answer });
    expect(await runCommand(['user', 'history', 'Contoso AG', 'u-1', '--limit', '1', '--json'], context)).toBe(0);
    expect(JSON.parse(context.out.join('\n'))).toEqual([item]);
  });

  it('should show an account as it was', async () => {
    const body = { id: mailboxId, address: 'a@contoso.example', status: 'active', addresses: [] };
    const context = fakeContext({ answer: service({ [`GET ${own}/mailboxes/${mailboxId}`]: { status: 200, body } }) });
    const at = '2026-11-20T08:00:00.000Z';
    expect(await runCommand(['mailbox', 'show', 'Contoso AG', mailboxId, '--at', at], context)).toBe(0);
    expect(context.requests.at(-1)?.path).toBe(`${own}/mailboxes/${mailboxId}?at=${encodeURIComponent(at)}`);
    expect(await runCommand(['mailbox', 'show', 'Contoso AG', mailboxId, '--at', 'once'], context)).toBe(2);
  });

  const explanation = {
    address: 'A+x@contoso.example',
    key: 'a+x@contoso.example',
    verdict: 'mailbox',
    action: 'reject',
    matchedBy: 'subaddress',
    primary: 'a@contoso.example',
    tenantId: contosoId,
    rule: { code: 'suspended_kind', text: 'The mailbox is suspended.' },
    row: { address: 'a@contoso.example', action: 'reject', version: 7, since: item.at },
    mailbox: { id: mailboxId, status: 'suspended', statusReason: 'scim', statusSince: item.at, kind: 'user', userId: null },
    by: origin,
    waiting: [{ tenantId: 't-2', mailboxId: 'm-2', role: 'primary', reason: 'address_taken', since: item.at }],
  }; // prettier-ignore

  it('should explain an address across tenants and for one', async () => {
    const answer = service({
      'GET /admin/v1/explain': { status: 200, body: explanation },
      [`GET ${own}/explain`]: {
        status: 200,
        body: {
          ...explanation,
          verdict: 'unknownDomain',
          action: null,
          matchedBy: null,
          row: undefined,
          by: undefined,
        },
      },
    });
    const context = fakeContext({ answer });
    expect(await runCommand(['explain', 'A+x@contoso.example'], context)).toBe(0);
    expect(context.requests.at(-1)?.path).toBe('/admin/v1/explain?address=A%2Bx%40contoso.example');
    const text = context.out.join('\n');
    expect(text).toMatch(/verdict: +mailbox: reject, by its subaddress address/);
    expect(text).toMatch(/why: +The mailbox is suspended\. \(suspended_kind\)/);
    expect(text).toMatch(/by: +token cm_3fA9… \(Entra\), SCIM modify: active/);
    expect(text).toMatch(/waiting 1: +mailbox m-2 of tenant t-2 \(primary\): address_taken/);
    expect(await runCommand(['explain', 'a@b.example', '--tenant', 'Contoso AG', '--json'], context)).toBe(0);
    expect(context.requests.at(-1)?.path).toBe(`${own}/explain?address=a%40b.example`);
  });

  it('should exit 3 for an account that is not there', async () => {
    const answer = service({ [`GET ${own}/mailboxes/x/history`]: problem(404, 'The tenant has no mailbox x.') });
    const context = fakeContext({ answer });
    expect(await runCommand(['mailbox', 'history', 'Contoso AG', 'x'], context)).toBe(3);
  });
});
