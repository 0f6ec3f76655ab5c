import { newId } from '@cleanmail/database';
import { expect, it } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { adminSurface, allPages, listOf, unknownId } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

interface Mailbox {
  readonly id: string;
  readonly address: string;
  readonly status: string;
  readonly statusReason: string | null;
  readonly version: number;
  readonly addresses: readonly { readonly address: string; readonly role: string; readonly state: string }[];
}

describeEachEngine('Admin REST, support of mailboxes', (engine) => {
  const surface = adminSurface(engine);

  async function open() {
    const domain = `d-${newId()}.example`;
    const client = await TenantClient.open(surface.service(), 'cleanmail', [domain]);
    const own = `/tenants/${client.tenant.id}`;
    const mailboxOf = async (address: string): Promise<Mailbox> => {
      const [mailbox] = listOf<Mailbox>(await surface.call('GET', `${own}/mailboxes?address=${address}`)).items;
      if (mailbox === undefined) throw new Error(`nobody has ${address}`);
      return mailbox;
    };
    const audit = async () =>
      listOf(await surface.call('GET', `${own}/audit-log?limit=100`)).items.map(({ action }) => action);
    return { client, own, domain, mailboxOf, audit };
  }

  const bodyOf = (answer: Exchange) => answer.body as Mailbox;

  it('should show and change the mail policy in part, and name what cannot be', async () => {
    const { own, audit } = await open();
    const first = await surface.call('GET', `${own}/mail-policy`);
    expect([first.status, first.body]).toEqual([
      200,
      {
        addressSource: 'userName', emailsAsAliases: false, unownedDomainPolicy: 'park', kindSource: 'admin',
        inactiveMailPolicy: 'reject', inactiveGraceHours: 0, formerDays: 180, deleteRetentionDays: 30, reserveDays: 90,
        eraseAfterDays: 30, noticeDays: 0, seatLimit: null, seatPolicy: 'soft', guardMaxPct: 20, guardMaxAbs: 50,
      },
    ]); // prettier-ignore
    const changed = await surface.call('PATCH', `${own}/mail-policy`, { formerDays: 7, seatLimit: 3 });
    expect(changed.body).toEqual({ ...(first.body as object), formerDays: 7, seatLimit: 3 });
    expect((await surface.call('PATCH', `${own}/mail-policy`, { seatLimit: null })).body).toMatchObject({
      seatLimit: null,
    });
    for (const [member, value] of [
      ['formerDays', -1], ['reserveDays', 1e9], ['inactiveGraceHours', 0.5], ['guardMaxPct', 101], ['seatLimit', -5], ['seatLimit', '5'],
      ['inactiveMailPolicy', 'bounce'], ['addressSource', 'mail'], ['emailsAsAliases', 'yes'], ['formerDays', null], ['colour', 'red'],
    ] as const) {
      const refused = await surface.call('PATCH', `${own}/mail-policy`, { [member]: value });
      expectProblem(refused, 400, 'invalid_request', new RegExp(member), [{ field: member, messages: expect.any(Array) }]);
    } // prettier-ignore
    expect((await surface.call('GET', `${own}/mail-policy`)).body).toEqual({
      ...(first.body as object),
      formerDays: 7,
    });
    expect((await audit()).filter((action) => action === 'mail-policy.change')).toHaveLength(2);
  });

  it('should suspend, resume, hold and re-kind a mailbox, each with its audit entry', async () => {
    const { client, own, domain, mailboxOf, audit } = await open();
    const user = await client.createUser({ userName: `anna@${domain}` });
    const { id } = await mailboxOf(`anna@${domain}`);
    const patch = (body: object) => surface.call('PATCH', `${own}/mailboxes/${id}`, body);
    expect((await patch({ adminState: 'suspended' })).body).toMatchObject({
      status: 'suspended',
      statusReason: 'admin',
      seat: false,
      version: 2,
    });
    await client.patch(user.id, { op: 'replace', path: 'active', value: true });
    expect(await mailboxOf(`anna@${domain}`)).toMatchObject({ status: 'suspended', statusReason: 'admin' });
    expect((await patch({ adminState: 'none', legalHold: true })).body).toMatchObject({
      status: 'active',
      legalHold: true,
    });
    expect((await patch({ kind: 'shared', inactiveMailPolicy: 'hold' })).body).toMatchObject({
      kind: 'shared',
      inactiveMailPolicy: 'hold',
      seat: false,
    });
    expect((await patch({ adminState: 'off' })).status).toBe(400);
    expect((await patch({ status: 'active' })).status).toBe(400);
    expect((await audit()).filter((action) => action === 'mailbox.change')).toHaveLength(3);
  });

  it('should answer 412 to the second of two people who saw the same version', async () => {
    const { client, own, domain, mailboxOf } = await open();
    await client.createUser({ userName: `anna@${domain}` });
    const { id, version } = await mailboxOf(`anna@${domain}`);
    const patch = (body: object, ifMatch: string) =>
      surface.call('PATCH', `${own}/mailboxes/${id}`, body, { 'If-Match': ifMatch });
    const answers = await Promise.all([
      patch({ adminState: 'suspended' }, `"${version}"`),
      patch({ adminState: 'forced_active' }, `W/"${version}"`),
    ]);
    const [refused] = answers.filter(({ status }) => status === 412);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expectProblem(refused as Exchange, 412, 'mailbox_changed', /its version is 2, not 1\. Read it again/);
    expectProblem(await patch({ legalHold: true }, 'one'), 400, 'invalid_if_match', /If-Match/);
    expect((await patch({ legalHold: true }, '*')).status).toBe(200);
  });

  it('should make mailboxes with aliases that users adopt, and say why not', async () => {
    const { client, own, domain, mailboxOf } = await open();
    const create = (body: object) => surface.call('POST', `${own}/mailboxes`, body);
    const made = await create({ address: `Info@${domain}`, origin: 'import', aliases: [`office@${domain}`] });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      address: `info@${domain}`,
      status: 'active',
      origin: 'import',
      kind: 'user',
      userId: null,
      seat: true,
    });
    expectProblem(await create({ address: `info@${domain}` }), 409, 'address_refused', /another mailbox has it/);
    expectProblem(await create({ address: 'info@nobody.example' }), 409, 'address_refused', /none of the mail domains/);
    expectProblem(await create({ address: 'info' }), 409, 'address_refused', /no address/);
    expect((await create({ kind: 'user' })).status).toBe(400);
    const user = await client.createUser({ userName: `info@${domain}` });
    expect(await mailboxOf(`office@${domain}`)).toMatchObject({
      id: bodyOf(made).id,
      userId: user.id,
      origin: 'import',
    });
  });

  it('should add and remove an alias, and restore a deleted mailbox', async () => {
    const { client, own, domain, mailboxOf, audit } = await open();
    const user = await client.createUser({ userName: `anna@${domain}` });
    const { id } = await mailboxOf(`anna@${domain}`);
    const aliases = `${own}/mailboxes/${id}/aliases`;
    const added = await surface.call('POST', aliases, { address: `a.meier@${domain}` });
    expect([
      added.status,
      bodyOf(added)
        .addresses.map(({ role }) => role)
        .sort(),
    ]).toEqual([201, ['alias', 'primary']]);
    expect((await surface.call('DELETE', `${aliases}/${encodeURIComponent(`A.Meier@${domain}`)}`)).status).toBe(204);
    expectProblem(await surface.call('DELETE', `${aliases}/a.meier@${domain}`), 404, 'alias_not_found', /a\.meier/);
    expectProblem(
      await surface.call('POST', `${own}/mailboxes/${id}/restore`),
      409,
      'mailbox_state',
      /only a deleted one/,
    );
    await client.remove(user.id);
    expectProblem(
      await surface.call('PATCH', `${own}/mailboxes/${id}`, { kind: 'shared' }),
      409,
      'mailbox_state',
      /restore it/,
    );
    const restored = await surface.call('POST', `${own}/mailboxes/${id}/restore`);
    expect([restored.status, bodyOf(restored).status]).toEqual([200, 'active']);
    expect(await audit()).toEqual(
      expect.arrayContaining(['mailbox.alias.add', 'mailbox.alias.remove', 'mailbox.restore']),
    );
  });

  it('should let no tenant’s path reach another tenant’s mailbox, policy or seats', async () => {
    const [one, two] = [await open(), await open()];
    await one.client.createUser({ userName: `anna@${one.domain}` });
    const { id } = await one.mailboxOf(`anna@${one.domain}`);
    const foreign = `${two.own}/mailboxes/${id}`;
    for (const answer of [
      await surface.call('PATCH', foreign, { legalHold: true }),
      await surface.call('POST', `${foreign}/restore`),
      await surface.call('POST', `${foreign}/aliases`, { address: `b@${two.domain}` }),
      await surface.call('DELETE', `${foreign}/aliases/anna@${one.domain}`),
    ]) {
      expectProblem(answer, 404, 'mailbox_not_found', /no mailbox/);
    }
    await surface.call('PATCH', `${two.own}/mail-policy`, { formerDays: 1 });
    expect((await surface.call('GET', `${one.own}/mail-policy`)).body).toMatchObject({ formerDays: 180 });
    expect((await surface.call('GET', `${two.own}/seats`)).body).toMatchObject({ used: 0 });
    expect(listOf(await surface.call('GET', `${two.own}/seats/intervals`)).items).toEqual([]);
    expect(await one.mailboxOf(`anna@${one.domain}`)).toMatchObject({ version: 1 });
    for (const path of ['mail-policy', 'seats', 'seats/intervals']) {
      expectProblem(await surface.call('GET', `/tenants/${unknownId}/${path}`), 404, 'tenant_not_found', /./);
    }
  });

  it('should keep a hard seat limit under 40 parallel POSTs that are all answered 201, and tell billing', async () => {
    const { client, own, domain } = await open();
    await surface.call('PATCH', `${own}/mail-policy`, { seatLimit: 10, seatPolicy: 'hard' });
    const posts = Array.from({ length: 40 }, (_, index) =>
      client.send('POST', '/Users', { body: { userName: `u${index}@${domain}` } }),
    );
    expect((await Promise.all(posts)).map(({ status }) => status)).toEqual(Array(40).fill(201));
    const month = new Date().toISOString().slice(0, 7);
    const seats = (await surface.call('GET', `${own}/seats?months=2`)).body as { readonly peaks: readonly object[] };
    expect(seats).toMatchObject({ used: 10, limit: 10, policy: 'hard', over: 0, waiting: 30 });
    expect(seats.peaks).toHaveLength(2);
    expect(seats.peaks.at(-1)).toEqual({ month, peak: 10 });
    expect((await allPages(surface, `${own}/seats/intervals`, 4)).map(({ length }) => length)).toEqual([4, 4, 2]);
    expect((await surface.call('GET', `${own}/seats/intervals?from=yesterday`)).status).toBe(400);
    expect((await surface.call('GET', `${own}/seats?months=0`)).status).toBe(400);
    await surface.call('PATCH', `${own}/mail-policy`, { seatLimit: 40 });
    expect((await surface.call('GET', `${own}/seats`)).body).toMatchObject({ used: 40, waiting: 0 });
  });

  it('should refuse a foreign address by SCIM where the policy says so, in words for Entra’s log', async () => {
    const { client, own } = await open();
    await surface.call('PATCH', `${own}/mail-policy`, { unownedDomainPolicy: 'reject' });
    const refused = await client.send('POST', '/Users', { body: { userName: 'bob@partner.example' } });
    expect([refused.status, refused.body]).toMatchObject([
      400,
      { scimType: 'invalidValue', detail: expect.stringContaining('"bob@partner.example" cannot be granted') },
    ]);
    expect(listOf(await surface.call('GET', `${own}/mailboxes`)).items).toEqual([]);
  });

  it('should suspend the mailboxes of a suspended tenant and resume them', async () => {
    const { client, own, domain, mailboxOf } = await open();
    await client.createUser({ userName: `anna@${domain}` });
    await surface.call('PATCH', own, { status: 'suspended' });
    expect(await mailboxOf(`anna@${domain}`)).toMatchObject({ status: 'suspended', statusReason: 'tenant' });
    await surface.call('PATCH', own, { status: 'active' });
    expect(await mailboxOf(`anna@${domain}`)).toMatchObject({ status: 'active', statusReason: null });
  });
});
