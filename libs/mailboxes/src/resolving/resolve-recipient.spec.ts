import { asTenantId } from '@cleanmail/database';
import { describe, expect, it } from '@jest/globals';
import { type KnownDomain, type KnownRecipient, recipientQuestion, resolveRecipient } from './resolve-recipient.js';

const tenant = asTenantId('tenant-a');
const other = asTenantId('tenant-b');
const domain: KnownDomain = { tenant, status: 'verified', unknownRecipientPolicy: 'defer', subaddressing: 'plus' };
const row = (local: string, traits: Partial<KnownRecipient> = {}): KnownRecipient => ({
  key: `${local}@contoso.example`,
  tenant,
  mailboxId: `mailbox-${local}`,
  primary: `${local}@contoso.example`,
  action: 'accept',
  policyProfile: null,
  version: 7,
  changedAt: 1,
  role: 'primary',
  state: 'live',
  validUntil: null,
  ...traits,
});
const resolve = (raw: string, recipients: readonly KnownRecipient[], owner: KnownDomain | undefined = domain) =>
  resolveRecipient(recipientQuestion(raw), { domain: owner, recipients }).verdict;
const deferred = { kind: 'unknownRecipient', tenantId: tenant, policy: 'defer' };
const refused = { kind: 'unknownRecipient', tenantId: tenant, policy: 'reject' };

describe(resolveRecipient.name, () => {
  it.each([
    ['the primary address in any spelling', 'A@Contoso.Example.', [row('a')], 'mailbox-a', 'primary'],
    ['an alias', 'b@contoso.example', [row('b', { role: 'alias', primary: 'a@contoso.example' })], 'mailbox-b', 'alias'],
    ['a former address', 'b@contoso.example', [row('b', { role: 'former' })], 'mailbox-b', 'former'],
    ['the exact address before the base', 'a+b@contoso.example', [row('a'), row('a+b')], 'mailbox-a+b', 'primary'],
    ['the base of a subaddress', 'a+c@contoso.example', [row('a')], 'mailbox-a', 'subaddress'],
  ] as const)('should find %s', (_what, raw, recipients, mailboxId, matchedBy) => {
    expect(resolve(raw, recipients)).toMatchObject({ kind: 'mailbox', tenantId: tenant, mailboxId, matchedBy, version: 7 });
  }); // prettier-ignore

  it.each(['reject', 'defer', 'hold'] as const)('should hand on what happens to mail: %s', (action) => {
    expect(resolve('a@contoso.example', [row('a', { action })])).toMatchObject({ kind: 'mailbox', action });
  });

  it('should look for no base where the domain has no subaddresses, and for none of a bare +x', () => {
    const off = { ...domain, subaddressing: 'off' } as const;
    expect(resolve('a+c@contoso.example', [row('a')], off)).toEqual(deferred);
    expect(resolve('a+b@contoso.example', [row('a+b')], off)).toMatchObject({ kind: 'mailbox' });
    expect(resolve('+x@contoso.example', [row('')])).toEqual(deferred);
  });

  it('should refuse a removed address whatever the domain does with unknown ones, and not give it to the base', () => {
    const accepting = { ...domain, unknownRecipientPolicy: 'accept' } as const;
    expect(resolve('nobody@contoso.example', [], accepting)).toMatchObject({ policy: 'accept' });
    expect(resolve('a@contoso.example', [row('a', { action: 'gone' })], accepting)).toEqual(refused);
    expect(resolve('a+b@contoso.example', [row('a+b', { action: 'gone' }), row('a')], accepting)).toEqual(refused);
  });

  it('should know no domain that nobody owns or that is suspended, but an address that was claimed where nobody owns', () => {
    const nobody = undefined;
    expect(resolveRecipient(recipientQuestion('a@contoso.example'), { domain: nobody, recipients: [] }).verdict).toEqual({ kind: 'unknownDomain' });
    expect(resolve('a@contoso.example', [row('a')], { ...domain, status: 'suspended' })).toEqual({ kind: 'unknownDomain' });
    const open = resolveRecipient(recipientQuestion('a+x@contoso.example'), { domain: nobody, recipients: [row('a')] });
    expect(open.verdict).toMatchObject({ kind: 'mailbox', matchedBy: 'subaddress' });
  }); // prettier-ignore

  it('should count no claim of another tenant at a domain that is owned', () => {
    expect(resolve('a@contoso.example', [row('a', { tenant: other })])).toEqual(deferred);
  });

  it.each([
    ['no at sign', 'contoso.example', null, 'invalid_syntax'],
    ['nothing', '', null, 'invalid_syntax'],
    ['an at sign alone', '@', null, 'invalid_syntax'],
    ['two at signs', 'a@b@contoso.example', 'contoso.example', 'invalid_syntax'],
    ['a quoted local part', '"a b"@contoso.example', 'contoso.example', 'invalid_syntax'],
    ['a control character', 'a\u0007@contoso.example', 'contoso.example', 'invalid_syntax'],
    ['a local part outside ASCII', 'jürg@contoso.example', 'contoso.example', 'unsupported_utf8'],
    ['an address literal', 'a@[127.0.0.1]', null, 'invalid_syntax'],
    ['a long local part', `${'a'.repeat(65)}@contoso.example`, 'contoso.example', 'invalid_syntax'],
    ['a very long text', 'x'.repeat(100_000), null, 'invalid_syntax'],
    ['half a character', '\ud800@contoso.example', 'contoso.example', 'unsupported_utf8'],
  ])('should take %s for unknown, with the reason', (_what, raw, domainAscii, problem) => {
    expect(recipientQuestion(raw)).toEqual({ domainAscii, keys: [], problem });
    expect(resolve(raw, [])).toEqual(deferred);
  });
});
