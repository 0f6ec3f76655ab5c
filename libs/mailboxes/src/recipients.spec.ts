import { describe, expect, it } from '@jest/globals';
import { type CanonicalAddress, parseAddress } from './address-codec.js';
import { defaultMailPolicy, defaultMailSettings, type MailPolicy } from './mail-policy.js';
import type { InactiveMailPolicy, Mailbox } from './mailbox.js';
import { recipientsOf } from './recipients.js';
import type { Grant } from './grants.js';
import { endMailbox, followUser, newMailbox, withoutAddress } from './transitions.js';
import type { UserFacts } from './user-facts.js';

const anna: UserFacts = { userId: 'user-1', userName: 'anna@contoso.ch', externalId: 'e1', active: true };
const now = { now: 1000, policy: defaultMailSettings, erasesOnDeactivation: false };

function grant(address: string): Grant {
  return { kind: 'granted', address: parseAddress(address) as CanonicalAddress, basis: 'domain' };
}

function rows(mailbox: Mailbox | undefined, policy: MailPolicy = defaultMailPolicy): Readonly<Record<string, string>> {
  return Object.fromEntries(recipientsOf(mailbox, policy));
}

const renamed = followUser(newMailbox(anna, grant('anna@contoso.ch'), now), anna, grant('b@contoso.ch'), now);
const suspended = followUser(renamed, { ...anna, active: false }, undefined, now);

describe(recipientsOf.name, () => {
  it('should have none for no mailbox', () => {
    expect(rows(undefined)).toEqual({});
  });

  it('should accept for the primary and the former address of an active mailbox', () => {
    expect(rows(renamed)).toEqual({ 'anna@contoso.ch': 'accept', 'b@contoso.ch': 'accept' });
  });

  it.each([
    ['reject', 'reject'],
    ['defer', 'defer'],
    ['hold', 'hold'],
    ['deliver', 'accept'],
  ] as const)('should under the policy %s answer %s for a suspended mailbox', (inactiveMailPolicy, action) => {
    const policy = { ...defaultMailPolicy, inactiveMailPolicy };
    expect(rows(suspended, policy)).toEqual({ 'anna@contoso.ch': action, 'b@contoso.ch': action });
  });

  it('should let the mailbox have another policy than its tenant', () => {
    const own: InactiveMailPolicy = 'deliver';
    expect(rows({ ...suspended, inactiveMailPolicy: own })).toEqual({
      'anna@contoso.ch': 'accept',
      'b@contoso.ch': 'accept',
    });
  });

  it('should be gone for the reserved addresses of a deleted mailbox', () => {
    expect(rows(endMailbox(renamed, now))).toEqual({ 'anna@contoso.ch': 'gone', 'b@contoso.ch': 'gone' });
  });

  it('should be gone for the former address of a mailbox that lost its primary one', () => {
    expect(rows(withoutAddress(renamed, 'b@contoso.ch', undefined, now))).toEqual({ 'anna@contoso.ch': 'gone' });
  });

  it('should have nothing for a released address', () => {
    expect(rows(withoutAddress(renamed, 'anna@contoso.ch', undefined, now))).toEqual({ 'b@contoso.ch': 'accept' });
  });

  it('should accept while the grace lasts', () => {
    expect(rows({ ...suspended, graceUntil: 9 })).toEqual({ 'anna@contoso.ch': 'accept', 'b@contoso.ch': 'accept' });
  });

  it.each(['shared', 'resource', 'role'] as const)(
    'should go on accepting for a suspended mailbox of kind %s',
    (kind) => {
      expect(rows({ ...suspended, kind })).toMatchObject({ 'anna@contoso.ch': 'accept' });
      expect(rows({ ...suspended, kind, inactiveMailPolicy: 'defer' })).toMatchObject({ 'anna@contoso.ch': 'defer' });
    },
  );

  it('should follow the tenant’s policy for every mailbox of a suspended tenant', () => {
    const policy = { ...defaultMailPolicy, inactiveMailPolicy: 'hold' } as const;
    const whole: Mailbox = { ...suspended, kind: 'shared', inactiveMailPolicy: 'deliver', statusReason: 'tenant' };
    expect(rows(whole, policy)).toEqual({ 'anna@contoso.ch': 'hold', 'b@contoso.ch': 'hold' });
  });
});
