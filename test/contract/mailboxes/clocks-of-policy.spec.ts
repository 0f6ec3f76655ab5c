import { afterEach, expect, it } from '@jest/globals';
import { newId } from '@cleanmail/database';
import type { Mailbox } from '@cleanmail/mailboxes';
import { describeEachEngine } from '../../support/engines/index.js';
import { command } from '../support/commands.js';
import { domainTools, newDomainName } from '../support/domains.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';

const words = ({ status, statusReason, seat }: Mailbox) => `${status}(${statusReason})${seat ? ' seat' : ''}`;

describeEachEngine('clocks of the mail policy', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));
  const { create, mailboxOf, recipient, held } = domainTools(libs);

  async function tenantWithDomain() {
    const domain = newDomainName();
    return { domain, tenant: await createTenant(libs(), { domains: [domain] }) };
  }

  const run = async (only: string) => (await libs().clocks.run({ only, now: true }))[0];

  it('should end the grace of an inactive mailbox', async () => {
    const { tenant, domain } = await tenantWithDomain();
    await libs().policies.change(tenant, actor, { inactiveGraceHours: 1 });
    const user = await create(tenant, `anna@${domain}`);
    await libs().users.replace(tenant, command(), user.id, { userName: `anna@${domain}`, active: false });
    const { id } = await mailboxOf(tenant, user);
    expect(await run('inactive-grace')).toMatchObject({ done: 0, failed: 0 });
    expect(await recipient(`anna@${domain}`)).toMatchObject({ action: 'accept' });
    await libs().database.write((session) =>
      session.run('UPDATE mailbox_account SET grace_until = 1 WHERE id = ?', [id]),
    );
    expect(await run('inactive-grace')).toMatchObject({ done: 1, failed: 0 });
    expect(await recipient(`anna@${domain}`)).toMatchObject({ action: 'reject' });
    expect(await run('inactive-grace')).toMatchObject({ done: 0, failed: 0 });
  });

  it('should give seats that became free', async () => {
    const { tenant, domain } = await tenantWithDomain();
    await libs().policies.change(tenant, actor, { seatLimit: 1, seatPolicy: 'hard' });
    const first = await create(tenant, `first@${domain}`);
    const second = await create(tenant, `second@${domain}`);
    expect(await run('free-seats')).toMatchObject({ done: 0, failed: 0 });
    await libs().users.delete(tenant, command(), first.id);
    await run('free-seats');
    expect(words(await mailboxOf(tenant, second))).toBe('active(null) seat');
    expect(await run('free-seats')).toMatchObject({ done: 0, failed: 0 });
  });

  it('should settle what a changed policy left behind', async () => {
    const { tenant } = await tenantWithDomain();
    await libs().database.write((session) => libs().settlement.settingsChanged(tenant, session));
    await run('mail-settlement');
    const versions = 'SELECT settings_version - settled_version AS n FROM tenant_mail_counter WHERE tenant_id = ?';
    expect((await query(libs().database, versions, [tenant])).map(({ n }) => Number(n))).toEqual([0]);
    expect(await run('mail-settlement')).toMatchObject({ done: 0, failed: 0 });
  });

  it('should leave those who waited longest with the seats, when a domain is verified', async () => {
    const { tenant } = await tenantWithDomain();
    await libs().policies.change(tenant, actor, { seatLimit: 2, seatPolicy: 'hard' });
    const late = newDomainName();
    const users = [];
    for (const name of ['a', 'b', 'c']) users.push(await create(tenant, `${name}@${late}`));
    await libs().domains.add(tenant, actor, { domain: late, vouched: true });
    const found = await Promise.all(users.map((user) => mailboxOf(tenant, user)));
    expect(found.map(words)).toEqual(['active(null) seat', 'active(null) seat', 'pending(seat_limit)']);
    expect(await recipient(`postmaster@${late}`)).toMatchObject({ action: 'accept' });
    expect(await libs().seats.usage(tenant)).toMatchObject({ used: 2, waiting: 1 });
  });

  it('should grant aliases with the primary address for which they waited, and at other domains of their own', async () => {
    const { tenant, domain } = await tenantWithDomain();
    await libs().policies.change(tenant, actor, { emailsAsAliases: true });
    const late = newDomainName();
    const emails = [{ value: `alias@${late}` }, { value: `alias@${domain}` }];
    const waits = await create(tenant, `anna@${late}`, { emails, externalId: newId() });
    const named = await create(tenant, `berta@${domain}`, { emails: [{ value: `b@${late}` }] });
    expect(words(await mailboxOf(tenant, waits))).toBe('pending(domain_not_owned)');
    await libs().domains.add(tenant, actor, { domain: late, vouched: true });
    expect(held(await mailboxOf(tenant, waits))).toEqual(
      [`alias@${domain} alias live`, `alias@${late} alias live`, `anna@${late} primary live`].sort(),
    );
    expect(held(await mailboxOf(tenant, named))).toEqual(
      [`b@${late} alias live`, `berta@${domain} primary live`].sort(),
    );
    expect(await libs().domains.get(tenant, late)).toMatchObject({ waitingMailboxes: 0 });
    await run('domain-duties');
    expect(await run('domain-duties')).toMatchObject({ done: 0, failed: 0 });
  });

  it('should not look again and again for aliases that wait with a primary address elsewhere', async () => {
    const { tenant, domain } = await tenantWithDomain();
    await libs().policies.change(tenant, actor, { emailsAsAliases: true });
    await create(tenant, `anna@${newDomainName()}`, { emails: [{ value: `alias@${domain}` }] });
    await run('domain-duties');
    expect(await run('domain-duties')).toMatchObject({ done: 0, failed: 0 });
  });
});
