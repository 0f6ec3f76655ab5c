import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '@cleanmail/config';
import { Database, newId, openDatabaseForReading, type TenantId } from '@cleanmail/database';
import { type Mailboxes, MailboxesModule, openMailboxes, RecipientFeed, RecipientResolver } from '@cleanmail/mailboxes';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { beforeAll, expect, it } from '@jest/globals';
import mysql from 'mysql2/promise';
import { createDatabaseUrl, describeEachEngine, dropDatabase } from '../../support/engines/index.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { query } from '../support/rows.js';
import { tenantWithDomain } from './provider.js';

const documentation = readFileSync(join(process.cwd(), 'docs/libraries.md'), 'utf8');

/** The tables of the GRANT statements that the documentation has below a heading. */
function documentedGrants(heading: string): readonly string[] {
  const section = documentation.slice(documentation.indexOf(heading)).split('```')[1] ?? '';
  return [...section.matchAll(/^GRANT SELECT ON cleanmail\.(\w+)/gm)].map(([, table = '']) => table);
}

/** What a driver says; its errors may be those of another realm of Jest's, which `toThrow` does not know. */
function refusal(attempt: Promise<unknown>): Promise<string> {
  return attempt.then(
    () => 'not refused',
    ({ message }: Error) => message,
  );
}

