import { describe, expect, it } from '@jest/globals';
import { deriveStatus, takesSeat, withDerivedStatus } from './derive-status.js';
import { defaultMailSettings } from './mail-policy.js';
import type { AddressWish, AdminState, Mailbox, MailboxAddress } from './mailbox.js';

const at = (now: number) => ({ now, policy: defaultMailSettings });

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
  kindFixed: false,
  seat: true,
  seatSince: 1,
  graceUntil: null,
  guardBatchId: null,
  guardState: null,
  rowVersion: 1,
  addresses: [primary],
  wishes: [],
};

const seat: AddressWish = { wantedKey: 'anna@contoso.ch', domainAscii: 'contoso.ch', reason: 'seat_limit' };
const alias: AddressWish = { ...taken, role: 'alias' };

type Addresses =
  | 'primary and seat wish'
  | 'primary and alias wish'
  | 'only seat wish'
  | 'primary'
  | 'primary and wish'
  | 'none and wish'
  | 'none'
  | 'only former'
  | 'released and taken';
const holdings: Readonly<Record<Addresses, Pick<Mailbox, 'addresses' | 'wishes'>>> = {
  primary: { addresses: [primary], wishes: [] },
  'primary and wish': { addresses: [former, primary], wishes: [wish] },
  'none and wish': { addresses: [], wishes: [wish] },
  none: { addresses: [], wishes: [] },
  'only former': { addresses: [former], wishes: [] },
  'primary and seat wish': { addresses: [primary], wishes: [seat] },
  'primary and alias wish': { addresses: [primary], wishes: [alias] },
  'only seat wish': { addresses: [], wishes: [alias, seat] },
  'released and taken': { addresses: [released], wishes: [taken] },
};
const pendingReason: Readonly<Partial<Record<Addresses, string>>> = {
  'none and wish': 'domain_not_owned',
  none: 'address_missing',
  'only former': 'address_missing',
  'released and taken': 'address_taken',
  'primary and seat wish': 'seat_limit',
  'only seat wish': 'seat_limit',
};

/** The rule again, as the table of the model has it: from the strongest input to the weakest. */
function expected(
  isDeleted: boolean,
  addresses: Addresses,
  admin: AdminState,
  active: boolean | null,
  isTenantSuspended: boolean,
): string {
  if (isDeleted) return admin === 'suspended' ? 'deleted(admin)' : 'deleted(scim)';
  const reason = pendingReason[addresses];
  if (reason !== undefined) return `pending(${reason})`;
  if (isTenantSuspended) return 'suspended(tenant)';
  const byAdmin = { suspended: 'suspended(admin)', forced_active: 'active(admin)', none: undefined }[admin];
  return byAdmin ?? (active === false ? 'suspended(scim)' : 'active(null)');
}

const table = [false, true].flatMap((isDeleted) =>
  (Object.keys(holdings) as Addresses[]).flatMap((addresses) =>
    (['none', 'suspended', 'forced_active'] as const).flatMap((admin) =>
      [true, false, null].flatMap((active) =>
        [false, true].map((isTenantSuspended) => ({
          isDeleted,
          addresses,
          admin,
          active,
          isTenantSuspended,
          status: expected(isDeleted, addresses, admin, active, isTenantSuspended),
        })),
      ),
    ),
  ),
);

