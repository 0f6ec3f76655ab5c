import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import type { User } from '@cleanmail/users';
import { providerOf } from '../../contract/mailboxes/provider.js';
import { actor, createTenant, libsFor } from '../../contract/support/libs.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { type RecipientsUnderTest, snapshotFolder, startRecipientsUnderTest } from '../../support/recipients.js';

const unknown = 'NOTFOUND ';

describeEachEngine('what a gateway is answered', (engine) => {
  const libs = libsFor(engine);
  const folder = snapshotFolder();
  const suffix = newId().slice(-8);
  const [acme, beta, gamma] = ['acme', 'beta', 'gamma'].map((name) => `${name}-${suffix}.example`) as [
    string,
    string,
    string,
  ];
  const idn = `müller-${suffix}.example`;
  let tenant: TenantId;
  let server: RecipientsUnderTest;
  const people = new Map<string, User>();
  const provider = () => providerOf(libs(), tenant);
  const add = async (userName: string, more: Readonly<Record<string, unknown>> = {}) => {
    people.set(userName, await provider().create({ userName, ...more }));
  };
  const person = (userName: string): User => {
    const user = people.get(userName);
    if (user === undefined) throw new Error(`nobody is ${userName}`);
    return user;
  };
  /** Answers of `recipients` and `access`. */
  const both = (key: string) => Promise.all([server.ask('recipients', key), server.ask('access', key)]);

  beforeAll(async () => {
    tenant = await createTenant(libs(), { domains: [acme, beta, gamma, idn] });
    await libs().domains.set(tenant, actor, acme, { unknownRecipientPolicy: 'reject' });
    await libs().domains.set(tenant, actor, gamma, { unknownRecipientPolicy: 'accept', nextHop: 'smtp:[10.0.0.9]:25' });
    for (const local of ['anna', 'bob', 'cara', 'dora', 'dan', 'a+b', 'a']) await add(`${local}@${acme}`);
    await add(`hans@${idn}`);
    await add(`gil@${gamma}`);
    await provider().change(person(`bob@${acme}`), { active: false });
    await provider().remove(person(`cara@${acme}`));
    await provider().remove(person(`gil@${gamma}`));
    for (const [userName, inactiveMailPolicy] of [
      [`dora@${acme}`, 'defer'],
      [`dan@${acme}`, 'hold'],
    ] as const) {
      const mailbox = await provider().mailboxOf(person(userName));
      const target = { id: mailbox.id };
      await libs().support.change(tenant, actor, target, { inactiveMailPolicy });
      await provider().change(person(userName), { active: false });
    }
    for (const job of ['domain-duties']) await libs().clocks.run({ only: job, now: true });
    server = await startRecipientsUnderTest({ databaseUrl: libs().databaseUrl, folder: folder.path });
    await server.recipients.nextLook();
  });
  afterAll(async () => {
    await server.stop();
    folder.remove();
  });

  it('should accept active mailboxes in any spelling, subaddresses of them, and those that are held', async () => {
    for (const key of ['anna', 'ANNA', 'anna+tag', 'a', 'a+b', 'a+c', 'dan']) {
      expect([key, ...(await both(`${key}@${acme.toUpperCase()}`))]).toEqual([key, 'OK OK', unknown]);
    }
  });

  it('should refuse or put off what is suspended, in the words of Postfix', async () => {
    expect(await both(`bob@${acme}`)).toEqual([unknown, 'OK 550 5.2.1 Mailbox disabled']);
    expect(await both(`bob+x@${acme}`)).toEqual([unknown, 'OK 550 5.2.1 Mailbox disabled']);
    expect(await both(`dora@${acme}`)).toEqual([unknown, 'OK 450 4.2.1 Mailbox temporarily disabled']);
  });

  it('should treat unknown recipients as their domain says, and removed ones as unknown everywhere', async () => {
    expect(await both(`nobody@${acme}`)).toEqual([unknown, unknown]);
    expect(await both(`nobody@${beta}`)).toEqual([unknown, 'OK 450 4.1.1 Recipient not (yet) provisioned']);
    expect(await both(`nobody@${gamma}`)).toEqual(['OK OK', unknown]);
    expect(await both(`cara@${acme}`)).toEqual([unknown, unknown]);
    expect(await both(`gil@${gamma}`)).toEqual([unknown, unknown]);
  });

  it('should know a domain in both of its forms, and recipients there', async () => {
    for (const name of [idn, idn.toUpperCase(), idn.normalize('NFD'), new URL(`http://${idn}`).hostname]) {
      expect(await server.ask('domains', name)).toBe(`OK ${new URL(`http://${idn}`).hostname}`);
      expect(await server.ask('recipients', `Hans@${name}`)).toBe('OK OK');
    }
  });

  it('Message to recipients of two tenants, one on hold: the other is delivered at once', async () => {
    expect(await server.ask('transport', `dan@${acme}`)).toBe('OK quarantine:');
    expect(await server.ask('transport', `dan+x@${acme}`)).toBe('OK quarantine:');
    expect(await server.ask('transport', `anna@${acme}`)).toBe(unknown);
    expect(await server.ask('transport', acme)).toBe(unknown);
    expect(await server.ask('transport', gamma)).toBe('OK smtp:[10.0.0.9]:25');
    expect(await server.ask('transport', `anybody@${gamma}`)).toBe('OK smtp:[10.0.0.9]:25');
  });

  it('Subdomain x@sub.acme.example: not covered by acme.example', async () => {
    expect(await server.ask('domains', `sub.${acme}`)).toBe(unknown);
    expect(await server.ask('domains', `.${acme}`)).toBe(unknown);
    expect(await both(`anna@sub.${acme}`)).toEqual([unknown, unknown]);
  });

  it('postmaster@ and abuse@ of a verified domain: accepted', async () => {
    expect(await both(`postmaster@${acme}`)).toEqual(['OK OK', unknown]);
    expect(await both(`Abuse@${gamma}`)).toEqual(['OK OK', unknown]);
  });

  it('Keys without @, with two, quoted, too long, with blanks or control characters: unknown, never TEMP', async () => {
    const odd = ['', ' ', '@', 'anna', 'postmaster', `@${acme}`, `a@b@${acme}`, `"anna"@${acme}`, `an na@${acme}`];
    const long = ['x'.repeat(65), 'x'.repeat(5000)].map((local) => `${local}@${acme}`);
    const strange = [
      `anna\u0000@${acme}`,
      `ännа@${acme}`,
      `+x@${acme}`,
      'anna@[127.0.0.1]',
      'anna@127.1',
      '\ufffd@\ufffd',
    ];
    for (const table of ['recipients', 'access', 'domains', 'transport']) {
      for (const key of [...odd, ...long, ...strange]) {
        expect([table, key, await server.ask(table, key)]).toEqual([table, key, unknown]);
      }
    }
  });

  it('should answer PERM for a table that there is not, also one of an odd name', async () => {
    for (const table of ['users', '__proto__', 'constructor', 'RECIPIENTS']) {
      expect(await server.ask(table, `anna@${acme}`)).toMatch(/^PERM there is no such table/);
    }
  });

  it('should answer by the next look at the feed what has changed: people, settings, domains, tenants', async () => {
    const seen = () => server.recipients.nextLook();
    await add(`eve@${acme}`);
    await seen();
    expect(await both(`eve@${acme}`)).toEqual(['OK OK', unknown]);
    await provider().change(person(`eve@${acme}`), { userName: `eva@${acme}` });
    await seen();
    expect([await both(`eva@${acme}`), await both(`eve@${acme}`)]).toEqual([
      ['OK OK', unknown],
      ['OK OK', unknown],
    ]);
    await provider().remove(person(`eve@${acme}`));
    await libs().domains.set(tenant, actor, beta, { unknownRecipientPolicy: 'reject', subaddressing: 'off' });
    await libs().domains.suspend(tenant, actor, gamma);
    await seen();
    expect(await both(`eva@${acme}`)).toEqual([unknown, unknown]);
    expect(await both(`nobody@${beta}`)).toEqual([unknown, unknown]);
    expect([await server.ask('domains', gamma), await both(`postmaster@${gamma}`)]).toEqual([
      unknown,
      [unknown, unknown],
    ]);
    await libs().tenants.change(tenant, actor, { status: 'suspended' });
    await seen();
    expect(await both(`anna@${acme}`)).toEqual([unknown, 'OK 550 5.2.1 Mailbox disabled']);
    await libs().tenants.change(tenant, actor, { status: 'active' });
    await seen();
    expect(await both(`anna@${acme}`)).toEqual(['OK OK', unknown]);
  });

  it('should take the domain of a new tenant and that of a closed one as they are', async () => {
    const domain = `new-${suffix}.example`;
    const newcomer = await createTenant(libs(), { domains: [domain] });
    await providerOf(libs(), newcomer).create({ userName: `anna@${domain}` });
    await server.recipients.nextLook();
    expect(await server.ask('domains', domain)).toBe(`OK ${domain}`);
    expect(await server.ask('recipients', `anna@${domain}`)).toBe('OK OK');
    await libs().tenants.close(newcomer, actor);
    await server.recipients.nextLook();
    expect(await server.ask('domains', domain)).toBe(unknown);
    expect(await both(`anna@${domain}`)).toEqual([unknown, unknown]);
  });

  it('should say what explain says of every address, and have the digest of the service', async () => {
    const { decision } = server.recipients.copy.find(`anna@${acme}`);
    expect(decision.kind).toBe('mailbox');
    for (const local of ['anna', 'bob', 'cara', 'dora', 'dan', 'a+b', 'a+c', 'nobody', 'postmaster']) {
      for (const domain of [acme, beta, gamma, idn, `other-${suffix}.example`]) {
        const { verdict } = await libs().explanations.explainAnywhere(`${local}@${domain}`);
        const mine = server.recipients.copy.find(`${local}@${domain}`).decision;
        const action = 'action' in verdict ? verdict.action : undefined;
        expect([local, domain, mine.kind, 'action' in mine ? mine.action : undefined]).toEqual([
          local,
          domain,
          verdict.kind,
          action,
        ]);
      }
    }
    const { digest } = server.recipients.copy.tenant(tenant);
    expect(await libs().feed.digest(tenant)).toMatchObject({ count: digest.count, digest: digest.digest });
  });
});
