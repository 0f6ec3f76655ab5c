import { DatabaseUnavailableError, newId, type TenantId } from '@cleanmail/database';
import { openMailboxes, RecipientResolver, type RecipientVerdict } from '@cleanmail/mailboxes';
import { beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { describeEachEngine } from '../../support/engines/index.js';
import { startTcpProxy } from '../../support/tcp-proxy.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { providerOf } from './provider.js';

/** Texts that are nobody's address, whatever the domain; `%` stands for one. */
const oddTexts = [
  ...['', ' ', '@', '@%', '%', 'anna', 'a@b@%', '"anna"@%', '"a b"@%', 'an na@%', 'anna\u0000@%', 'anna\r\n@%'],
  ...['+x@%', 'jürg@%', '\ud800@%', '.a@%', 'a..b@%', `${'a'.repeat(65)}@%`, 'anna@[127.0.0.1]', 'anna@127.0.0.1'],
  ...['anna@%.', 'anna@%..', '__proto__@%', 'constructor', "anna' OR '1'='1@%", 'anna@-%', `anna@${'a'.repeat(300)}`],
] as const;
const locals = ['anna', 'ANNA', 'Anna+News', 'anna+both', 'bob', 'bob+', 'cara', 'dan', 'eve', 'nobody', 'nobody+x'];

describeEachEngine(RecipientResolver.name, (engine) => {
  const libs = libsFor(engine);
  const plus = `plus-${newId()}.example`;
  const off = `off-${newId()}.example`;
  const suspended = `suspended-${newId()}.example`;
  const idn = `bücher-${newId()}.example`;
  const foreign = `foreign-${newId()}.example`;
  const domains = [plus, off, suspended, idn, foreign, `sub.${plus}`, 'nobodys.example', plus.toUpperCase(), `${idn}.`];
  let tenant: TenantId;
  let other: TenantId;

  beforeAll(async () => {
    tenant = await createTenant(libs(), { domains: [plus, off, suspended, idn] });
    other = await createTenant(libs(), { domains: [foreign] });
    const { create, change, remove, mailboxOf } = providerOf(libs(), tenant);
    await libs().domains.set(tenant, actor, off, { subaddressing: 'off', unknownRecipientPolicy: 'reject' });
    const anna = await create({ userName: `anna@${plus}` });
    await libs().support.addAlias(tenant, actor, { id: (await mailboxOf(anna)).id }, `anna@${off}`);
    for (const userName of [`anna+both@${plus}`, `dan@${idn}`, `anna@${suspended}`, `cara@nobodys.example`]) {
      await create({ userName });
    }
    await change(await create({ userName: `bob@${plus}` }), { userName: `bob.b@${plus}` });
    await change(await create({ userName: `cara@${plus}` }), { active: false });
    await remove(await create({ userName: `eve@${plus}` }));
    await libs().domains.suspend(tenant, actor, suspended);
    await providerOf(libs(), other).create({ userName: `anna@${foreign}` });
  });

  const text = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...locals), fc.constantFrom(...domains)).map((parts) => parts.join('@')) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...oddTexts), fc.constantFrom(...domains)).map(([odd, domain]) => odd.replace('%', domain)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  ); // prettier-ignore

  it('should answer the same by itself, among many and explained, whatever is asked', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 40 }), async (texts) => {
        const { resolver } = libs();
        const many = await resolver.resolveMany(texts);
        expect([...many.keys()]).toEqual([...new Set(texts)]);
        for (const [each, verdict] of many) {
          expect({ each, verdict: await resolver.resolve(each) }).toEqual({ each, verdict });
          seen.add(verdict.kind === 'mailbox' ? `${verdict.matchedBy} ${verdict.action}` : verdict.kind);
        }
        const [explained = ''] = texts;
        expect((await resolver.explain(explained)).verdict).toEqual(many.get(explained));
      }),
      { numRuns: 20, seed: 27 },
    );
    const subaddress = 'subaddress accept';
    const kinds = ['unknownDomain', 'unknownRecipient', 'primary accept', 'primary reject', 'alias accept', subaddress];
    expect([...seen]).toEqual(expect.arrayContaining([...kinds, 'former accept']));
  });

  it('should answer each tenant’s mailboxes with their tenant, and nothing for its sub-domains', async () => {
    const { resolver, mailboxes } = libs();
    const mailbox = await mailboxes.byAddress(other, `anna@${foreign}`);
    const known = { kind: 'mailbox', tenantId: other, mailboxId: mailbox?.id, primary: `anna@${foreign}` };
    expect(await resolver.resolve(` ANNA+x@${foreign}.`)).toMatchObject({ ...known, matchedBy: 'subaddress' });
    expect(await resolver.resolve(`anna@sub.${foreign}`)).toEqual({ kind: 'unknownDomain' });
    expect(await resolver.resolve(`dan@${idn.toUpperCase()}.`)).toMatchObject({ kind: 'mailbox', tenantId: tenant });
    expect(await resolver.resolve(`eve@${plus}`)).toMatchObject({ kind: 'unknownRecipient', policy: 'reject' });
  });

  it.each(oddTexts.filter((odd) => !odd.startsWith('anna@%')))('should take %j for unknown, never for an error', async (odd) => {
    const verdicts = [await libs().resolver.resolve(odd.replace('%', plus)), await libs().resolver.resolve(odd.replace('%', off))];
    for (const verdict of verdicts) expect(verdict.kind).toMatch(/^unknown/);
  }); // prettier-ignore

  it('should resolve more than fit into one statement, and nothing when nothing is asked', async () => {
    const wanted = Array.from({ length: 1201 }, (_, index) => `u${index}@${plus}`);
    const verdicts = await libs().resolver.resolveMany([...wanted, `anna@${plus}`]);
    expect(verdicts.size).toBe(1202);
    expect(verdicts.get(`anna@${plus}`)).toMatchObject({ kind: 'mailbox', matchedBy: 'primary' });
    expect(verdicts.get(wanted[1200] ?? '')).toEqual({ kind: 'unknownRecipient', tenantId: tenant, policy: 'defer' });
    expect((await libs().resolver.resolveMany([])).size).toBe(0);
  });

  if (engine.name === 'sqlite') {
    return; // The embedded database cannot go away.
  }

  it('should never take a recipient for unknown while the database does not answer', async () => {
    const url = new URL(libs().databaseUrl);
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const { resolver, close } = await openMailboxes(url.href);
    const asks = (): readonly Promise<unknown>[] => [
      resolver.resolve(`anna@${plus}`),
      resolver.resolve(`nobody@${plus}`),
      resolver.resolveMany([`anna@${plus}`, 'odd']),
      resolver.explain(`anna@${plus}`),
    ];
    try {
      await Promise.all(asks());
      await proxy.cut();
      for (const ask of asks()) await expect(ask).rejects.toBeInstanceOf(DatabaseUnavailableError);
      await proxy.restore();
      const verdict: RecipientVerdict = await resolver.resolve(`anna@${plus}`);
      expect(verdict).toMatchObject({ kind: 'mailbox', matchedBy: 'primary' });
    } finally {
      await close();
      await proxy.close();
    }
  });
});
