import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from '@jest/globals';
import { newId } from '@cleanmail/database';
import { recipientKeys } from '@cleanmail/mailboxes';
import { ScimError } from '@cleanmail/scim';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, replacing } from '../support/commands.js';
import { actor, createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';
import { held, providerOf, tenantWithDomain } from './provider.js';

const mailUser = 'urn:ietf:params:scim:schemas:extension:cleanmail:2.0:User';

describeEachEngine('edge cases of addresses', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  it('POST userName at a domain owned by another tenant: 201, mailbox pending domain_not_owned; wish row; no hint of the owner; no recipient row', async () => {
    const owner = await tenantWithDomain(libs());
    const stranger = await tenantWithDomain(libs());
    const user = await stranger.create({ userName: `ceo@${owner.domain}` });
    const mailbox = await stranger.mailboxOf(user);
    expect(mailbox).toMatchObject({ status: 'pending', statusReason: 'domain_not_owned', addresses: [], seat: false });
    expect(mailbox.wishes).toEqual([
      { wantedKey: `ceo@${owner.domain}`, domainAscii: owner.domain, reason: 'domain_not_owned' },
    ]);
    expect(JSON.stringify([user, mailbox])).not.toContain(owner.tenant);
    expect(await stranger.action(`ceo@${owner.domain}`)).toBeUndefined();
  });

  it('Tenant B has the domain pending and POSTs ceo@: no claim, tenant A unaffected', async () => {
    const a = await tenantWithDomain(libs());
    const b = await tenantWithDomain(libs());
    await libs().database.write((session) =>
      session.run(
        "INSERT INTO mail_domain (tenant_id, id, name_ascii, name_unicode, status, created_at, unknown_recipient_policy, subaddressing) VALUES (?, ?, ?, ?, 'pending', 1, 'defer', 'plus')",
        [b.tenant, newId(), a.domain, a.domain],
      ),
    );
    const squatter = await b.mailboxOf(await b.create({ userName: `ceo@${a.domain}` }));
    expect(squatter).toMatchObject({ status: 'pending', statusReason: 'domain_not_owned', addresses: [] });
    const rightful = await a.mailboxOf(await a.create({ userName: `ceo@${a.domain}` }));
    expect(rightful).toMatchObject({ status: 'active' });
    expect(await a.action(`ceo@${a.domain}`)).toBe('accept');
  });

  it('POST with upper-case/mixed userName: same key; SCIM returns the case sent; second POST in other case is 409 uniqueness', async () => {
    const { create, mailboxOf, domain } = await tenantWithDomain(libs());
    const user = await create({ userName: `Anna.MEIER@${domain.toUpperCase()}` });
    expect(user.resource['userName']).toBe(`Anna.MEIER@${domain.toUpperCase()}`);
    expect(held(await mailboxOf(user))).toEqual([`anna.meier@${domain} primary live`]);
    await expect(create({ userName: `anna.meier@${domain}` })).rejects.toMatchObject({
      status: 409,
      scimType: 'uniqueness',
    });
  });

  it('PATCH userName to a foreign domain: SCIM 200, address unchanged, wish; the list by the wanted address finds it', async () => {
    const { create, change, mailboxOf, byAddress, domain } = await tenantWithDomain(libs());
    const user = await create({ userName: `anna@${domain}` });
    const changed = await change(user, { userName: 'anna@partner.example' });
    expect(changed.resource['userName']).toBe('anna@partner.example');
    const mailbox = await mailboxOf(user);
    expect(mailbox).toMatchObject({ status: 'active', wishes: [{ reason: 'domain_not_owned' }] });
    expect(held(mailbox)).toEqual([`anna@${domain} primary live`]);
    expect(await byAddress('anna@partner.example')).toMatchObject([{ id: mailbox.id }]);
  });

  it.each([
    ['foreign domain', () => 'bob@partner.example', 'domain_not_owned'],
    ['no address', () => 'bob', 'invalid_syntax'],
    ['non-ASCII local part', (domain: string) => `müller@${domain}`, 'unsupported_utf8'],
  ])('Policy reject, %s: 400 invalidValue with words, and no user', async (_, userName, reason) => {
    const { create, change, remove, mailboxOf, policy, domain, tenant } = await tenantWithDomain(libs());
    const waits = await create({ userName: userName(domain) });
    await policy({ unownedDomainPolicy: 'reject' });
    await change(waits, { active: false });
    expect(await mailboxOf(waits)).toMatchObject({ status: 'pending', statusReason: reason, scimActive: false });
    await remove(waits);
    const refused = create({ userName: userName(domain) });
    await expect(refused).rejects.toBeInstanceOf(ScimError);
    await expect(refused).rejects.toMatchObject({ status: 400, scimType: 'invalidValue' });
    await expect(refused).rejects.toThrow(userName(domain));
    const anna = await create({ userName: `anna@${domain}` });
    await expect(change(anna, { userName: userName(domain), active: false })).rejects.toMatchObject({ status: 400 });
    expect(await mailboxOf(anna)).toMatchObject({ status: 'active', wishes: [] });
    expect(await query(libs().database, 'SELECT user_name FROM scim_user WHERE tenant_id = ?', [tenant])).toEqual([
      { user_name: `anna@${domain}` },
    ]);
  });

  it('Alias equal to another mailbox’s primary in the tenant: alias parked', async () => {
    const { create, mailboxOf, policy, domain } = await tenantWithDomain(libs());
    await policy({ emailsAsAliases: true });
    await create({ userName: `bob@${domain}` });
    const anna = await mailboxOf(await create({ userName: `anna@${domain}`, emails: [{ value: `bob@${domain}` }] }));
    expect(anna).toMatchObject({
      status: 'active',
      wishes: [{ wantedKey: `bob@${domain}`, role: 'alias', reason: 'address_taken' }],
    });
    expect(held(anna)).toEqual([`anna@${domain} primary live`]);
  });

  it('Alias equal to own primary: ignored; same alias twice: one row', async () => {
    const { create, mailboxOf, policy, action, domain } = await tenantWithDomain(libs());
    await policy({ emailsAsAliases: true });
    const emails = [`ANNA@${domain}`, `a.meier@${domain}`, `A.Meier@${domain}`].map((value, index) => ({
      value,
      type: `t${index}`,
    }));
    const anna = await mailboxOf(await create({ userName: `anna@${domain}`, emails }));
    expect(held(anna)).toEqual([`a.meier@${domain} alias live`, `anna@${domain} primary live`]);
    expect(anna.wishes).toEqual([]);
    expect(await action(`a.meier@${domain}`)).toBe('accept');
  });

  it('Aliases follow the emails: added, removed, and back under the same row', async () => {
    const { create, change, mailboxOf, policy, action, domain } = await tenantWithDomain(libs());
    await policy({ emailsAsAliases: true });
    const emails = (...names: string[]) => ({
      emails: names.map((name, index) => ({ value: `${name}@${domain}`, type: `t${index}` })),
    });
    const anna = await create({ userName: `anna@${domain}`, ...emails('a') });
    await change(anna, emails('a', 'b'));
    expect(held(await mailboxOf(anna))).toEqual([
      `a@${domain} alias live`,
      `anna@${domain} primary live`,
      `b@${domain} alias live`,
    ]);
    await change(anna, emails('b'));
    expect(await action(`a@${domain}`)).toBe('gone');
    expect(held(await mailboxOf(anna))).toContain(`a@${domain} alias released`);
    await change(anna, { userName: `b@${domain}`, ...emails('anna') });
    expect(held(await mailboxOf(anna)).filter((each) => each.endsWith('live'))).toEqual([
      `anna@${domain} alias live`,
      `b@${domain} primary live`,
    ]);
  });

  it('By default emails are no aliases', async () => {
    const { create, mailboxOf, domain } = await tenantWithDomain(libs());
    const anna = await mailboxOf(
      await create({ userName: `anna@${domain}`, emails: [{ value: `a@${domain}`, type: 'work' }] }),
    );
    expect(held(anna)).toEqual([`anna@${domain} primary live`]);
  });

  it('proxyAddresses with SIP:, X500:, EUM: are ignored; SMTP: upper-case is primary only if address_source says so', async () => {
    const { tenant, mailboxOf, policy, domain } = await tenantWithDomain(libs());
    const proxyAddresses = [
      `SIP:anna.sip@${domain}`, 'X500:/o=Contoso/cn=anna', `EUM:4711;phone-context=x@${domain}`, `smtp:second@${domain}`,
      `SMTP:first@${domain}`, `x@${domain}`, 'smtp:',
    ]; // prettier-ignore
    const document: unknown = JSON.parse(
      readFileSync(new URL('../../../docs/schemas/mail-user.json', import.meta.url), 'utf8'),
    );
    await libs().schemas.register(tenant, actor, { resourceType: 'User', required: false, document });
    const { userType } = await libs().profiles.of({ tenant, profile: 'cleanmail', schemaRevision: 1 });
    const inService = () => ({ ...command(), userType });
    const { users } = libs();
    const anna = await users.create(tenant, inService(), {
      userName: `anna@${domain}`,
      [mailUser]: { proxyAddresses },
    });
    expect(anna.resource[mailUser]).toEqual({ proxyAddresses });
    expect(held(await mailboxOf(anna))).toEqual([
      `anna@${domain} primary live`,
      `first@${domain} alias live`,
      `second@${domain} alias live`,
    ]);
    await policy({ addressSource: 'primaryEmail' });
    await users.modify(tenant, inService(), anna.id, replacing({ displayName: 'Anna', userType: 'Member' }));
    expect(held(await mailboxOf(anna))).toEqual([
      `anna@${domain} former live`,
      `first@${domain} primary live`,
      `second@${domain} alias live`,
    ]);
  });

  it('Address from the work e-mail: changed with it, kept and reported when it is missing', async () => {
    const { create, change, mailboxOf, policy, events, action, domain } = await tenantWithDomain(libs());
    await policy({ addressSource: 'workEmail' });
    const emails = (value: string, type = 'work') => ({
      emails: [
        { value: `private@${domain}`, type: 'home' },
        { value, type },
      ],
    });
    const anna = await create({ userName: 'anna@tenant.onmicrosoft.example', ...emails(`a@${domain}`) });
    expect(held(await mailboxOf(anna))).toEqual([`a@${domain} primary live`]);
    await change(anna, emails(`b@${domain}`));
    expect(held(await mailboxOf(anna))).toEqual([`a@${domain} former live`, `b@${domain} primary live`]);
    await change(anna, emails(`c@${domain}`, 'other'));
    const without = await mailboxOf(anna);
    expect(held(without)).toEqual([`a@${domain} former live`, `b@${domain} primary live`]);
    expect(without).toMatchObject({
      status: 'active',
      wishes: [{ wantedKey: 'emails[type eq "work"]', reason: 'address_source_missing' }],
    });
    expect((await events(without)).filter((type) => type === 'mailbox.address_source_missing')).toHaveLength(1);
    expect(await action(`b@${domain}`)).toBe('accept');
    await change(anna, emails(`b@${domain}`));
    expect(await mailboxOf(anna)).toMatchObject({ status: 'active', wishes: [] });
    const nobody = await mailboxOf(await create({ userName: `nobody@${domain}` }));
    expect(nobody).toMatchObject({ status: 'pending', statusReason: 'address_source_missing', addresses: [] });
  });

  it('Kind from userType only where the policy says so, and support’s word stands above it', async () => {
    const { create, change, mailboxOf, policy, domain, tenant } = await tenantWithDomain(libs());
    const info = await create({ userName: `info@${domain}`, userType: 'Shared' });
    expect(await mailboxOf(info)).toMatchObject({ kind: 'user', seat: true });
    await policy({ kindSource: 'userType' });
    await change(info, { userType: 'shared' });
    expect(await mailboxOf(info)).toMatchObject({ kind: 'shared', seat: false });
    await change(info, { userType: 'Member' });
    expect(await mailboxOf(info)).toMatchObject({ kind: 'shared' });
    await libs().support.change(tenant, actor, { id: (await mailboxOf(info)).id }, { kind: 'user' });
    await change(info, { userType: 'resource' });
    expect(await mailboxOf(info)).toMatchObject({ kind: 'user', kindFixed: true, seat: true });
    const role = await create({ userName: `abuse@${domain}`, userType: 'role' });
    expect(await mailboxOf(role)).toMatchObject({ kind: 'user' });
  });

  it.each([
    'anna', 'a@b@', '@', '"an na"@', `${'a'.repeat(65)}@`, 'an na@', '.anna@', 'anna.@', 'a..b@', '<anna>@', '',
  ])('userName %j: 201 pending invalid_syntax; lookup of such keys is unknown', async (local) => {
    const { create, mailboxOf, byAddress, domain } = await tenantWithDomain(libs());
    const userName = local.includes('@') ? `${local}${domain}` : local || ' @ ';
    const user = await create({ userName });
    expect(await mailboxOf(user)).toMatchObject({ status: 'pending', statusReason: 'invalid_syntax', addresses: [] });
    expect(recipientKeys(userName)).toEqual([]);
    expect((await byAddress(`${userName}?`)).length).toBe(0);
  }); // prettier-ignore

  it('userName with control characters: 400, as for every attribute; lookup of such keys is unknown', async () => {
    const { create, byAddress, domain } = await tenantWithDomain(libs());
    await expect(create({ userName: `an\u0007na@${domain}` })).rejects.toMatchObject({ status: 400 });
    expect(recipientKeys(`an\u0007na@${domain}`)).toEqual([]);
    expect(await byAddress(`an\u0007na@${domain}`)).toEqual([]);
  });

  it('userName of more than 254 octets: 201 pending invalid_syntax', async () => {
    const { create, mailboxOf, domain } = await tenantWithDomain(libs());
    const userName = `anna@${'long.'.repeat(50)}${domain}`;
    expect(await mailboxOf(await create({ userName }))).toMatchObject({
      status: 'pending',
      statusReason: 'invalid_syntax',
    });
    expect(recipientKeys(userName)).toEqual([]);
  });

  it('Non-ASCII local part: unsupported_utf8; IDN domain typed as U-label, A-label, upper case, trailing dot: one domain', async () => {
    const name = `mü-${newId()}.example`;
    const provider = providerOf(libs(), await createTenant(libs(), { domains: [name] }));
    const [{ nameAscii = '' } = {}] = (await libs().tenants.get(provider.tenant)).domains;
    const wild = await provider.mailboxOf(await provider.create({ userName: `jürg@${name}` }));
    expect(wild).toMatchObject({ status: 'pending', statusReason: 'unsupported_utf8' });
    for (const [index, domain] of [name, nameAscii, name.toUpperCase(), `${name}.`, name.normalize('NFD')].entries()) {
      const mailbox = await provider.mailboxOf(await provider.create({ userName: `u${index}@${domain}` }));
      expect(held(mailbox)).toEqual([`u${index}@${nameAscii} primary live`]);
      expect(recipientKeys(`U${index}+tag@${domain}`)).toEqual([
        `u${index}+tag@${nameAscii}`,
        `u${index}@${nameAscii}`,
      ]);
    }
  });

  it('a+b@ provisioned and a@ exists: exact wins; a+c@ is a’s; subaddressing off: unknown; bare +x@: unknown', async () => {
    const { create, mailboxOf, domain } = await tenantWithDomain(libs());
    const plain = await mailboxOf(await create({ userName: `a@${domain}` }));
    const tagged = await mailboxOf(await create({ userName: `a+b@${domain}` }));
    expect(tagged).toMatchObject({ status: 'active' });
    const resolve = async (raw: string, subaddressing: 'plus' | 'off' = 'plus') => {
      for (const key of recipientKeys(raw, subaddressing)) {
        const [row] = await query(libs().database, 'SELECT mailbox_id FROM mail_recipient WHERE address_key = ?', [
          key,
        ]);
        if (row !== undefined) return row['mailbox_id'];
      }
      return undefined;
    };
    expect(await resolve(`A+b@${domain}`)).toBe(tagged.id);
    expect(await resolve(`a+c@${domain}`)).toBe(plain.id);
    expect(await resolve(`a+c@${domain}`, 'off')).toBeUndefined();
    expect(await resolve(`a+b@${domain}`, 'off')).toBe(tagged.id);
    expect(await resolve(`+x@${domain}`)).toBeUndefined();
  });
});
