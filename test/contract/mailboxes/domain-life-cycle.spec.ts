import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import {
  DomainExistsError,
  DomainHasClaimsError,
  DomainInUseError,
  DomainNotFoundError,
  DomainNotVerifiedError,
  DomainStateError,
  InvalidDomainError,
} from '@cleanmail/mailboxes';
import { TenantNotFoundError } from '@cleanmail/tenants';
import { type DnsServer, startDnsServer } from '../../support/dns-server.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, replacing } from '../support/commands.js';
import { domainTools, newDomainName, proofOf } from '../support/domains.js';
import { actor, createTenant, libsFor, withSecondNode } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { dumpOfTenant, query } from '../support/rows.js';

describeEachEngine('the life of a domain', (engine) => {
  let dns: DnsServer;
  beforeAll(async () => {
    dns = await startDnsServer();
  });
  const libs = libsFor(engine, () => [dns.address]);
  afterAll(() => dns.close());
  afterEach(() => expectMailConsistent(libs().database));
  const { create, mailboxOf, held, recipient, relayDomains, events, feedVersion } = domainTools(libs);

  const own = () => createTenant(libs(), { domains: [newDomainName()] });

  /** Adds a domain and publishes its proof. */
  async function provable(tenant: TenantId, domain: string) {
    const added = await libs().domains.add(tenant, actor, { domain });
    dns.zone.set(...proofOf(added));
    return added;
  }

  const audit = async (tenant: TenantId) =>
    (await libs().audit.list(tenant, { limit: 100 })).map(({ action }) => action).reverse();

  it('should be pending until its DNS proves it, and say what to publish', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    const added = await libs().domains.add(tenant, actor, { domain });
    expect(added).toMatchObject({ name: domain, status: 'pending', verifiedAt: null, verifiedBy: null });
    expect(await relayDomains(tenant)).toHaveLength(1);
    const refused = libs().domains.verify(tenant, actor, domain);
    await expect(refused).rejects.toBeInstanceOf(DomainNotVerifiedError);
    await expect(refused).rejects.toThrow(`"cleanmail-verification=${added.verifyToken}"`);
    expect(await libs().domains.get(tenant, domain)).toMatchObject({
      status: 'pending',
      lastCheckAt: expect.any(Number),
    });
    dns.zone.set(...proofOf(added));
    const verified = await libs().domains.verify(tenant, actor, domain);
    expect(verified).toMatchObject({ id: added.id, status: 'verified', verifiedBy: 'dns', checkFailedSince: null });
    expect(verified.settledAt).not.toBeNull();
    expect(await audit(tenant)).toEqual(['tenant.create', 'domain.add', 'domain.verify']);
  });

  it('should be verified at once when support staff vouch for it', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    const added = await libs().domains.add(tenant, actor, { domain, vouched: true });
    expect(added).toMatchObject({ status: 'verified', verifiedBy: 'vouched' });
    const later = newDomainName();
    await libs().domains.add(tenant, actor, { domain: later });
    const verified = await libs().domains.verify(tenant, actor, later, { vouched: true });
    expect(verified).toMatchObject({ status: 'verified', verifiedBy: 'vouched' });
  });

  it('The domain is later verified: pending mailboxes become active in first_seen order, one event each, within one job', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    await provable(tenant, domain);
    const users = [];
    for (let count = 0; count < 95; count += 1) users.push(await create(tenant, `u${count}@${domain}`));
    const elsewhere = await create(tenant, `u@other.${domain}`);
    const before = (await events(tenant)).length;
    expect(await libs().domains.get(tenant, domain)).toMatchObject({ waitingMailboxes: 95 });
    await libs().domains.verify(tenant, actor, domain);
    const mailboxes = await Promise.all(users.map((user) => mailboxOf(tenant, user)));
    expect(mailboxes.map(({ status, wishes }) => [status, wishes])).toEqual(users.map(() => ['active', []]));
    const activated = (await events(tenant)).slice(before).filter(({ type }) => type === 'mailbox.activated');
    const roles = (await libs().mailboxes.list(tenant, { kind: 'role', limit: 10 })).map(({ id }) => id);
    expect(activated.map(({ mailbox_id: id }) => id).filter((id) => !roles.includes(String(id)))).toEqual(
      mailboxes.map(({ id }) => id),
    );
    expect(await recipient(`u94@${domain}`)).toMatchObject({ action: 'accept', tenant_id: tenant });
    expect(await mailboxOf(tenant, elsewhere)).toMatchObject({ status: 'pending' });
  });

  it('should release waiting mailboxes once when two nodes do it at once, with users arriving meanwhile', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    await provable(tenant, domain);
    const waiting = await Promise.all(Array.from({ length: 60 }, (_, index) => create(tenant, `u${index}@${domain}`)));
    await withSecondNode(
      engine,
      libs(),
      async (second) => {
        const [, , late] = await Promise.all([
          libs().domains.verify(tenant, actor, domain),
          second.domains.verify(tenant, actor, domain),
          Promise.all(Array.from({ length: 20 }, (_, index) => create(tenant, `late${index}@${domain}`))),
        ]);
        await libs().clocks.run({ only: 'domain-duties', now: true });
        for (const user of [...waiting, ...late]) {
          const { id, status } = await mailboxOf(tenant, user);
          expect(status).toBe('active');
          const own = (await events(tenant))
            .filter(({ mailbox_id: mailbox }) => mailbox === id)
            .map(({ type }) => type);
          expect(own.filter((type) => type === 'mailbox.activated')).toHaveLength(1);
        }
      },
      [dns.address],
    );
  });

  it('should go on with a release that broke off, from the clock of any node', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    await libs().domains.add(tenant, actor, { domain });
    const user = await create(tenant, `u@${domain}`);
    await libs().database.write(async (session) => {
      await session.run("UPDATE mail_domain SET status = 'verified' WHERE tenant_id = ? AND name_ascii = ?", [
        tenant,
        domain,
      ]);
      await session.run(
        "INSERT INTO mail_relay_domain (name, tenant_id, unknown_recipient_policy, active, version) VALUES (?, ?, 'defer', 1, 0)",
        [domain, tenant],
      );
    });
    expect(await mailboxOf(tenant, user)).toMatchObject({ status: 'pending' });
    await libs().clocks.run({ only: 'domain-duties', now: true });
    expect(await mailboxOf(tenant, user)).toMatchObject({ status: 'active' });
    expect(await recipient(`abuse@${domain}`)).toMatchObject({ action: 'accept' });
  });

  it('should rename a mailbox whose wish at the new domain can be granted, and keep the old address as former', async () => {
    const domain = newDomainName();
    const tenant = await createTenant(libs(), { domains: [domain] });
    const next = newDomainName();
    await provable(tenant, next);
    const user = await create(tenant, `anna@${domain}`);
    await libs().users.modify(tenant, command(), user.id, replacing({ userName: `anna@${next}` }));
    await libs().domains.verify(tenant, actor, next);
    expect(held(await mailboxOf(tenant, user))).toEqual(
      [`anna@${domain} former live`, `anna@${next} primary live`].sort(),
    );
  });

  it('Two tenants verify one domain at once: exactly one wins ("domain in use, contact support")', async () => {
    for (let round = 0; round < 3; round += 1) {
      const domain = newDomainName();
      const tenants = [await own(), await own()];
      const txt = [];
      for (const tenant of tenants) txt.push(...proofOf(await libs().domains.add(tenant, actor, { domain }))[1].txt);
      dns.zone.set(`_cleanmail.${domain}`, { txt });
      const outcomes = await Promise.allSettled(tenants.map((tenant) => libs().domains.verify(tenant, actor, domain)));
      const lost = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []));
      expect(lost).toEqual([expect.any(DomainInUseError)]);
      expect(String(lost[0])).toContain('belongs to another tenant; contact support');
      const owners = await query(libs().database, 'SELECT tenant_id FROM mail_domain WHERE owner_key = ?', [domain]);
      expect(owners).toHaveLength(1);
    }
  });

  it('Tenant B has the domain pending and POSTs ceo@: no claim, no error, tenant A unaffected', async () => {
    const [domain, b] = [newDomainName(), await own()];
    await libs().domains.add(b, actor, { domain });
    const a = await createTenant(libs(), { domains: [domain] });
    const ceo = await create(a, `ceo@${domain}`);
    const intruder = await create(b, `ceo@${domain}`);
    expect(await mailboxOf(b, intruder)).toMatchObject({
      status: 'pending',
      statusReason: 'domain_not_owned',
      addresses: [],
    });
    expect(await mailboxOf(a, ceo)).toMatchObject({ status: 'active' });
    expect(await recipient(`ceo@${domain}`)).toMatchObject({ tenant_id: a, action: 'accept' });
  });

  it('should refuse to add a domain that another tenant owns, and create nothing', async () => {
    const domain = newDomainName();
    await createTenant(libs(), { domains: [domain] });
    const tenant = await own();
    const before = await dumpOfTenant(libs().database, tenant);
    for (const vouched of [false, true]) {
      const refused = libs().domains.add(tenant, actor, { domain, vouched });
      await expect(refused).rejects.toBeInstanceOf(DomainInUseError);
    }
    expect(await dumpOfTenant(libs().database, tenant)).toBe(before);
  });

  it.each(['bücher', 'xn--bcher-kva', 'BÜCHER', 'bücher-trailing.'])(
    'IDN domain typed as U-label, A-label, upper case, trailing dot: one domain (%s)',
    async (label) => {
      const tenant = await own();
      const suffix = newDomainName();
      const typed = label.endsWith('.') ? `bücher.${suffix}.` : `${label}.${suffix}`;
      const added = await libs().domains.add(tenant, actor, { domain: typed, vouched: true });
      expect(added).toMatchObject({ name: `bücher.${suffix}`, nameAscii: `xn--bcher-kva.${suffix}` });
      for (const form of [`bücher.${suffix}`, `XN--bcher-KVA.${suffix}`, `Bücher.${suffix}.`]) {
        expect(await libs().domains.get(tenant, form)).toMatchObject({ id: added.id });
        await expect(libs().domains.add(tenant, actor, { domain: form })).rejects.toBeInstanceOf(DomainExistsError);
      }
      const names = (await relayDomains(tenant)).map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining([`bücher.${suffix}`, `xn--bcher-kva.${suffix}`]));
      const user = await create(tenant, `hans@BÜCHER.${suffix}`);
      expect(held(await mailboxOf(tenant, user))).toEqual([`hans@xn--bcher-kva.${suffix} primary live`]);
    },
  );

  it('Domain released with live claims: refused with a remedy; released once they are gone', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    await libs().domains.add(tenant, actor, { domain, vouched: true });
    const user = await create(tenant, `a@${domain}`);
    await libs().users.modify(tenant, command(), user.id, replacing({ userName: `b@${domain}` }));
    const refused = libs().releases.release(tenant, actor, domain, { includeFormer: true });
    await expect(refused).rejects.toBeInstanceOf(DomainHasClaimsError);
    await expect(refused).rejects.toThrow('1 live and 1 former or reserved addresses rest on');
    expect(held(await mailboxOf(tenant, user))).toHaveLength(2);
    await libs().users.delete(tenant, command(), user.id);
    await expect(libs().releases.release(tenant, actor, domain)).rejects.toThrow('release with "includeFormer"');
    expect(await libs().releases.release(tenant, actor, domain, { includeFormer: true })).toMatchObject({
      status: 'released',
    });
    expect(await recipient(`postmaster@${domain}`)).toMatchObject({ action: 'gone' });
    expect((await relayDomains(tenant)).map(({ name }) => name)).not.toContain(domain);
    expect((await libs().domains.list(tenant, { limit: 10 })).map(({ name }) => name)).not.toContain(domain);
    const [again] = [await libs().domains.add(await own(), actor, { domain, vouched: true })];
    expect(again).toMatchObject({ status: 'verified' });
  });

  it('should want a new proof of a domain that was released and is added again', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    await provable(tenant, domain);
    await libs().domains.verify(tenant, actor, domain);
    await libs().releases.release(tenant, actor, domain);
    await expect(libs().domains.verify(tenant, actor, domain)).rejects.toBeInstanceOf(DomainStateError);
    expect(await libs().domains.add(tenant, actor, { domain })).toMatchObject({ status: 'pending' });
    await expect(libs().domains.verify(tenant, actor, domain)).rejects.toBeInstanceOf(DomainNotVerifiedError);
  });

  it('should never answer a claim with an error while the domain is being released', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [tenant, domain] = [await own(), newDomainName()];
      await libs().domains.add(tenant, actor, { domain, vouched: true });
      const [released, ...users] = await Promise.allSettled([
        libs().releases.release(tenant, actor, domain),
        ...Array.from({ length: 4 }, (_, index) => create(tenant, `u${index}@${domain}`)),
      ]);
      expect(users.map(({ status }) => status)).toEqual(users.map(() => 'fulfilled'));
      const { status } = await libs().domains.get(tenant, domain);
      expect(status).toBe(released.status === 'fulfilled' ? 'released' : 'verified');
    }
  });

  it.each([3, 60])(
    'A transfer of %i mailboxes is one change of owner; at no moment two tenants accept an address',
    async (size) => {
      const [from, to, domain] = [await own(), await own(), newDomainName()];
      await libs().domains.add(from, actor, { domain, vouched: true });
      await libs().domains.set(from, actor, domain, {
        nextHop: 'smtp:[mx.example]:25',
        unknownRecipientPolicy: 'reject',
      });
      const theirs = await Promise.all(Array.from({ length: size }, (_, index) => create(from, `u${index}@${domain}`)));
      const ours = await Promise.all(Array.from({ length: size }, (_, index) => create(to, `u${index}@${domain}`)));
      const moved = libs().transfers.transfer(from, actor, domain, to);
      const late = create(from, `late@${domain}`);
      expect(await moved).toMatchObject({ status: 'verified', verifiedBy: 'vouched', nextHop: 'smtp:[mx.example]:25' });
      await late;
      for (const user of ours) expect(await mailboxOf(to, user)).toMatchObject({ status: 'active' });
      for (const user of theirs) {
        expect(await mailboxOf(from, user)).toMatchObject({ status: 'pending', statusReason: 'domain_not_owned' });
      }
      expect(await recipient(`u0@${domain}`)).toMatchObject({ tenant_id: to, action: 'accept' });
      expect(await recipient(`postmaster@${domain}`)).toMatchObject({ tenant_id: to, action: 'accept' });
      expect((await relayDomains(to)).find(({ name }) => name === domain)).toMatchObject({
        active: 1,
        next_hop: 'smtp:[mx.example]:25',
        unknown_recipient_policy: 'reject',
      });
      expect(await libs().domains.get(from, domain)).toMatchObject({ status: 'released', transferTo: null });
      expect((await audit(from)).at(-1)).toBe('domain.transfer');
      expect((await audit(to)).at(-1)).toBe('domain.receive');
    },
  );

  it('should finish a transfer that broke off, refuse another receiver, and let nobody claim there meanwhile', async () => {
    const [from, to, other, domain] = [await own(), await own(), await own(), newDomainName()];
    await libs().domains.add(from, actor, { domain, vouched: true });
    await create(from, `a@${domain}`);
    await libs().database.write((session) =>
      session.run('UPDATE mail_domain SET transfer_to = ? WHERE tenant_id = ? AND name_ascii = ?', [to, from, domain]),
    );
    const late = await create(from, `b@${domain}`);
    expect(await mailboxOf(from, late)).toMatchObject({ status: 'pending', statusReason: 'domain_not_owned' });
    await expect(libs().transfers.transfer(from, actor, domain, other)).rejects.toBeInstanceOf(DomainStateError);
    await expect(libs().domains.suspend(from, actor, domain)).rejects.toBeInstanceOf(DomainStateError);
    await libs().clocks.run({ only: 'domain-transfers', now: true });
    expect(await libs().domains.get(to, domain)).toMatchObject({ status: 'verified' });
  });

  it('should call a transfer off whose receiver was closed, and grant again what was given up', async () => {
    const [from, to, domain] = [await own(), await own(), newDomainName()];
    await libs().domains.add(from, actor, { domain, vouched: true });
    await libs().database.write((session) =>
      session.run('UPDATE mail_domain SET transfer_to = ? WHERE tenant_id = ? AND name_ascii = ?', [to, from, domain]),
    );
    const user = await create(from, `a@${domain}`);
    await libs().tenants.close(to, actor);
    await libs().clocks.run({ now: true });
    expect(await libs().domains.get(from, domain)).toMatchObject({ status: 'verified', transferTo: null });
    expect(await mailboxOf(from, user)).toMatchObject({ status: 'active' });
  });

  it('should let one of two receivers have a domain that is transferred to both at once', async () => {
    const [from, one, two, domain] = [await own(), await own(), await own(), newDomainName()];
    await libs().domains.add(from, actor, { domain, vouched: true });
    const outcomes = await Promise.allSettled(
      [one, two].map((to) => libs().transfers.transfer(from, actor, domain, to)),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('The mailbox’s wish is solved while the user was deleted: wish dropped', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    await provable(tenant, domain);
    const [leaver, stays] = [await create(tenant, `leaver@${domain}`), await create(tenant, `stays@${domain}`)];
    const { id } = await mailboxOf(tenant, leaver);
    const wishOfLeaver = await query(libs().database, 'SELECT * FROM mailbox_address_wish WHERE mailbox_id = ?', [id]);
    await libs().users.delete(tenant, command(), leaver.id);
    // As if the deletion had come from a version that kept wishes.
    const [row = {}] = wishOfLeaver;
    await libs().database.write((session) =>
      session.run(
        `INSERT INTO mailbox_address_wish (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
          .map(() => '?')
          .join(', ')})`,
        Object.values(row),
      ),
    );
    await libs().domains.verify(tenant, actor, domain);
    expect(await mailboxOf(tenant, stays)).toMatchObject({ status: 'active' });
    expect(await libs().mailboxes.byId(tenant, id)).toMatchObject({ status: 'deleted', wishes: [], addresses: [] });
    expect(await recipient(`leaver@${domain}`)).toBeUndefined();
  });

  it('Subdomain x@sub.acme.example: not covered by acme.example', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    await libs().domains.add(tenant, actor, { domain, vouched: true });
    const user = await create(tenant, `x@sub.${domain}`);
    expect(await mailboxOf(tenant, user)).toMatchObject({ status: 'pending', statusReason: 'domain_not_owned' });
    expect(await relayDomains(tenant)).not.toContainEqual(expect.objectContaining({ name: `sub.${domain}` }));
  });

  it('postmaster@/abuse@ of a verified domain: accepted (role mailbox), in no list of users, adopted by nobody', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    await libs().domains.add(tenant, actor, { domain, vouched: true });
    for (const role of ['postmaster', 'abuse']) {
      expect(await recipient(`${role}@${domain}`)).toMatchObject({ tenant_id: tenant, action: 'accept' });
    }
    expect(await libs().mailboxes.list(tenant, { limit: 10 })).toEqual([]);
    const roles = await libs().mailboxes.list(tenant, { kind: 'role', limit: 10 });
    expect(roles).toMatchObject([
      { kind: 'role', origin: 'manual', scimUserId: null, status: 'active' },
      { kind: 'role', origin: 'manual', scimUserId: null, status: 'active' },
    ]);
    expect(await libs().mailboxes.list(tenant, { address: `abuse@${domain}`, limit: 10 })).toHaveLength(1);
    const user = await create(tenant, `Postmaster@${domain}`);
    expect(await mailboxOf(tenant, user)).toMatchObject({ status: 'pending', statusReason: 'address_taken' });
  });

  it('should leave postmaster@ with the person who has it already', async () => {
    const [tenant, domain] = [await createTenant(libs()), newDomainName()];
    const user = await create(tenant, `postmaster@${domain}`);
    await libs().domains.add(tenant, actor, { domain, vouched: true });
    const { id, addresses } = await mailboxOf(tenant, user);
    expect(addresses).toMatchObject([{ basis: 'domain', state: 'live' }]);
    expect(await recipient(`postmaster@${domain}`)).toMatchObject({ mailbox_id: id, action: 'accept' });
    expect(await libs().mailboxes.list(tenant, { kind: 'role', limit: 10 })).toHaveLength(1);
  });

  it('should make role mailboxes for the domains a tenant was created with, by the clock', async () => {
    const domain = newDomainName();
    const tenant = await createTenant(libs(), { domains: [domain] });
    expect(await recipient(`postmaster@${domain}`)).toBeUndefined();
    await libs().clocks.run({ only: 'domain-duties', now: true });
    expect(await recipient(`postmaster@${domain}`)).toMatchObject({ tenant_id: tenant, action: 'accept' });
    const version = await feedVersion(tenant);
    await libs().clocks.run({ only: 'domain-duties', now: true });
    expect(await feedVersion(tenant)).toBe(version);
  });

  it('should tell gateways of every change under the tenant’s own feed version', async () => {
    const [tenant, domain] = [await createTenant(libs()), newDomainName()];
    const seen: unknown[] = [];
    const look = async () => {
      const [row] = (await relayDomains(tenant)).filter(({ name }) => name === domain);
      seen.push(row === undefined ? 'none' : `${row['active']} ${row['unknown_recipient_policy']} ${row['next_hop']}`);
      if (row !== undefined) expect(row['version']).toBe(await feedVersion(tenant));
    };
    await libs().domains.add(tenant, actor, { domain });
    await look();
    await libs().domains.verify(tenant, actor, domain, { vouched: true });
    seen.push((await relayDomains(tenant)).length);
    await libs().domains.suspend(tenant, actor, domain);
    await look();
    await libs().domains.resume(tenant, actor, domain);
    await look();
    await libs().domains.set(tenant, actor, domain, { unknownRecipientPolicy: 'reject', nextHop: 'mx.example' });
    await look();
    await libs().domains.set(tenant, actor, domain, { nextHop: null });
    await look();
    await libs().releases.release(tenant, actor, domain);
    await look();
    expect(seen).toEqual(['none', 1, '0 defer null', '1 defer null', '1 reject mx.example', '1 reject null', 'none']);
    const types = (await events(tenant)).map(({ type }) => String(type)).filter((type) => type.startsWith('domain.'));
    expect(types).toEqual([
      'domain.added', 'domain.verified', 'domain.suspended', 'domain.resumed', 'domain.changed', 'domain.changed', 'domain.released',
    ]); // prettier-ignore
  });

  it('should only alert when the TXT record of a verified domain is lost, and say since when', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    const added = await provable(tenant, domain);
    await libs().domains.verify(tenant, actor, domain);
    const age = (days: number) =>
      libs().database.write((session) =>
        session.run('UPDATE mail_domain SET last_check_at = last_check_at - ? WHERE tenant_id = ? AND name_ascii = ?', [
          days * 86_400_000,
          tenant,
          domain,
        ]),
      );
    dns.zone.delete(`_cleanmail.${domain}`);
    await libs().clocks.run({ only: 'domain-checks', now: true });
    expect(await libs().domains.get(tenant, domain)).toMatchObject({ checkFailedSince: null });
    await age(8);
    dns.zone.set(`_cleanmail.${domain}`, 'SERVFAIL');
    await libs().clocks.run({ only: 'domain-checks', now: true });
    expect(await libs().domains.get(tenant, domain)).toMatchObject({ checkFailedSince: null });
    dns.zone.delete(`_cleanmail.${domain}`);
    await libs().clocks.run({ only: 'domain-checks', now: true });
    const lost = await libs().domains.get(tenant, domain);
    expect(lost).toMatchObject({ status: 'verified', checkFailedSince: expect.any(Number) });
    await age(8);
    await libs().clocks.run({ only: 'domain-checks', now: true });
    expect(await libs().domains.get(tenant, domain)).toMatchObject({ checkFailedSince: lost.checkFailedSince });
    dns.zone.set(...proofOf(added));
    await libs().domains.verify(tenant, actor, domain);
    expect(await libs().domains.get(tenant, domain)).toMatchObject({ status: 'verified', checkFailedSince: null });
    const types = (await events(tenant)).map(({ type }) => type);
    expect(types.filter((type) => type === 'domain.check_failed')).toHaveLength(1);
    expect(types.at(-1)).toBe('domain.check_passed');
  });

  it('should go on with domains from before there were proofs, which need no proof and get their role mailboxes', async () => {
    const domain = newDomainName();
    const tenant = await createTenant(libs(), { domains: [domain] });
    await libs().database.write((session) =>
      session.run(
        'UPDATE mail_domain SET verify_token = NULL, verified_by = NULL, settled_at = NULL, last_check_at = NULL WHERE tenant_id = ?',
        [tenant],
      ),
    );
    const old = await libs().domains.get(tenant, domain);
    expect(old).toMatchObject({ status: 'verified', verifiedBy: null, verifyToken: old.id });
    await libs().clocks.run({ now: true });
    expect(await libs().domains.get(tenant, domain)).toMatchObject({ checkFailedSince: null, lastCheckAt: null });
    expect(await recipient(`abuse@${domain}`)).toMatchObject({ action: 'accept' });
    dns.zone.set(...proofOf(old));
    expect(await libs().domains.verify(tenant, actor, domain)).toMatchObject({ verifiedBy: 'dns' });
  });

  it('should know no domain of another tenant, and do nothing to it', async () => {
    const [owner, stranger, domain] = [await own(), await own(), newDomainName()];
    await libs().domains.add(owner, actor, { domain, vouched: true });
    const before = await dumpOfTenant(libs().database, owner);
    const { domains, releases, transfers } = libs();
    const attempts: ((tenant: TenantId) => Promise<unknown>)[] = [
      (tenant) => domains.get(tenant, domain),
      (tenant) => domains.verify(tenant, actor, domain, { vouched: true }),
      (tenant) => domains.suspend(tenant, actor, domain),
      (tenant) => domains.resume(tenant, actor, domain),
      (tenant) => domains.set(tenant, actor, domain, { subaddressing: 'off' }),
      (tenant) => releases.release(tenant, actor, domain, { includeFormer: true }),
      (tenant) => transfers.transfer(tenant, actor, domain, stranger),
    ];
    for (const attempt of attempts) await expect(attempt(stranger)).rejects.toBeInstanceOf(DomainNotFoundError);
    expect((await domains.list(stranger, { limit: 10 })).map(({ name }) => name)).not.toContain(domain);
    expect(await dumpOfTenant(libs().database, owner)).toBe(before);
  });

  it('should refuse what is no domain, and a transfer to nobody', async () => {
    const [tenant, domain] = [await own(), newDomainName()];
    await expect(libs().domains.add(tenant, actor, { domain: 'no domain' })).rejects.toBeInstanceOf(InvalidDomainError);
    await libs().domains.add(tenant, actor, { domain, vouched: true });
    const nobody = '01890000-0000-7000-8000-000000000000' as TenantId;
    await expect(libs().transfers.transfer(tenant, actor, domain, nobody)).rejects.toBeInstanceOf(TenantNotFoundError);
    await expect(libs().transfers.transfer(tenant, actor, domain, tenant)).rejects.toBeInstanceOf(DomainStateError);
  });
});
