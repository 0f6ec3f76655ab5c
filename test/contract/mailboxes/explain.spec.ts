import { newId, type TenantId } from '@cleanmail/database';
import type { RecipientVerdict } from '@cleanmail/mailboxes';
import { expect, it } from '@jest/globals';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, libsFor, openLibs } from '../support/libs.js';
import { query } from '../support/rows.js';
import { held, providerOf, tenantWithDomain } from './provider.js';

describeEachEngine('an address explained', (engine) => {
  const libs = libsFor(engine);

  const resolve = (raw: string): Promise<RecipientVerdict> => libs().resolver.resolve(raw);
  /** Verdict, action or policy, and rule in one line. */
  const told = async (raw: string, tenant?: TenantId): Promise<string> => {
    const { explanations } = libs();
    const { verdict, rule } = await (tenant === undefined ? explanations.explainAnywhere(raw) : explanations.explain(tenant, raw));
    const done = verdict.kind === 'mailbox' ? `${verdict.matchedBy} ${verdict.action}` : verdict.kind === 'unknownRecipient' ? verdict.policy : '';
    return [verdict.kind, done, rule.code].filter((word) => word !== '').join(' ');
  }; // prettier-ignore

  it('should name row, rule, time and author of an address in each of its roles', async () => {
    const { tenant, create, change, mailboxOf, domain } = await tenantWithDomain(libs());
    const anna = await create({ userName: `anna@${domain}` });
    const { id, createdAt } = await mailboxOf(anna);
    const first = await libs().explanations.explainAnywhere(`ANNA@${domain}`);
    expect(first).toMatchObject({
      tenant,
      verdict: { kind: 'mailbox', tenantId: tenant, mailboxId: id, primary: `anna@${domain}`, matchedBy: 'primary', action: 'accept' },
      rule: { code: 'active', text: 'The mailbox is active.' },
      row: { key: `anna@${domain}`, changedAt: createdAt },
      writer: { at: createdAt, actor: expect.stringMatching(/^token:/) },
      wishes: [],
    }); // prettier-ignore
    await libs().support.addAlias(tenant, actor, { id }, `office@${domain}`);
    const alias = await libs().explanations.explain(tenant, `office@${domain}`);
    expect(alias).toMatchObject({ verdict: { matchedBy: 'alias' }, writer: { actor: actor.name, requestId: actor.requestId } });
    expect(alias.row?.version).toBeGreaterThan(first.row?.version ?? 0);
    expect((await libs().explanations.explain(tenant, `anna@${domain}`)).writer).toEqual(first.writer);
    await change(anna, { userName: `anna.meier@${domain}` });
    expect(await told(`anna@${domain}`)).toBe('mailbox former accept active');
    expect(await told(`anna.meier+news@${domain}`)).toBe('mailbox subaddress accept active');
  }); // prettier-ignore

  it('should say why mail of a suspended mailbox goes as it goes', async () => {
    const { tenant, create, change, remove, mailboxOf, policy, domain } = await tenantWithDomain(libs());
    const address = `anna@${domain}`;
    const anna = await create({ userName: address });
    const { id } = await mailboxOf(anna);
    const set = (settings: Parameters<ReturnType<typeof libs>['support']['change']>[3]) =>
      libs().support.change(tenant, actor, { id }, settings);
    await change(anna, { active: false });
    expect(await told(address)).toBe('mailbox primary reject suspended_tenant_policy');
    await policy({ inactiveMailPolicy: 'defer' });
    expect(await told(address)).toBe('mailbox primary defer suspended_tenant_policy');
    const settled = await libs().explanations.explain(tenant, address);
    expect(settled.writer).toMatchObject({ actor: actor.name, requestId: actor.requestId });
    expect(settled.rule.text).toBe(
      'The mailbox is suspended by the identity provider. Its mail is put off: the tenant’s policy for inactive mailboxes says defer.',
    );
    await policy({ inactiveGraceHours: 2 });
    expect(await told(address)).toBe('mailbox primary accept suspended_grace');
    await policy({ inactiveGraceHours: 0 });
    await set({ inactiveMailPolicy: 'hold' });
    expect(await told(address)).toBe('mailbox primary hold suspended_own_policy');
    await set({ inactiveMailPolicy: null, kind: 'shared' });
    expect(await told(address)).toBe('mailbox primary accept suspended_kind');
    await set({ adminState: 'forced_active' });
    expect(await told(address)).toBe('mailbox primary accept active_forced');
    await libs().tenants.change(tenant, actor, { status: 'suspended' });
    expect(await told(address)).toBe('mailbox primary defer suspended_tenant');
    await libs().tenants.change(tenant, actor, { status: 'active' });
    await remove(anna);
    expect(await told(address)).toBe('unknownRecipient reject address_reserved');
    expect((await libs().explanations.explain(tenant, address)).rule.text).toMatch(/reserved until \d{4}-.* for a mailbox that was deleted/);
  }); // prettier-ignore

  it('should tell a released address, an unknown one, a suspended domain and one of nobody apart', async () => {
    const { tenant, create, mailboxOf, domain } = await tenantWithDomain(libs());
    const { id } = await mailboxOf(await create({ userName: `anna@${domain}` }));
    await libs().support.addAlias(tenant, actor, { id }, `anna+old@${domain}`);
    await libs().support.removeAlias(tenant, actor, { id }, `anna+old@${domain}`);
    expect(await told(`anna+old@${domain}`)).toBe('unknownRecipient reject address_released');
    expect(await told(`nobody@${domain}`)).toBe('unknownRecipient defer unknown_recipient');
    await libs().domains.set(tenant, actor, domain, { unknownRecipientPolicy: 'accept', subaddressing: 'off' });
    expect(await told(`nobody@${domain}`)).toBe('unknownRecipient accept unknown_recipient');
    expect(await told(`anna+x@${domain}`)).toBe('unknownRecipient accept unknown_recipient');
    expect(await told(`anna+old@${domain}`)).toBe('unknownRecipient reject address_released');
    await libs().domains.suspend(tenant, actor, domain);
    expect(await told(`anna@${domain}`)).toBe('unknownDomain domain_suspended');
    expect((await libs().explanations.explain(tenant, `anna@${domain}`)).mailbox).toMatchObject({ id });
    expect(await told(`anna@${newId()}.example`)).toBe('unknownDomain unknown_domain');
  });

  it('should say who waits for an address and why, to support of the platform for all tenants, to a tenant for itself', async () => {
    const owner = await tenantWithDomain(libs());
    await owner.create({ userName: `anna@${owner.domain}` });
    const stranger = await tenantWithDomain(libs());
    const waiting = await stranger.mailboxOf(await stranger.create({ userName: `anna@${owner.domain}` }));
    const wish = { tenant: stranger.tenant, mailboxId: waiting.id, role: 'primary', reason: 'domain_not_owned' };
    expect(await libs().explanations.explainAnywhere(`anna@${owner.domain}`)).toMatchObject({
      tenant: owner.tenant,
      verdict: { kind: 'mailbox' },
      wishes: [wish],
    });
    const own = await libs().explanations.explain(owner.tenant, `anna@${owner.domain}`);
    expect([own.verdict.kind, own.wishes]).toEqual(['mailbox', []]);
    const seen = await libs().explanations.explain(stranger.tenant, `anna@${owner.domain}`);
    const nowhere = await libs().explanations.explain(stranger.tenant, 'anna@nobody-has-this.example');
    expect(seen).toMatchObject({ tenant: undefined, verdict: { kind: 'unknownDomain' }, row: undefined, wishes: [wish] });
    expect(seen.rule.text.replace(owner.domain, '')).toBe(nowhere.rule.text.replace('nobody-has-this.example', ''));
    expect(JSON.stringify(seen)).not.toContain(owner.tenant);
  }); // prettier-ignore

  it('should tell one tenant without domains nothing of what another one claimed', async () => {
    const [one, two] = [providerOf(libs(), await createTenant(libs())), providerOf(libs(), await createTenant(libs()))];
    const address = `anna@${newId()}.example`;
    await one.create({ userName: address });
    expect(await told(address)).toBe('mailbox primary accept active');
    expect(await told(address, one.tenant)).toBe('mailbox primary accept active');
    expect(await told(address, two.tenant)).toBe('unknownDomain unknown_domain');
  });

  it.each([
    'anna', 'a@b@', '@', '', ' ', '"an na"@', `${'a'.repeat(65)}@`, 'an na@', '.anna@', 'a..b@', 'an\u0007na@', 'jürg@', '\ud800@',
    "'; DROP TABLE tenant; --@", `${'x'.repeat(20_000)}@`,
  ])('userName without @, two @, quoted, too long, blanks, control characters: lookup of %j is unknown with the reason, never an error', async (local) => {
    const { domain } = await tenantWithDomain(libs());
    const raw = local.includes('@') ? `${local}${domain}` : local;
    const { verdict, rule } = await libs().explanations.explainAnywhere(raw);
    expect([verdict.kind, rule.code]).toEqual([
      raw.includes('@') && raw !== '@' ? 'unknownRecipient' : 'unknownDomain',
      expect.stringMatching(/^(invalid_syntax|unsupported_utf8)$/),
    ]);
  }); // prettier-ignore

  it('a+b@ provisioned and a@ exists: exact wins; a+c@ is a’s; subaddressing off: unknown; bare +x@: unknown (as a gateway resolves it)', async () => {
    const { tenant, create, mailboxOf, domain } = await tenantWithDomain(libs());
    const plain = await mailboxOf(await create({ userName: `a@${domain}` }));
    const tagged = await mailboxOf(await create({ userName: `a+b@${domain}` }));
    const unknown = { kind: 'unknownRecipient', tenantId: tenant, policy: 'defer' };
    expect(await resolve(`A+b@${domain}`)).toMatchObject({ mailboxId: tagged.id, matchedBy: 'primary' });
    expect(await resolve(`a+c@${domain}`)).toMatchObject({ mailboxId: plain.id, matchedBy: 'subaddress' });
    expect(await resolve(`+x@${domain}`)).toEqual(unknown);
    await libs().domains.set(tenant, actor, domain, { subaddressing: 'off' });
    expect(await resolve(`a+c@${domain}`)).toEqual(unknown);
    expect(await resolve(`a+b@${domain}`)).toMatchObject({ mailboxId: tagged.id });
  });

  it('Alias equal to another mailbox’s primary in the tenant: alias parked; equal to own primary: ignored; same alias twice: one row', async () => {
    const { create, mailboxOf, policy, domain } = await tenantWithDomain(libs());
    await policy({ emailsAsAliases: true });
    const bob = await mailboxOf(await create({ userName: `bob@${domain}` }));
    const emails = [`bob@${domain}`, `ANNA@${domain}`, `a@${domain}`, `A@${domain}`].map((value, index) => ({ value, type: `t${index}` }));
    const anna = await mailboxOf(await create({ userName: `anna@${domain}`, emails }));
    expect(held(anna)).toEqual([`a@${domain} alias live`, `anna@${domain} primary live`]);
    const explained = await libs().explanations.explainAnywhere(`bob@${domain}`);
    expect(explained.verdict).toMatchObject({ mailboxId: bob.id, matchedBy: 'primary' });
    expect(explained.wishes).toMatchObject([{ mailboxId: anna.id, role: 'alias', reason: 'address_taken' }]);
  }); // prettier-ignore

  it('Guest bob@partner.example: pending, no seat. x@tenant.onmicrosoft.com: pending quietly (no alarm)', async () => {
    const { tenant, create, mailboxOf, events, domain } = await tenantWithDomain(libs());
    for (const userName of [`bob@partner-${domain}`, `x@${newId()}.onmicrosoft.com`]) {
      const mailbox = await mailboxOf(await create({ userName }));
      expect(mailbox).toMatchObject({ status: 'pending', statusReason: 'domain_not_owned', seat: false, addresses: [] });
      expect(await events(mailbox)).toEqual(['mailbox.parked']);
      expect(await told(userName)).toBe('unknownDomain unknown_domain');
    }
    expect(await libs().seats.usage(tenant)).toMatchObject({ used: 0 });
  }); // prettier-ignore

  it('Message to recipients of two tenants, one on hold: the other is delivered at once', async () => {
    const [one, two] = [await tenantWithDomain(libs()), await tenantWithDomain(libs())];
    await one.policy({ inactiveMailPolicy: 'hold' });
    const anna = await one.create({ userName: `anna@${one.domain}` });
    await two.create({ userName: `bob@${two.domain}` });
    await one.change(anna, { active: false });
    const verdicts = await Promise.all([`anna@${one.domain}`, `bob@${two.domain}`].map(resolve));
    expect(verdicts).toMatchObject([
      { tenantId: one.tenant, action: 'hold' },
      { tenantId: two.tenant, action: 'accept' },
    ]);
  });

  it('RCPT during DB outage: an error, never unknown', async () => {
    const { domain } = await tenantWithDomain(libs());
    const cut = await openLibs(libs().databaseUrl);
    expect(await cut.explanations.explainAnywhere(`nobody@${domain}`)).toMatchObject({
      verdict: { kind: 'unknownRecipient' },
    });
    await cut.close();
    await expect(cut.explanations.explainAnywhere(`nobody@${domain}`)).rejects.toThrow();
    await expect(cut.resolver.resolve(`nobody@${domain}`)).rejects.toThrow();
  });

  it('should find a recipient and who waits for it by unique keys alone, however many there are', async () => {
    if (engine.name !== 'sqlite') return;
    const plans = await Promise.all(
      [
        'SELECT * FROM mail_recipient r LEFT JOIN mailbox_address a ON a.claim_key = r.address_key WHERE r.address_key IN (?, ?)',
        'SELECT * FROM mailbox_address_wish WHERE wanted_key = ? AND ? IS NOT NULL',
      ].map((sql) => query(libs().database, `EXPLAIN QUERY PLAN ${sql}`, ['a', 'b'])),
    );
    expect(JSON.stringify(plans)).not.toContain('SCAN');
  });
});