describeEachEngine('what other services read', (engine) => {
  const libs = libsFor(engine);
  let provider: Awaited<ReturnType<typeof tenantWithDomain>>;
  let stranger: TenantId;

  beforeAll(async () => {
    provider = await tenantWithDomain(libs());
    stranger = await createTenant(libs());
    const anna = await provider.create({ userName: `Anna@${provider.domain}`, externalId: 'anna' });
    await provider.change(anna, { userName: `anna.meier@${provider.domain}` });
    await provider.create({ userName: `guest@partner-${newId()}.onmicrosoft.example` });
    await provider.create({ userName: 'no address' });
  });

  it('should find a mailbox by each of its addresses, and by none of another tenant', async () => {
    const { directory, tenant, domain } = { ...provider, directory: libs().mailboxes };
    const mailbox = await directory.byAddress(tenant, ` ANNA.Meier@${domain}.`);
    expect(mailbox).toMatchObject({ status: 'active', externalId: 'anna' });
    const id = mailbox?.id ?? '';
    expect((await directory.byAddress(tenant, `anna@${domain}`))?.id).toBe(id);
    const addresses = await directory.addresses(tenant, id);
    expect(addresses.map(({ localDisplay, role }) => `${localDisplay} ${role}`)).toEqual(['Anna former', 'anna.meier primary']);
    expect((await directory.byIds(tenant, [id, newId()])).map((each) => each.id)).toEqual([id]);
    for (const odd of ['', 'anna', `anna+x@${domain}`, `anna@x.${domain}`]) {
      expect(await directory.byAddress(tenant, odd)).toBeUndefined();
    }
    expect(await directory.byAddress(stranger, `anna@${domain}`)).toBeUndefined();
    expect(await directory.addresses(stranger, id)).toEqual([]);
    expect(await directory.byIds(stranger, [id])).toEqual([]);
  }); // prettier-ignore

  it('should keep an address with its deleted mailbox until somebody else has it', async () => {
    const { tenant, domain, create, remove, mailboxOf } = provider;
    const address = `eve@${domain}`;
    const eve = await create({ userName: address, externalId: 'eve-1' });
    const before = await mailboxOf(eve);
    await remove(eve);
    expect(await libs().mailboxes.byAddress(tenant, address)).toMatchObject({ id: before.id, status: 'deleted' });
    const after = await mailboxOf(await create({ userName: address, externalId: 'eve-2' }));
    expect((await libs().mailboxes.byAddress(tenant, address))?.id).toBe(after.id);
    expect(after.id).not.toBe(before.id);
  });

  it('should list wishes page by page and by reason', async () => {
    const { tenant } = provider;
    const all = await libs().mailboxes.wishes(tenant, { limit: 10 });
    expect(all.map(({ reason, role }) => `${reason} ${role}`).sort()).toEqual(['domain_not_owned primary', 'invalid_syntax primary']);
    const [first, second] = all;
    expect(await libs().mailboxes.wishes(tenant, { limit: 1 })).toEqual([first]);
    expect(await libs().mailboxes.wishes(tenant, { limit: 2, ...(first === undefined ? {} : { after: first }) })).toEqual([second]);
    expect(await libs().mailboxes.wishes(tenant, { reason: 'invalid_syntax', limit: 9 })).toMatchObject([{ wantedKey: 'no address' }]);
    expect(await libs().mailboxes.wishes(stranger, { limit: 10 })).toEqual([]);
  }); // prettier-ignore

  it('should set the limit of seats with an entry in the audit log, and give free seats to who waits', async () => {
    const { tenant, create, domain } = await tenantWithDomain(libs());
    const { seats } = libs();
    expect(await seats.setLimit(tenant, actor, { limit: 1, policy: 'hard' })).toMatchObject({ used: 0, limit: 1, policy: 'hard' });
    await create({ userName: `a@${domain}` });
    await create({ userName: `b@${domain}` });
    expect(await seats.usage(tenant)).toMatchObject({ used: 1, waiting: 1 });
    expect(await seats.setLimit(tenant, actor, { limit: 2 })).toEqual({ used: 2, limit: 2, policy: 'hard', over: 0, waiting: 0 });
    expect(await seats.setLimit(tenant, actor, { limit: null })).toMatchObject({ limit: null, policy: 'hard' });
    await expect(seats.setLimit(tenant, actor, { limit: -1 })).rejects.toMatchObject({ code: 'invalid_mail_policy' });
    const now = Date.now();
    expect(await seats.peak(tenant, now)).toBe(2);
    expect(await seats.peak(tenant, now - 40 * 86_400_000)).toBe(0);
    expect(await seats.intervals(tenant, { from: 0, to: now + 1000 }, { limit: 9 })).toHaveLength(2);
    expect(await seats.peak(stranger, now)).toBe(0);
    const entries = await libs().audit.list(tenant, { limit: 9 });
    expect(entries.filter(({ action }) => action === 'mail-policy.change')).toHaveLength(3);
  }); // prettier-ignore

  it('should say who owns a domain, look at its proof again and never lose it for that', async () => {
    const { tenant, domain } = await tenantWithDomain(libs());
    const { domains } = libs();
    expect(await domains.ownerOf(` ${domain.toUpperCase()}. `)).toBe(tenant);
    for (const other of ['', 'no domain', `x.${domain}`]) expect(await domains.ownerOf(other)).toBeUndefined();
    const pending = `p-${newId()}.example`;
    await domains.add(stranger, actor, { domain: pending });
    expect(await domains.ownerOf(pending)).toBeUndefined();
    expect(await domains.transfer(tenant, actor, domain, stranger)).toMatchObject({ status: 'verified' });
    expect(await domains.ownerOf(domain)).toBe(stranger);
    await domains.release(stranger, actor, domain, { includeFormer: true });
    expect(await domains.ownerOf(domain)).toBeUndefined();
    await expect(domains.recheck(stranger, actor, domain)).rejects.toMatchObject({ code: 'domain_state' });
  });

  /** Everything that can be read of the provider's tenant, as one value. */
  async function everything({
    resolver,
    feed,
    directory,
    history,
    seats,
    domains,
    policies,
  }: Mailboxes): Promise<unknown> {
    const { tenant, domain } = provider;
    const mailbox = await directory.byAddress(tenant, `anna@${domain}`);
    const id = mailbox?.id ?? '';
    const period = { from: 0, to: Date.now() + 1000 };
    return [
      [mailbox, await directory.addresses(tenant, id), await directory.list(tenant, { limit: 10 })],
      [await directory.wishes(tenant, { limit: 10 }), await history.entries(tenant, id, { limit: 10 })],
      [await resolver.resolve(`anna@${domain}`), (await resolver.explain(`anna@${domain}`)).rule],
      [[...(await resolver.resolveMany([`anna@${domain}`, 'odd']))], await policies.get(tenant)],
      [
        await feed.heads(),
        new Set((await feed.changes(tenant, 0)).rows),
        await feed.relayDomains(tenant),
        await feed.digest(tenant),
      ],
      [await seats.usage(tenant), await seats.intervals(tenant, period, { limit: 10 })],
      [await domains.ownerOf(domain), await domains.list(tenant, { limit: 10 }), await domains.get(tenant, domain)],
    ];
  }

  it('should be the same for who opens the database read-only, and nothing can be written there', async () => {
    await withReader(documentedGrants('### All reads'), async (url) => {
      const { close, database, ...mailboxes } = await openMailboxes(url);
      try {
        const { resolver, mailboxes: directory, history, explanations, seats, policies, domains, support } = libs();
        const feed = new RecipientFeed(libs().database);
        const own = { resolver, feed, directory, history, explanations, seats, policies, domains, support };
        expect(await everything(mailboxes)).toEqual(await everything(own));
        const { tenant } = provider;
        const refused = /read.?only|denied/i;
        expect(await refusal(mailboxes.seats.setLimit(tenant, actor, { limit: 0 }))).toMatch(refused);
        const removal = database.write((session) => session.run('DELETE FROM mail_recipient'));
        expect(await refusal(removal)).toMatch(refused);
        expect((await libs().policies.get(tenant)).seatLimit).toBeNull();
      } finally {
        await close();
      }
    });
  });

  it('should make, migrate and answer nothing on a database that is not there or not migrated', async () => {
    const empty = await createDatabaseUrl(engine);
    try {
      if (engine.name === 'sqlite') {
        await expect(openMailboxes(empty)).rejects.toBeInstanceOf(ConfigurationError);
        expect(existsSync(empty.slice('sqlite:'.length))).toBe(false);
        return;
      }
      const { resolver, database, close } = await openMailboxes(empty);
      await expect(resolver.resolve('anna@contoso.example')).rejects.toThrow();
      expect(await query(database, 'SHOW TABLES')).toEqual([]);
      await close();
      await expect(openMailboxes(`${empty}_none`)).rejects.toThrow('Unknown database');
    } finally {
      await dropDatabase(empty, { unverified: 'it was never migrated' });
    }
  });

  it('should be provided by the module in an application that is Nest’s', async () => {
    const database = await openDatabaseForReading(libs().databaseUrl, { poolSize: 1 });
    @Module({ imports: [MailboxesModule.forRoot(database)] })
    class QuarantineModule {}
    const application = await NestFactory.createApplicationContext(QuarantineModule, { logger: false });
    try {
      const address = `anna@${provider.domain}`;
      expect(await application.get(RecipientResolver).resolve(address)).toEqual(await libs().resolver.resolve(address));
      // With every right on the database it is the connection that refuses.
      const { dataSource } = application.get(Database);
      await expect(dataSource.query('DELETE FROM mail_recipient')).rejects.toThrow(/read.?only/i);
    } finally {
      await application.close();
      await database.close();
    }
  });

  /** Lends the database's URL for a user with SELECT on some tables; the embedded database knows no users. */
  async function withReader(tables: readonly string[], use: (url: string) => Promise<void>): Promise<void> {
    const { databaseUrl } = libs();
    if (engine.name === 'sqlite') return use(databaseUrl);
    const url = new URL(databaseUrl);
    const connection = await mysql.createConnection(databaseUrl);
    const user = `reader_${newId().slice(-12)}`;
    try {
      await connection.query("CREATE USER ?@'%' IDENTIFIED BY 'reading'", [user]);
      for (const table of tables) {
        await connection.query("GRANT SELECT ON ??.?? TO ?@'%'", [url.pathname.slice(1), table, user]);
      }
      url.username = user;
      url.password = 'reading';
      await use(url.href);
    } finally {
      await connection.query("DROP USER IF EXISTS ?@'%'", [user]);
      await connection.end();
    }
  }

  it('should need three tables for a gateway that only resolves, and fail rather than guess without them', async () => {
    const tables = documentedGrants('### Only `resolve` and `resolveMany`');
    expect(tables).toHaveLength(3);
    const address = `anna@${provider.domain}`;
    await withReader(tables, async (url) => {
      const { resolver, directory, close } = await openMailboxes(url);
      expect(await resolver.resolve(address)).toMatchObject({ kind: 'mailbox', matchedBy: 'former' });
      expect((await resolver.resolveMany([address])).get(address)).toEqual(await resolver.resolve(address));
      if (engine.name !== 'sqlite')
        await expect(directory.byAddress(provider.tenant, address)).rejects.toThrow('denied');
      await close();
    });
    if (engine.name === 'sqlite') return;
    await withReader(tables.slice(1), async (url) => {
      const { resolver, close } = await openMailboxes(url);
      await expect(resolver.resolve(address)).rejects.toThrow('denied');
      await close();
    });
  });
});