describe(deriveStatus.name, () => {
  it.each(table)(
    'should be $status when deleted $isDeleted, address $addresses, admin $admin, active $active, tenant suspended $isTenantSuspended',
    ({ isDeleted, addresses, admin, active, isTenantSuspended, status }) => {
      const inputs = {
        ...mailbox,
        ...holdings[addresses],
        adminState: admin,
        scimActive: active,
        deletedAt: isDeleted ? 5 : null,
      };
      const derived = deriveStatus(inputs, isTenantSuspended);
      expect(`${derived.status}(${derived.reason})`).toBe(status);
    },
  );

  it.each([
    ['held', 'none', true, 'active(guard_held)'],
    ['held', 'none', false, 'active(guard_held)'],
    ['held', 'suspended', false, 'suspended(admin)'],
    ['held', 'forced_active', false, 'active(admin)'],
    ['rejected', 'none', false, 'active(guard_rejected)'],
    ['rejected', 'none', null, 'active(null)'],
    ['rejected', 'suspended', false, 'suspended(admin)'],
    ['released', 'none', false, 'suspended(scim)'],
  ] as const)(
    'should be of one %s by the guard, admin %s, active %s: %s',
    (guardState, adminState, scimActive, status) => {
      const inputs = { ...mailbox, guardState, adminState, scimActive };
      const told = ({ status: to, reason }: ReturnType<typeof deriveStatus>) => `${to}(${reason})`;
      expect(told(deriveStatus(inputs))).toBe(status);
      expect(told(deriveStatus(inputs, true))).toBe('suspended(tenant)');
      expect(told(deriveStatus({ ...inputs, addresses: [] }))).toBe('pending(address_missing)');
    },
  );

  it('should reach every status of the first form in this table', () => {
    expect(new Set(table.map(({ status }) => status))).toEqual(
      new Set([
        'active(null)', 'active(admin)', 'suspended(scim)', 'suspended(admin)', 'suspended(tenant)', 'deleted(scim)', 'deleted(admin)',
        'pending(domain_not_owned)', 'pending(address_missing)', 'pending(address_taken)', 'pending(seat_limit)',
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
    const after = withDerivedStatus({ ...mailbox, scimActive: false }, at(50));
    expect(after).toMatchObject({ status: 'suspended', statusReason: 'scim', statusSince: 50 });
  });

  it('should move statusSince when only the reason changes', () => {
    const suspended = withDerivedStatus({ ...mailbox, scimActive: false }, at(50));
    const byAdmin = withDerivedStatus({ ...suspended, adminState: 'suspended' }, at(60));
    expect(byAdmin).toMatchObject({ status: 'suspended', statusReason: 'admin', statusSince: 60 });
  });

  it('should keep statusSince when nothing changes', () => {
    expect(withDerivedStatus(mailbox, at(50))).toEqual(mailbox);
  });

  it('should begin the grace when the mailbox ceases to be active, and not again with another reason', () => {
    const policy = { ...defaultMailSettings, inactiveGraceHours: 2 };
    const hour = 3_600_000;
    const off = withDerivedStatus({ ...mailbox, scimActive: false }, { now: 50, policy });
    expect(off.graceUntil).toBe(50 + 2 * hour);
    const byAdmin = withDerivedStatus({ ...off, adminState: 'suspended' }, { now: 60, policy });
    expect(byAdmin).toMatchObject({ statusSince: 60, graceUntil: 50 + 2 * hour });
    expect(withDerivedStatus({ ...off, scimActive: true }, { now: 70, policy }).graceUntil).toBeNull();
    expect(withDerivedStatus({ ...mailbox, scimActive: false }, at(50)).graceUntil).toBeNull();
  });
});

describe(takesSeat.name, () => {
  it.each([
    ['a user’s, active', {}, true],
    ['a user’s, suspended', { scimActive: false }, false],
    ['a user’s, forced active', { scimActive: false, adminState: 'forced_active' } as const, true],
    ['a user’s, suspended by support', { adminState: 'suspended' } as const, false],
    ['a user’s, deleted', { deletedAt: 5 }, false],
    ['a user’s, without an address', { addresses: [former] }, false],
    ['shared', { kind: 'shared' } as const, false],
    ['a room', { kind: 'resource' } as const, false],
    ['a role', { kind: 'role' } as const, false],
  ])('should say for a mailbox that is %s', (_, change, takes) => {
    expect(takesSeat({ ...mailbox, ...change })).toBe(takes);
  });
});
