import { expect, it } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import { type Actor, logEntry, provisioningRequest } from '@cleanmail/journal';
import { describeEachEngine } from '../../support/engines/index.js';
import { held, tenantWithDomain } from '../mailboxes/provider.js';
import { command, groupCommand } from '../support/commands.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { dumpOfTenant, query } from '../support/rows.js';

const ada: Actor = { name: 'support:ada', requestId: 'r-ada' };
const bea: Actor = { name: 'support:bea', requestId: 'r-bea' };
const reason = 'Case 4711';

describeEachEngine('erasure on request', (engine) => {
  const libs = libsFor(engine);

  function run(sql: string, ...values: readonly (string | number | boolean)[]): Promise<number> {
    return libs().database.write((session) => session.run(sql, values));
  }

  /** A person with everything that a profile may hold, in a group, and a colleague who must keep all of it. */
  async function aPerson() {
    const provider = await tenantWithDomain(libs());
    const { create, change, mailboxOf, tenant, domain } = provider;
    const colleague = await create({ userName: `cora.colleague@${domain}`, displayName: 'Cora Colleague' });
    const person = await create({
      userName: `Zelda.Before@${domain}`,
      externalId: 'ext-of-zelda',
      displayName: 'Zelda Muster-Zeller',
      name: { givenName: 'Zelda-Given', familyName: 'Muster-Family', formatted: 'Dr. Zelda Formatted' },
      emails: [{ value: 'zelda.private@home.example', type: 'home' }],
      phoneNumbers: [{ value: '+41 44 555 66 77', type: 'work' }],
    });
    const user = await change(person, { userName: `Zelda.After@${domain}` });
    const members = [{ value: user.id }, { value: colleague.id }];
    const group = await libs().groups.create(tenant, groupCommand(), { displayName: `Team ${newId()}`, members });
    const { id: mailboxId } = await mailboxOf(user);
    await libs().support.addAlias(tenant, actor, { id: mailboxId }, `Zelda.Alias@${domain}`);
    return { ...provider, user, colleague, group, mailboxId };
  }

  /** What the log keeps of requests that failed, or that looked for somebody. */
  async function logged(tenant: TenantId, userName: string | undefined, detail: string): Promise<void> {
    const request = provisioningRequest({ tokenId: newId(), requestId: newId(), method: 'POST', operation: 'create' });
    const named = userName === undefined ? {} : { userName };
    libs().log.append(tenant, logEntry(request, { outcome: 'failure', status: 409, detail, ...named }));
    await libs().log.flush();
  }

  async function erased(tenant: TenantId, subject: { readonly userId?: string; readonly mailboxId?: string }) {
    const { id } = await libs().erasures.ask(tenant, ada, subject, reason);
    return libs().erasures.confirm(tenant, bea, id);
  }

  it('should leave nothing of the person but what a purge leaves, and all of everybody else', async () => {
    const { tenant, domain, user, colleague, group, mailboxId, mailboxOf, byId } = await aPerson();
    await logged(tenant, `ZELDA.after@${domain}`, `A user with the userName "zelda.after@${domain}" exists already.`);
    await logged(tenant, undefined, 'The value "+41 44 555 66 77" is one of Zelda Muster-Zeller.');
    await logged(tenant, 'cora', 'A user with the userName "cora" exists already.');
    const before = await query(libs().database, 'SELECT * FROM scim_user WHERE id = ?', [colleague.id]);
    const colleaguesMailbox = await mailboxOf(colleague);

    const done = await erased(tenant, { userId: user.id });

    expect(done).toMatchObject({
      ...{ state: 'done', userId: user.id, mailboxId, reason, requestedBy: ada.name, confirmedBy: bea.name },
      progress: { users: 1, mailboxes: 1, logEntries: expect.any(Number), auditEntries: 1 },
    });
    expect(done.progress.logEntries).toBeGreaterThanOrEqual(4);
    const audit = await query(libs().database, 'SELECT * FROM audit_entry WHERE tenant_id = ?', [tenant]);
    const tables = JSON.parse(await dumpOfTenant(libs().database, tenant)) as [string, object[]][];
    // What a purge keeps, until the reservation of the addresses is over: their keys, so that no stranger gets the mail.
    const dump = JSON.stringify([
      audit,
      ...tables.map(([table, rows]) =>
        table === 'mail_recipient' || table === 'mailbox_address' ? withoutKeys(rows, domain) : rows,
      ),
    ]);
    expect(dump).not.toMatch(/zelda|muster|ext-of|555 66 77|home\.example/i);
    expect(held(await byId(mailboxId)).map((line) => line.split(' ').at(-1))).toEqual([
      'reserved',
      'reserved',
      'reserved',
    ]);
    expect(await byId(mailboxId)).toMatchObject({
      status: 'purged',
      statusReason: 'request',
      scimUserId: null,
      seat: false,
    });

    expect(await query(libs().database, 'SELECT * FROM scim_user WHERE id = ?', [colleague.id])).toEqual(before);
    expect(await mailboxOf(colleague)).toEqual(colleaguesMailbox);
    expect((await libs().log.list(tenant, { user: 'cora', limit: 5 }))[0]?.detail).toContain('"cora"');
    const { members } = await libs().groups.get(tenant, group.id, { withMembers: true });
    expect(members?.map(({ id }) => id)).toEqual([colleague.id]);
  });

  it('should prove it: a certificate with both people, and an answer to who asks for the person later', async () => {
    const { tenant, domain, user, mailboxId } = await aPerson();
    const { id } = await erased(tenant, { mailboxId });
    const [row] = await query(libs().database, 'SELECT * FROM erasure_certificate WHERE tenant_id = ? AND id = ?', [
      tenant,
      id,
    ]);
    expect(row).toMatchObject({ user_id: user.id, mailbox_id: mailboxId, reason: 'request', actor: bea.name });
    expect(JSON.parse(String(row?.['details']))).toMatchObject({
      ...{ erasureId: id, requestedBy: ada.name, confirmedBy: bea.name },
      fields: expect.arrayContaining(['userName', 'addresses.localPart']),
      counts: { users: 1, mailboxes: 1 },
      subjects: expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{64}$/)]),
    });
    const about = async (subject: string, of = tenant) =>
      (await libs().erasures.list(of, { subject, limit: 5 })).map((erasure) => erasure.id);
    for (const subject of [
      `zelda.before@${domain}`,
      ` ZELDA.AFTER@${domain}`,
      'ext-of-zelda',
      'Zelda.Private@home.example',
    ]) {
      expect([subject, await about(subject)]).toEqual([subject, [id]]);
    }
    expect(await about(`cora.colleague@${domain}`)).toEqual([]);
    expect(await about(`zelda.after@${domain}`, await createTenant(libs()))).toEqual([]);
  });

  it('should hold: whoever comes back is a new user with a new mailbox', async () => {
    const { tenant, domain, user, mailboxId, create, mailboxOf } = await aPerson();
    await erased(tenant, { userId: user.id });
    const again = await create({ userName: `Zelda.After@${domain}`, externalId: 'ext-of-zelda' });
    expect(again.id).not.toBe(user.id);
    expect(await mailboxOf(again)).toMatchObject({ status: 'active' });
    expect((await mailboxOf(again)).id).not.toBe(mailboxId);
  });

  it('should take along the mailbox that the same person had before, and nobody else’s', async () => {
    const { tenant, create, remove, mailboxOf, byId, domain } = await tenantWithDomain(libs());
    const first = await create({ userName: `first@${domain}`, externalId: 'e-of-one' });
    const old = await mailboxOf(first);
    const other = await create({ userName: `other@${domain}`, externalId: 'e-of-other' });
    const others = await mailboxOf(other);
    await remove(first);
    await remove(other);
    // Support made a new one meanwhile, so that the old one was not revived.
    const next = await create({ userName: `second@${domain}` });
    await run('UPDATE scim_user SET external_id = ? WHERE id = ?', 'e-of-one', next.id);
    await run('UPDATE mailbox_account SET external_id = ? WHERE scim_user_id = ?', 'e-of-one', next.id);
    expect((await erased(tenant, { userId: next.id })).progress).toMatchObject({ users: 1, mailboxes: 2 });
    expect([(await byId(old.id)).status, (await byId(others.id)).status]).toEqual(['purged', 'deleted']);
    expect(
      await query(libs().database, "SELECT id FROM provisioning_log WHERE tenant_id = ? AND user_name LIKE 'first@%'", [
        tenant,
      ]),
    ).toEqual([]);
  });

  it('should need two people, who are told apart without regard to case and blanks', async () => {
    const { tenant, user } = await aPerson();
    const { erasures } = libs();
    const anonymous: Actor = { name: 'admin-key', requestId: 'r' };
    await expect(erasures.ask(tenant, anonymous, { userId: user.id }, reason)).rejects.toThrow(/X-Actor/);
    const { id } = await erasures.ask(tenant, ada, { userId: user.id }, reason);
    for (const same of ['support:ada', ' Support:ADA ', 'ｓupport:ada']) {
      await expect(erasures.confirm(tenant, { ...ada, name: same }, id)).rejects.toMatchObject({
        code: 'erasure_actor',
      });
    }
    await expect(erasures.confirm(tenant, anonymous, id)).rejects.toThrow(/X-Actor/);
    await expect(erasures.cancel(tenant, anonymous, id)).rejects.toThrow(/X-Actor/);
    expect(await libs().users.get(tenant, user.id)).toMatchObject({ id: user.id });
  });

  it('should answer a repeated confirmation of the same person, and refuse another one', async () => {
    const { tenant, user } = await aPerson();
    const done = await erased(tenant, { userId: user.id });
    expect(await libs().erasures.confirm(tenant, { ...bea, name: 'SUPPORT:bea' }, done.id)).toEqual(done);
    const cleo: Actor = { name: 'support:cleo', requestId: 'r' };
    await expect(libs().erasures.confirm(tenant, cleo, done.id)).rejects.toThrow(/confirmed by support:bea already/);
    await expect(libs().erasures.cancel(tenant, ada, done.id)).rejects.toMatchObject({ code: 'erasure_state' });
  });

  it('should honour a legal hold when it is asked for, when it is confirmed, and until the work begins', async () => {
    const { tenant, user, mailboxId, byId } = await aPerson();
    const { erasures, support, clocks } = libs();
    const hold = (legalHold: boolean) => support.change(tenant, actor, { id: mailboxId }, { legalHold });
    await hold(true);
    await expect(erasures.ask(tenant, ada, { userId: user.id }, reason)).rejects.toMatchObject({ code: 'legal_hold' });
    await hold(false);
    const { id } = await erasures.ask(tenant, ada, { userId: user.id }, reason);
    await hold(true);
    await expect(erasures.confirm(tenant, bea, id)).rejects.toMatchObject({ code: 'legal_hold' });
    expect((await erasures.get(tenant, id)).state).toBe('requested');
    // As if the process had died right after the confirmation, and the hold had come before the clock.
    await confirmBySql(id);
    expect(await clocks.run({ only: 'erasure-requests', now: true })).toMatchObject([{ done: 0, skipped: 1 }]);
    expect((await byId(mailboxId)).status).toBe('active');
    await hold(false);
    expect(await clocks.run({ only: 'erasure-requests', now: true })).toMatchObject([{ done: 1, skipped: 0 }]);
    expect((await erasures.get(tenant, id)).state).toBe('done');
  });

  async function confirmBySql(id: string): Promise<void> {
    await run(
      "UPDATE erasure_request SET state = 'confirmed', confirmed_by = 'support:bea', confirmed_at = 1 WHERE id = ?",
      id,
    );
  }

  it('should go on after a crash, wherever that was', async () => {
    const { tenant, user, mailboxId, byId } = await aPerson();
    const { id } = await libs().erasures.ask(tenant, ada, { userId: user.id }, reason);
    await confirmBySql(id);
    await libs().users.delete(tenant, command(), user.id);
    await libs().clocks.run({ only: 'erasure-requests', now: true });
    expect(await libs().erasures.get(tenant, id)).toMatchObject({
      state: 'done',
      progress: { users: 0, mailboxes: 1 },
    });
    expect((await byId(mailboxId)).status).toBe('purged');
    expect(await libs().log.list(tenant, { user: user.id, limit: 9 })).not.toEqual([]);
    expect(JSON.stringify(await libs().log.list(tenant, { user: user.id, limit: 9 }))).not.toMatch(/zelda/i);
  });

  it('should be taken back by either of them, and end by itself after seven days', async () => {
    const { tenant, user, mailboxId } = await aPerson();
    const { erasures } = libs();
    const first = await erasures.ask(tenant, ada, { userId: user.id }, reason);
    expect(first.expiresAt - first.requestedAt).toBe(7 * 86_400_000);
    await expect(erasures.ask(tenant, bea, { mailboxId }, reason)).rejects.toThrow(first.id);
    expect(await erasures.cancel(tenant, bea, first.id)).toMatchObject({ state: 'cancelled', cancelledBy: bea.name });
    await expect(erasures.confirm(tenant, bea, first.id)).rejects.toMatchObject({ code: 'erasure_state' });
    const second = await erasures.ask(tenant, ada, { mailboxId }, reason);
    await run('UPDATE erasure_request SET expires_at = 1 WHERE id = ?', second.id);
    expect((await erasures.get(tenant, second.id)).state).toBe('expired');
    await expect(erasures.confirm(tenant, bea, second.id)).rejects.toThrow(/within seven days/);
    expect((await erasures.list(tenant, { limit: 5 })).map(({ state }) => state)).toEqual(['cancelled', 'expired']);
    expect(await libs().users.get(tenant, user.id)).toMatchObject({ id: user.id });
  });

  it('should refuse what is no erasure of one person', async () => {
    const { tenant, domain, user, mailboxId } = await aPerson();
    const { erasures } = libs();
    const refused = async (subject: Parameters<typeof erasures.ask>[2], code: string, text = reason, of = tenant) =>
      expect(erasures.ask(of, ada, subject, text)).rejects.toMatchObject({ code });
    await refused({}, 'invalid_erasure');
    await refused({ userId: user.id, mailboxId }, 'invalid_erasure');
    await refused({ userId: newId() }, 'user_not_found');
    await refused({ mailboxId: newId() }, 'mailbox_not_found');
    await refused({ userId: user.id }, 'invalid_erasure', `Zelda.After@${domain.toUpperCase()} wants it`);
    const stranger = await createTenant(libs());
    await refused({ userId: user.id }, 'user_not_found', reason, stranger);
    await refused({ mailboxId }, 'mailbox_not_found', reason, stranger);
    const { id } = await erasures.ask(tenant, ada, { userId: user.id }, reason);
    for (const act of [
      () => erasures.confirm(stranger, bea, id),
      () => erasures.cancel(stranger, bea, id),
      () => erasures.get(stranger, id),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'erasure_not_found' });
    }
    expect(await erasures.list(stranger, { limit: 5 })).toEqual([]);
  });
});

function withoutKeys(rows: readonly object[], domain: string): readonly object[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).filter(
        ([column, value]) => !/key|local_display/.test(column) || /[A-Z]/.test(String(value).replace(domain, '')),
      ),
    ),
  );
}
