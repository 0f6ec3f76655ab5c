import { afterEach, expect, it } from '@jest/globals';
import {
  AddressRefusedError,
  AliasNotFoundError,
  InvalidMailPolicyError,
  MailboxChangedError,
  MailboxNotFoundError,
  MailboxStateError,
} from '@cleanmail/mailboxes';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';
import { held, tenantWithDomain } from './provider.js';

describeEachEngine('what support does to mailboxes', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  async function oneMailbox() {
    const provider = await tenantWithDomain(libs());
    const user = await provider.create({ userName: `anna@${provider.domain}`, externalId: 'e1' });
    const { id, rowVersion } = await provider.mailboxOf(user);
    return { ...provider, user, id, version: rowVersion };
  }

  const make = (domain: string, name: string, aliases: readonly string[] = []) =>
    ({ address: `${name}@${domain}`, kind: 'user', origin: 'manual', aliases }) as const;

  it('should leave an audit entry with before and after of what was changed', async () => {
    const { tenant, id } = await oneMailbox();
    await libs().support.change(tenant, actor, { id }, { adminState: 'suspended', legalHold: true });
    const [entry] = await libs().audit.list(tenant, { limit: 1 });
    expect(entry).toMatchObject({
      action: 'mailbox.change',
      target: id,
      actor: actor.name,
      requestId: actor.requestId,
    });
    expect(entry?.details).toEqual({
      before: { adminState: 'none', legalHold: false, status: 'active' },
      after: { adminState: 'suspended', legalHold: true, status: 'suspended' },
    });
  });

  it('should lose nobody’s change when two people act on one mailbox at once', async () => {
    const { tenant, id, byId, domain } = await oneMailbox();
    const { support } = libs();
    await Promise.all([
      support.change(tenant, actor, { id }, { kind: 'shared' }),
      support.change(tenant, actor, { id }, { legalHold: true }),
      support.change(tenant, actor, { id }, { inactiveMailPolicy: 'hold' }),
      support.addAlias(tenant, actor, { id }, `a@${domain}`),
      support.addAlias(tenant, actor, { id }, `b@${domain}`),
    ]);
    const after = await byId(id);
    expect(after).toMatchObject({ kind: 'shared', legalHold: true, inactiveMailPolicy: 'hold', rowVersion: 6 });
    expect(after.addresses).toHaveLength(3);
  });

  it('should do what exactly one of two people wants who saw the same version, and tell the other', async () => {
    const { tenant, id, version, byId } = await oneMailbox();
    const outcomes = await Promise.allSettled([
      libs().support.change(tenant, actor, { id, version }, { adminState: 'suspended' }),
      libs().support.change(tenant, actor, { id, version }, { adminState: 'forced_active' }),
    ]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(failed?.reason).toBeInstanceOf(MailboxChangedError);
    expect((await byId(id)).rowVersion).toBe(version + 1);
    expect(await libs().audit.list(tenant, { limit: 10 })).toHaveLength(2);
  });

  it('should not find a mailbox of another tenant, whatever is wanted of it', async () => {
    const { id, domain } = await oneMailbox();
    const { tenant: stranger } = await tenantWithDomain(libs());
    const { support } = libs();
    const target = { id };
    for (const attempt of [
      () => support.change(stranger, actor, target, { legalHold: true }),
      () => support.restore(stranger, actor, target),
      () => support.addAlias(stranger, actor, target, `a@${domain}`),
      () => support.removeAlias(stranger, actor, target, `anna@${domain}`),
    ]) {
      await expect(attempt()).rejects.toBeInstanceOf(MailboxNotFoundError);
    }
  });

  it('should add an alias that receives, and take it away again', async () => {
    const { tenant, id, byId, action, domain } = await oneMailbox();
    await libs().support.addAlias(tenant, actor, { id }, ` Anna.Meier@${domain.toUpperCase()} `);
    expect(held(await byId(id))).toEqual([`anna.meier@${domain} alias live`, `anna@${domain} primary live`]);
    expect(await action(`anna.meier@${domain}`)).toBe('accept');
    await libs().support.removeAlias(tenant, actor, { id }, `ANNA.meier@${domain}`);
    expect(await action(`anna.meier@${domain}`)).toBe('gone');
    for (const address of [`anna.meier@${domain}`, `anna@${domain}`, 'no address']) {
      const attempt = libs().support.removeAlias(tenant, actor, { id }, address);
      await expect(attempt).rejects.toBeInstanceOf(AliasNotFoundError);
    }
  });

  it('should keep an alias of support through what the identity provider sends', async () => {
    const { tenant, id, user, change, policy, byId, domain } = await oneMailbox();
    await policy({ emailsAsAliases: true });
    await libs().support.addAlias(tenant, actor, { id }, `mine@${domain}`);
    await change(user, { emails: [{ value: `theirs@${domain}` }] });
    await change(user, { emails: [{ value: `other@${domain}` }] });
    expect(held(await byId(id)).filter((each) => each.endsWith('alias live'))).toEqual([
      `mine@${domain} alias live`,
      `other@${domain} alias live`,
    ]);
  });

  it.each([
    ['domain_not_owned', () => 'a@partner.example'],
    ['address_taken', (domain: string) => `bob@${domain}`],
    ['invalid_syntax', () => 'anna'],
  ])('should refuse an alias that cannot be had: %s', async (reason, address) => {
    const { tenant, id, create, byId, domain } = await oneMailbox();
    await create({ userName: `bob@${domain}` });
    const attempt = libs().support.addAlias(tenant, actor, { id }, address(domain));
    await expect(attempt).rejects.toBeInstanceOf(AddressRefusedError);
    await expect(attempt).rejects.toMatchObject({ reason });
    expect((await byId(id)).rowVersion).toBe(1);
  });

  it('should make nothing of a mailbox whose alias cannot be had', async () => {
    const { tenant, domain, byAddress } = await oneMailbox();
    const attempt = libs().support.create(tenant, actor, make(domain, 'info', [`x@${domain}`, `anna@${domain}`]));
    await expect(attempt).rejects.toMatchObject({ reason: 'address_taken', address: `anna@${domain}` });
    expect(await byAddress(`info@${domain}`)).toEqual([]);
    expect(await byAddress(`x@${domain}`)).toEqual([]);
  });

  it('should make a mailbox once of twenty people who import the same one at once', async () => {
    const { tenant, domain, byAddress } = await oneMailbox();
    const attempts = Array.from({ length: 20 }, () => libs().support.create(tenant, actor, make(domain, 'info')));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(reasons.every((reason) => reason instanceof AddressRefusedError)).toBe(true);
    expect(await byAddress(`info@${domain}`)).toHaveLength(1);
  });

  it('should restore only what is deleted, with what nobody else has taken', async () => {
    const { tenant, id, user, remove, create, byId, domain } = await oneMailbox();
    await expect(libs().support.restore(tenant, actor, { id })).rejects.toBeInstanceOf(MailboxStateError);
    await libs().support.addAlias(tenant, actor, { id }, `a@${domain}`);
    await remove(user);
    const changes = [{ kind: 'shared' }, { adminState: 'suspended' }, { inactiveMailPolicy: 'hold' }] as const;
    for (const change of changes) {
      await expect(libs().support.change(tenant, actor, { id }, change)).rejects.toBeInstanceOf(MailboxStateError);
    }
    await libs().support.change(tenant, actor, { id }, { legalHold: true });
    const heir = await create({ userName: `anna@${domain}`, externalId: 'e2' });
    await libs().support.restore(tenant, actor, { id });
    const restored = await byId(id);
    expect(restored).toMatchObject({
      status: 'pending',
      statusReason: 'address_taken',
      legalHold: true,
      deletedAt: null,
    });
    expect(held(restored)).toEqual([`a@${domain} alias live`, `anna@${domain} primary released`]);
    await remove(heir);
    await libs().database.write((session) =>
      libs().pending.retry(tenant, session, id, { actor: 'clock', requestId: 'r', at: Date.now() }),
    );
    expect(await byId(id)).toMatchObject({ status: 'active', wishes: [] });
  });

  it('should change a policy in part, with an audit entry of just that, and refuse what the database would not keep', async () => {
    const { tenant, policy } = await oneMailbox();
    const before = await libs().policies.get(tenant);
    await Promise.all([policy({ formerDays: 7 }), policy({ reserveDays: 8 }), policy({ seatLimit: 9 })]);
    expect(await libs().policies.get(tenant)).toEqual({ ...before, formerDays: 7, reserveDays: 8, seatLimit: 9 });
    await policy({ seatLimit: null, seatPolicy: undefined });
    expect(await libs().policies.get(tenant)).toMatchObject({ seatLimit: null, seatPolicy: 'soft' });
    const [entry] = await libs().audit.list(tenant, { limit: 1 });
    expect(entry).toMatchObject({
      action: 'mail-policy.change',
      details: { before: { seatLimit: 9 }, after: { seatLimit: null } },
    });
    await policy({});
    expect(await libs().audit.list(tenant, { limit: 10 })).toHaveLength(5);
    const rows = await query(libs().database, 'SELECT * FROM tenant_mail_policy WHERE tenant_id = ?', [tenant]);
    expect(rows).toHaveLength(1);
    for (const refused of [{ formerDays: -1 }, { reserveDays: 1.5 }, { guardMaxPct: 101 }, { seatLimit: NaN }]) {
      await expect(policy(refused)).rejects.toBeInstanceOf(InvalidMailPolicyError);
    }
    expect(await libs().policies.get(tenant)).toMatchObject({ formerDays: 7, reserveDays: 8, guardMaxPct: 20 });
  });
});
