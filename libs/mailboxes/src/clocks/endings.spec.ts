import { describe, expect, it } from '@jest/globals';
import { withDerivedStatus } from '../derive-status.js';
import { defaultMailPolicy, defaultMailSettings } from '../mail-policy.js';
import type { Mailbox, MailboxAddress } from '../mailbox.js';
import { newMailbox } from '../transitions.js';
import { eraseMailbox, expiredAddresses, purgeMailbox, withoutExpired } from './endings.js';

const day = 86_400_000;
const now = 1000 * day;
const at = (time: number) => ({ now: time, policy: defaultMailSettings });

function address(id: string, more: Partial<MailboxAddress>): MailboxAddress {
  const common = {
    localKey: id,
    localDisplay: id.toUpperCase(),
    domainAscii: 'contoso.example',
    source: 'userName',
  } as const;
  return { id, ...common, role: 'primary', basis: 'domain', state: 'live', createdAt: 1, validUntil: null, ...more };
}

const wish = { wantedKey: 'x@other.example', domainAscii: 'other.example', reason: 'domain_not_owned' } as const;
const facts = { userId: 'u', userName: 'a@contoso.example', externalId: 'e', active: true };
const circumstances = { now: 1, policy: defaultMailSettings, erasesOnDeactivation: false };
const blank = newMailbox(facts, { kind: 'parked', wish }, circumstances);

const deleted: Mailbox = {
  ...blank,
  scimUserId: null,
  status: 'deleted',
  deletedAt: now - 30 * day,
  purgeAfter: now,
  eraseAfter: now + day,
  addresses: [
    address('a', { state: 'reserved', validUntil: now + 90 * day }),
    address('b', { state: 'reserved', role: 'former', validUntil: now - day }),
    address('c', { state: 'released', role: 'former' }),
  ],
};

describe(purgeMailbox.name, () => {
  const purged = purgeMailbox(deleted, now, defaultMailPolicy);

  it('should leave nothing that names a person but reserved addresses', () => {
    expect(purged).toMatchObject({ id: deleted.id, externalId: null, eraseAfter: null, purgeAfter: null, wishes: [] });
    expect(purged.addresses.map(({ id, localDisplay, state }) => [id, localDisplay, state])).toEqual([
      ['a', 'a', 'reserved'],
      ['b', 'b', 'reserved'],
    ]);
  });

  it('should reserve the addresses from now on, and never for a shorter time than before', () => {
    expect(purged.addresses.map(({ validUntil }) => validUntil)).toEqual([now + 90 * day, now + 90 * day]);
    const longer = purgeMailbox(deleted, now, { reserveDays: 1 });
    expect(longer.addresses.map(({ validUntil }) => validUntil)).toEqual([now + 90 * day, now + day]);
  });

  it('should be final', () => {
    expect(purged).toMatchObject({ status: 'purged', statusReason: 'retention', statusSince: now });
    expect(withDerivedStatus({ ...purged, deletedAt: null, scimActive: true }, at(now + 1)).status).toBe('purged');
  });
});

describe(expiredAddresses.name, () => {
  const live: Mailbox = {
    ...blank,
    status: 'active',
    wishes: [],
    addresses: [
      address('primary', { validUntil: 1 }),
      address('over', { role: 'former', validUntil: now }),
      address('valid', { role: 'former', validUntil: now + 1 }),
      address('forever', { role: 'former', validUntil: null }),
    ],
  };

  it('should be the former addresses of a mailbox whose time is over, and never its primary one', () => {
    const expired = expiredAddresses(live, now);
    expect(expired.map(({ id }) => id)).toEqual(['over']);
    const after = withoutExpired(live, expired, at(now));
    expect(after.addresses.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'primary live',
      'over released',
      'valid live',
      'forever live',
    ]);
  });

  it('should be reserved addresses of a purged mailbox, and of no other', () => {
    const late = now + 1000 * day;
    expect(expiredAddresses(deleted, late)).toEqual([]);
    const purged = purgeMailbox(deleted, now, defaultMailPolicy);
    const expired = expiredAddresses(purged, late);
    expect(expired.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(withoutExpired(purged, expired, at(late))).toMatchObject({ status: 'purged', addresses: [] });
  });
});

describe(eraseMailbox.name, () => {
  it('should forget how the address was written, and that there was a date', () => {
    const due: Mailbox = { ...blank, scimActive: false, eraseAfter: now, addresses: [address('anna', {})] };
    expect(eraseMailbox(due)).toEqual({
      ...due,
      eraseAfter: null,
      addresses: [address('anna', { localDisplay: 'anna' })],
    });
  });
});
