import { newId } from '@cleanmail/database';
import { historyPosition, type HistoryEntry, type Mailbox, type MailboxAddress } from '@cleanmail/mailboxes';
import { expect, it } from '@jest/globals';
import { command } from '../support/commands.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';
import { providerOf, tenantWithDomain } from './provider.js';

describeEachEngine('the history of a mailbox', (engine) => {
  const libs = libsFor(engine);

  const told = (entries: readonly HistoryEntry[]) =>
    entries.map(({ version, actor: who, changes }) => [version, who?.split(':')[0], words(changes)]);
  const words = (changes: HistoryEntry['changes']) =>
    changes.map(({ member, address, before, after }) =>
      [member, address, `${text(before)}>${text(after)}`].filter((word) => word !== undefined).join(' '),
    );
  const text = (value: unknown) =>
    typeof value === 'string' || value === null ? String(value) : JSON.stringify(value);

  /** A person whose mailbox went through everything, with what it was after each step. */
  async function eventfulLife() {
    const provider = await tenantWithDomain(libs());
    const { tenant, create, change, remove, mailboxOf, byId, domain, policy } = provider;
    await policy({ emailsAsAliases: true, inactiveGraceHours: 1 });
    const externalId = newId();
    const anna = await create({ userName: `Anna@${domain}`, externalId });
    const { id } = await mailboxOf(anna);
    const then: Mailbox[] = [await byId(id)];
    const step = async (work: Promise<unknown>) => {
      await work;
      then.push(await byId(id));
    };
    const { support } = libs();
    await step(change(anna, { emails: [{ value: `a@${domain}`, type: 'work' }] }));
    await step(change(anna, { userName: `anna.meier@${domain}` }));
    await step(change(anna, { userName: `ANNA.Meier@${domain}` }));
    await step(support.change(tenant, actor, { id }, { kind: 'shared', inactiveMailPolicy: 'hold' }));
    await step(change(anna, { active: false }));
    await step(support.addAlias(tenant, actor, { id }, `office@${domain}`));
    await step(change(anna, { userName: 'anna@partner.example' }));
    await step(support.change(tenant, actor, { id }, { legalHold: true }));
    await step(remove(anna));
    const again = await create({ userName: `anna.meier@${domain}`, externalId });
    then.push(await byId(id));
    await step(change(again, { externalId: `${externalId}-new` }));
    return { ...provider, anna, again, id, then };
  }

  it('should say who did what, newest first, from the making on', async () => {
    const { tenant, create, change, mailboxOf, domain } = await tenantWithDomain(libs());
    const anna = await create({ userName: `anna@${domain}`, externalId: 'anna-1' });
    const { id } = await mailboxOf(anna);
    await change(anna, { active: false });
    await libs().support.change(tenant, actor, { id }, { adminState: 'forced_active' });
    await change(anna, { externalId: 'anna-2' });
    const entries = await libs().history.entries(tenant, id, { limit: 10 });
    expect(told(entries)).toEqual([
      [4, 'token', ['externalId anna-1>anna-2']],
      [3, 'support', ['adminState none>forced_active', 'status suspended>active', 'statusReason scim>admin', 'seat false>true', expect.stringMatching(/^seatSince null>\d+$/)]],
      [2, 'token', ['scimActive true>false', 'status active>suspended', 'statusReason null>scim', 'seat true>false', expect.stringMatching(/^seatSince \d+>null$/)]],
      [1, 'token', expect.arrayContaining([
        `scimUserId null>${anna.id}`, 'externalId null>anna-1', 'status null>active', 'scimActive null>true', 'seat null>true',
        `addresses.role anna@${domain} null>primary`, `addresses.state anna@${domain} null>live`,
      ])],
    ]); // prettier-ignore
    expect(entries.map(({ requestId }) => requestId)).toEqual([
      expect.any(String), actor.requestId, expect.any(String), expect.any(String),
    ]); // prettier-ignore
    expect(new Set(entries.map(({ userId }) => userId))).toEqual(new Set([anna.id]));
    expect(entries.map(({ id: key }) => key)).toEqual([...entries.map(({ id: key }) => key)].sort().reverse());
  });

  it('should give every state back by undoing the changes from the newest on', async () => {
    const { tenant, id, then } = await eventfulLife();
    expect(then.map(({ rowVersion }) => rowVersion)).toEqual(then.map((_, index) => index + 1));
    // Versions of one millisecond cannot be told apart by time: each gets a time of its own.
    await libs().database.write(async (session) => {
      await session.run('UPDATE mailbox_history SET at = version * 1000 WHERE tenant_id = ? AND mailbox_id = ?', [tenant, id]);
      await session.run('UPDATE mailbox_account SET created_at = 1000 WHERE tenant_id = ? AND id = ?', [tenant, id]);
    }); // prettier-ignore
    for (const state of then) {
      const at = await libs().history.at(tenant, id, state.rowVersion * 1000 + 500);
      expect(sorted({ ...at, createdAt: 0 })).toEqual(sorted({ ...state, createdAt: 0 }));
    }
    await expect(libs().history.at(tenant, id, 999)).rejects.toMatchObject({ code: 'mailbox_not_yet' });
    await expect(libs().history.at(tenant, newId(), 999)).rejects.toMatchObject({ code: 'mailbox_not_found' });
  });

  it('should go on by cursor, without a gap and without telling anything twice', async () => {
    const { tenant, id } = await eventfulLife();
    const whole = await libs().history.entries(tenant, id, { limit: 100 });
    const parts: HistoryEntry[] = [];
    for (let last: HistoryEntry | undefined; parts.length === 0 || last !== undefined;) {
      const before = last === undefined ? {} : { before: historyPosition(last.id) };
      const page = await libs().history.entries(tenant, id, { ...before, limit: 5 });
      parts.push(...page);
      last = page.at(-1);
    }
    expect(parts).toEqual(whole);
    expect(whole.map(({ version }) => version)).toEqual(whole.map((_, index) => whole.length - index));
  });

  it('should part a mailbox between the users who had it, also after their end', async () => {
    const { tenant, anna, again, id } = await eventfulLife();
    const whole = await libs().history.entries(tenant, id, { limit: 100 });
    const versions = async (user: string) =>
      (await libs().history.entriesOfUser(tenant, user, { limit: 100 })).map(({ version }) => version);
    const revived = whole.find(({ changes }) => changes.some(({ after }) => after === again.id))?.version ?? 0;
    expect(await versions(again.id)).toEqual(whole.filter(({ version }) => version >= revived).map(({ version }) => version));
    expect(await versions(anna.id)).toEqual(whole.filter(({ version }) => version < revived).map(({ version }) => version));
    expect(await versions(newId())).toEqual([]);
    const quiet = await libs().users.create(tenant, command(), { userName: `${newId()}@x.example` });
    expect(await versions(quiet.id)).toEqual([1]);
  }); // prettier-ignore

  it('should forget what says something about the person when the mailbox is purged, and nothing else', async () => {
    const { tenant, again, id, remove, domain } = await eventfulLife();
    await remove(again);
    const before = await libs().history.entries(tenant, id, { limit: 100 });
    expect(JSON.stringify(before)).toContain('-new');
    await libs().support.change(tenant, actor, { id }, { legalHold: false });
    await libs().database.write((session) =>
      session.run('UPDATE mailbox_account SET purge_after = 1 WHERE id = ?', [id]),
    );
    await libs().clocks.run({ only: 'mailbox-purge', now: true });
    const [kept] = await query(libs().database, 'SELECT COUNT(*) AS n FROM mailbox_history WHERE mailbox_id = ? AND personal IS NOT NULL', [id]);
    expect(kept?.['n']).toBe(0);
    const after = await libs().history.entries(tenant, id, { limit: 100 });
    expect(after.map(({ version }) => version)).toEqual([before.length + 2, before.length + 1, ...before.map(({ version }) => version)]);
    expect(after[0]).toMatchObject({ actor: 'clock:mailbox-purge', erased: expect.arrayContaining(['externalId']) });
    expect(JSON.stringify(after)).not.toMatch(/-new|Anna|ANNA|partner/);
    expect(JSON.stringify(after)).toContain(`anna.meier@${domain}`);
    await expectMailConsistent(libs().database);
  }); // prettier-ignore

  it('should say so when a mailbox is older than its history', async () => {
    const { tenant, id, then } = await eventfulLife();
    await libs().database.write(async (session) => {
      await session.run('DELETE FROM mailbox_history WHERE mailbox_id = ? AND version < 5', [id]);
      await session.run('UPDATE mailbox_history SET at = version * 1000 WHERE mailbox_id = ?', [id]);
      await session.run('UPDATE mailbox_account SET created_at = 1, created_by = NULL, created_request = NULL WHERE id = ?', [id]);
    }); // prettier-ignore
    const entries = await libs().history.entries(tenant, id, { limit: 100 });
    expect(entries.at(-1)).toMatchObject({ version: 1, actor: null, requestId: null, isIncomplete: true, changes: [] });
    expect(entries).toHaveLength(then.length - 4 + 1);
    await expect(libs().history.at(tenant, id, 4999)).rejects.toMatchObject({ code: 'history_unknown' });
    expect(await libs().history.at(tenant, id, 5000)).toMatchObject({ rowVersion: 5 });
  });

  it('should cost a new mailbox no row, and a change of many mailboxes one each', async () => {
    const { tenant, create, policy, mailboxOf, domain } = await tenantWithDomain(libs());
    const users = await Promise.all(Array.from({ length: 12 }, (_, index) => create({ userName: `u${index}@${domain}` })));
    const count = async () =>
      Number((await query(libs().database, 'SELECT COUNT(*) AS n FROM mailbox_history WHERE tenant_id = ?', [tenant]))[0]?.['n']);
    expect(await count()).toBe(0);
    await libs().tenants.change(tenant, actor, { status: 'suspended' });
    expect(await count()).toBe(12);
    await policy({ inactiveMailPolicy: 'defer' });
    expect(await count()).toBe(12);
    const [first] = users;
    if (first !== undefined) {
      const [entry] = await libs().history.entries(tenant, (await mailboxOf(first)).id, { limit: 1 });
      expect(entry).toMatchObject({ actor: actor.name, requestId: actor.requestId, version: 2 });
    }
  }); // prettier-ignore

  it('should know no mailbox and no user of another tenant', async () => {
    const { tenant, anna, id } = await eventfulLife();
    const other = providerOf(libs(), await createTenant(libs())).tenant;
    await expect(libs().history.entries(other, id, { limit: 10 })).rejects.toMatchObject({ code: 'mailbox_not_found' });
    await expect(libs().history.at(other, id, Date.now())).rejects.toMatchObject({ code: 'mailbox_not_found' });
    expect(await libs().history.entriesOfUser(other, anna.id, { limit: 10 })).toEqual([]);
    expect(await libs().history.writerAt(other, id, Date.now())).toBeUndefined();
    await libs().database.write((session) => libs().history.redact(other, session, id));
    expect(JSON.stringify(await libs().history.entries(tenant, id, { limit: 100 }))).toContain('-new');
  });
});

function sorted(mailbox: Mailbox): Mailbox {
  const byId = (a: MailboxAddress, b: MailboxAddress) => (a.id < b.id ? -1 : 1);
  return { ...mailbox, addresses: [...mailbox.addresses].sort(byId) };
}
