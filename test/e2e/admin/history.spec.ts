import { newId } from '@cleanmail/database';
import { expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { adminSurface, allPages, instant, listOf, unknownId, uuid } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

interface Item {
  readonly id: string;
  readonly at: string;
  readonly version: number | null;
  readonly why: string | null;
  readonly mailboxId: string | null;
  readonly changes: readonly object[];
}

describeEachEngine('Admin REST, history and explain', (engine) => {
  const surface = adminSurface(engine);

  async function open() {
    const domain = `d-${newId()}.example`;
    const client = await TenantClient.open(surface.service(), 'cleanmail', [domain]);
    const own = `/tenants/${client.tenant.id}`;
    const get = (path: string) => surface.call('GET', `${own}${path}`);
    const user = await client.createUser({ userName: `Anna@${domain}`, externalId: 'anna-1' });
    const { id } = await client.mailboxOf(user.id);
    const support = (method: string, path: string, body?: object) =>
      surface.call(method, `${own}/mailboxes/${id}${path}`, body, { 'X-Actor': 'console:ada' });
    return { client, own, domain, get, user, id, support };
  }

  it('should tell the history of a mailbox: who, what, when and why, newest first', async () => {
    const { client, domain, get, user, id, support, own } = await open();
    const issued = (await surface.call('POST', `${own}/tokens`, { description: 'Entra production' })).body as { readonly id: string; readonly token: string };
    await client.withToken(issued.token).patch(user.id, { op: 'replace', path: 'active', value: false });
    await support('POST', '/aliases', { address: `office@${domain}` });
    await client.patch(user.id, { op: 'replace', path: 'externalId', value: 'anna-2' });
    const items = listOf<Item>(await get(`/mailboxes/${id}/history`)).items;
    expect(items.map(({ version, why }) => [version, why])).toEqual([
      [4, 'SCIM modify: externalId'], [3, 'mailbox.alias.add'], [2, 'SCIM modify: active'], [1, expect.stringMatching(/^SCIM create: .*userName/)],
    ]);
    expect(items[1]).toEqual({
      id: expect.stringMatching(uuid),
      at: expect.stringMatching(instant),
      actor: { kind: 'support', name: 'console:ada' },
      why: 'mailbox.alias.add',
      requestId: expect.any(String),
      audit: expect.objectContaining({ action: 'mailbox.alias.add', target: id, details: { address: `office@${domain}` } }),
      mailboxId: id,
      version: 3,
      changes: expect.arrayContaining([{ member: 'addresses.role', address: `office@${domain}`, before: null, after: 'alias' }]),
      erased: [],
      incomplete: false,
    });
    expect(items[2]).toMatchObject({
      actor: { kind: 'token', name: `token:${issued.id}`, tokenPrefix: expect.stringMatching(/^cm_/), tokenDescription: 'Entra production' },
      request: { operation: 'modify', resourceId: user.id, changes: ['active'], status: 200 },
      changes: expect.arrayContaining([{ member: 'status', before: 'active', after: 'suspended' }]),
    });
    expect(items[3]).toMatchObject({
      changes: expect.arrayContaining([
        { member: 'externalId', before: null, after: 'anna-1' },
        { member: 'addresses.role', address: `anna@${domain}`, before: null, after: 'primary' },
      ]),
    });
    const pages = await allPages<Item>(surface, `${own}/mailboxes/${id}/history`, 3);
    expect(pages.map(({ length }) => length)).toEqual([3, 1]);
    expect(pages.flat()).toEqual(items);
  }); // prettier-ignore

  it('should tell the history of a user, with requests that changed no mailbox, also after the end of the user', async () => {
    const { client, get, user, own, id } = await open();
    await client.patch(user.id, { op: 'replace', path: 'displayName', value: 'Anna Meier' });
    await client.patch(user.id, { op: 'replace', path: 'active', value: 'perhaps' });
    await client.readUser(user.id);
    await client.patch(user.id, { op: 'replace', path: 'active', value: false });
    await client.remove(user.id);
    const items = listOf<Item>(await get(`/users/${user.id}/history`)).items;
    expect(items.map(({ version, why }) => [version, why?.split(':')[0]])).toEqual([
      [3, 'SCIM delete'], [2, 'SCIM modify'], [null, 'SCIM modify failed'], [null, 'SCIM modify'], [1, 'SCIM create'],
    ]);
    expect(items[2]).toMatchObject({ mailboxId: null, changes: [], request: { outcome: 'failure', status: 400 } });
    expect(items[0]).toMatchObject({ mailboxId: id, changes: expect.arrayContaining([{ member: 'scimUserId', before: user.id, after: null }]) });
    for (const limit of [1, 2]) {
      const pages = await allPages<Item>(surface, `${own}/users/${user.id}/history`, limit);
      expect(pages.flat()).toEqual(items);
    }
    expectProblem(await get(`/users/${unknownId}/history`), 404, 'user_not_found', /no user/);
  }); // prettier-ignore

  it('should show a mailbox as it was at a time', async () => {
    const { client, get, user, id, domain } = await open();
    await client.patch(user.id, { op: 'replace', path: 'userName', value: `anna.meier@${domain}` });
    const [renamed, made] = listOf<Item>(await get(`/mailboxes/${id}/history`)).items;
    const then = new Date(Date.parse(renamed?.at ?? '') - 1);
    expect((await get(`/mailboxes/${id}?at=${then.toISOString()}`)).body).toMatchObject({
      id,
      version: 1,
      address: `anna@${domain}`,
      addresses: [{ address: `anna@${domain}`, localPart: 'Anna', role: 'primary' }],
    });
    expect((await get(`/mailboxes/${id}?at=${renamed?.at ?? ''}`)).body).toEqual((await get(`/mailboxes/${id}`)).body);
    const before = new Date(Date.parse(made?.at ?? '') - 1).toISOString();
    expectProblem(await get(`/mailboxes/${id}?at=${before}`), 404, 'mailbox_not_yet', /was made at/);
    expectProblem(await get(`/mailboxes/${id}?at=yesterday`), 400, 'invalid_request', /at/, [
      { field: 'at', messages: expect.any(Array) },
    ]);
  });

  it('should explain an address: which row, which rule, since when, by whom', async () => {
    const { client, domain, user, id, get } = await open();
    await client.patch(user.id, { op: 'replace', path: 'active', value: false });
    const [suspended] = listOf<Item>(await get(`/mailboxes/${id}/history`)).items;
    const answer = await surface.call('GET', `/explain?address=${encodeURIComponent(`ANNA+x@${domain}`)}`);
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        address: `ANNA+x@${domain}`,
        key: `anna+x@${domain}`,
        verdict: 'mailbox',
        action: 'reject',
        matchedBy: 'subaddress',
        primary: `anna@${domain}`,
        tenantId: client.tenant.id,
        rule: { code: 'suspended_tenant_policy', text: expect.stringMatching(/suspended by the identity provider.*says reject/) },
        row: { address: `anna@${domain}`, action: 'reject', version: 2, since: suspended?.at },
        mailbox: { id, status: 'suspended', statusReason: 'scim', statusSince: suspended?.at, kind: 'user', userId: user.id },
        by: {
          actor: { kind: 'token', name: expect.stringMatching(/^token:/), tokenPrefix: expect.any(String) },
          why: 'SCIM modify: active',
          requestId: expect.any(String),
          request: expect.objectContaining({ operation: 'modify', changes: ['active'] }),
        },
        waiting: [],
      },
    ]);
    expect((await get(`/explain?address=anna%2Bx@${domain}`)).body).toMatchObject({ verdict: 'mailbox', action: 'reject' });
    for (const odd of ['', '@', 'anna', '"a b"@x.example', 'a\u0007@x.example', 'x'.repeat(4000)]) {
      const explained = await surface.call('GET', `/explain?address=${encodeURIComponent(odd)}`);
      expect([explained.status, explained.body]).toMatchObject([200, { verdict: 'unknownDomain', action: null, key: null }]);
    }
    expectProblem(await surface.call('GET', '/explain'), 400, 'invalid_request', /address/, [{ field: 'address', messages: expect.any(Array) }]);
    expect((await surface.plain('GET', '/admin/v1/explain?address=a@b.example')).status).toBe(401);
  }); // prettier-ignore

  it('should let no tenant’s path reach another tenant’s history, nor tell of its addresses', async () => {
    const [one, two] = [await open(), await open()];
    for (const path of [`/mailboxes/${one.id}/history`, `/mailboxes/${one.id}?at=${new Date().toISOString()}`]) {
      expectProblem(await two.get(path), 404, 'mailbox_not_found', /no mailbox/);
    }
    expectProblem(await two.get(`/users/${one.user.id}/history`), 404, 'user_not_found', /no user/);
    const explained = await two.get(`/explain?address=anna@${one.domain}`);
    expect([explained.status, explained.body]).toMatchObject([200, { verdict: 'unknownDomain', tenantId: null }]);
    expect(explained.text).not.toContain(one.client.tenant.id);
    expect(explained.text).not.toContain(one.id);
    for (const path of [`mailboxes/${one.id}/history`, `users/${one.user.id}/history`, 'explain?address=a@b.example']) {
      expectProblem(await surface.call('GET', `/tenants/${unknownId}/${path}`), 404, 'tenant_not_found', /./);
    }
  });
});
