import { describe, expect, it } from '@jest/globals';
import { deriveStatus, withDerivedStatus } from './derive-status.js';
import type { AddressWish, AdminState, Mailbox, MailboxAddress } from './mailbox.js';

const primary: MailboxAddress = {
  id: 'address-1',
  localKey: 'anna',
  localDisplay: 'Anna',
  domainAscii: 'contoso.ch',
  role: 'primary',
  source: 'userName',
  basis: 'domain',
  state: 'live',
  createdAt: 1,
  validUntil: null,
};
const former: MailboxAddress = { ...primary, id: 'address-2', localKey: 'old', role: 'former', validUntil: 9 };
const released: MailboxAddress = { ...primary, id: 'address-3', state: 'released' };
const wish: AddressWish = { wantedKey: 'anna@fabrikam.com', domainAscii: 'fabrikam.com', reason: 'domain_not_owned' };
const taken: AddressWish = { ...wish, reason: 'address_taken' };

const mailbox: Mailbox = {
  id: 'mailbox-1',
  scimUserId: 'user-1',
  externalId: null,
  origin: 'scim',
  kind: 'user',
  scimActive: true,
  adminState: 'none',
  legalHold: false,
  inactiveMailPolicy: null,
  status: 'active',
  statusReason: null,
  statusSince: 1,
  createdAt: 1,
  deletedAt: null,
  purgeAfter: null,
  eraseAfter: null,
  rowVersion: 1,
  addresses: [primary],
  wishes: [],
};

type Addresses = 'primary' | 'primary and wish' | 'none and wish' | 'none' | 'only former' | 'released and taken';
const holdings: Readonly<Record<Addresses, Pick<Mailbox, 'addresses' | 'wishes'>>> = {
  primary: { addresses: [primary], wishes: [] },
  'primary and wish': { addresses: [former, primary], wishes: [wish] },
  'none and wish': { addresses: [], wishes: [wish] },
  none: { addresses: [], wishes: [] },
  'only former': { addresses: [former], wishes: [] },
  'released and taken': { addresses: [released], wishes: [taken] },
};
const pendingReason: Readonly<Partial<Record<Addresses, string>>> = {
  'none and wish': 'domain_not_owned',
  none: 'address_missing',
  'only former': 'address_missing',
  'released and taken': 'address_taken',
};

/** The rule again, as the table of the model has it: from the strongest input to the weakest. */
function expected(isDeleted: boolean, addresses: Addresses, admin: AdminState, active: boolean | null): string {
  if (isDeleted) return admin === 'suspended' ? 'deleted(admin)' : 'deleted(scim)';
  const reason = pendingReason[addresses];
  if (reason !== undefined) return `pending(${reason})`;
  const byAdmin = { suspended: 'suspended(admin)', forced_active: 'active(admin)', none: undefined }[admin];
  return byAdmin ?? (active === false ? 'suspended(scim)' : 'active(null)');
}

const table = [false, true].flatMap((isDeleted) =>
  (Object.keys(holdings) as Addresses[]).flatMap((addresses) =>
    (['none', 'suspended', 'forced_active'] as const).flatMap((admin) =>
      [true, false, null].map((active) => ({
        isDeleted,
        addresses,
        admin,
        active,
        status: expected(isDeleted, addresses, admin, active),
      })),
    ),
  ),
);

describe(deriveStatus.name, () => {
  it.each(table)(
    'should be $status when deleted $isDeleted, address $addresses, admin $admin, active $active',
    ({ isDeleted, addresses, admin, active, status }) => {
      const derived = deriveStatus({
        ...mailbox,
        ...holdings[addresses],
        adminState: admin,
        scimActive: active,
        deletedAt: isDeleted ? 5 : null,
      });
      expect(`${derived.status}(${derived.reason})`).toBe(status);
    },
  );

  it('should reach every status of the first form in this table', () => {
    expect(new Set(table.map(({ status }) => status))).toEqual(
      new Set([
        'active(null)', 'active(admin)', 'suspended(scim)', 'suspended(admin)', 'deleted(scim)', 'deleted(admin)',
        'pending(domain_not_owned)', 'pending(address_missing)', 'pending(address_taken)',
      ]), // prettier-ignore
    );
  });

  it.each([
    ['another stored status', { status: 'suspended', statusReason: 'scim', statusSince: 9 } as const],
    ['a legal hold', { legalHold: true }],
    ['another kind and origin', { kind: 'shared', origin: 'import' } as const],
    ['a mail policy of its own', { inactiveMailPolicy: 'hold' } as const],
  ])('should not be moved by %s', (_, change) => {
    expect(deriveStatus({ ...mailbox, ...change })).toEqual({ status: 'active', reason: null });
  });
});

describe(withDerivedStatus.name, () => {
  it('should move statusSince when the status changes', () => {
    const after = withDerivedStatus({ ...mailbox, scimActive: false }, 50);
    expect(after).toMatchObject({ status: 'suspended', statusReason: 'scim', statusSince: 50 });
  });

  it('should move statusSince when only the reason changes', () => {
    const suspended = withDerivedStatus({ ...mailbox, scimActive: false }, 50);
    const byAdmin = withDerivedStatus({ ...suspended, adminState: 'suspended' }, 60);
    expect(byAdmin).toMatchObject({ status: 'suspended', statusReason: 'admin', statusSince: 60 });
  });

  it('should keep statusSince when nothing changes', () => {
    expect(withDerivedStatus(mailbox, 50)).toEqual(mailbox);
  });
});
