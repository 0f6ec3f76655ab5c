/** Where a mailbox stands between the identity provider's wish and the end of its data. */
export type MailboxStatus = 'pending' | 'active' | 'suspended' | 'deleted' | 'purged';

/** What support has said about a mailbox, above what the identity provider says. */
export type AdminState = 'none' | 'suspended' | 'forced_active';

/** What happens to mail for a mailbox that is not active. */
export type InactiveMailPolicy = 'reject' | 'defer' | 'hold' | 'deliver';

/** What a mailbox is for; only a `user`'s takes a seat. */
export type MailboxKind = 'user' | 'shared' | 'resource' | 'role';

/** What became of a mailbox in its batch of leavers: it waits for support, or support's word was carried out. */
export type GuardState = 'held' | 'released' | 'rejected';

/** Why an address that the identity provider wants is not granted. */
export type WishReason =
  | 'domain_not_owned'
  | 'address_taken'
  | 'invalid_syntax'
  | 'unsupported_utf8'
  | 'seat_limit'
  | 'address_source_missing';

/** An address of a mailbox. Times are milliseconds since 1970, UTC. */
export interface MailboxAddress {
  readonly id: string;
  readonly localKey: string;
  readonly localDisplay: string;
  readonly domainAscii: string;
  readonly role: 'primary' | 'alias' | 'former';
  readonly source: 'userName' | 'email' | 'proxy' | 'admin' | 'import';
  /** `domain`: the tenant owns the domain; `open`: nobody does, and the claim yields to the first owner. */
  readonly basis: 'domain' | 'open';
  readonly state: 'live' | 'reserved' | 'released';
  readonly createdAt: number;
  readonly validUntil: number | null;
}

/** An address that the identity provider wants and was not granted. */
export interface AddressWish {
  /** The address; for `address_source_missing` the attribute that has none. */
  readonly wantedKey: string;
  /** Absent: the primary one. */
  readonly role?: 'primary' | 'alias';
  readonly domainAscii: string | null;
  readonly reason: WishReason;
}

/** A mailbox account with its addresses: what the mail service grants to one SCIM user. */
export interface Mailbox {
  readonly id: string;
  readonly scimUserId: string | null;
  readonly externalId: string | null;
  readonly origin: 'scim' | 'manual' | 'import' | 'discovered';
  readonly kind: MailboxKind;
  /** Whether support set the kind, so that the identity provider no longer does. */
  readonly kindFixed: boolean;
  readonly scimActive: boolean | null;
  readonly adminState: AdminState;
  readonly legalHold: boolean;
  readonly inactiveMailPolicy: InactiveMailPolicy | null;
  readonly status: MailboxStatus;
  readonly statusReason: string | null;
  readonly statusSince: number;
  readonly createdAt: number;
  readonly deletedAt: number | null;
  /** When the data ends, for a deleted mailbox. */
  readonly purgeAfter: number | null;
  /** When profile data ends, for a deactivated mailbox of a service that erases on deactivation. */
  readonly eraseAfter: number | null;
  /** Whether it occupies one of the tenant's seats. */
  readonly seat: boolean;
  /** Since when it occupies it; set where the mailbox is written. */
  readonly seatSince: number | null;
  /** Until when mail of a mailbox that is no longer active is still accepted; a clock takes it away when it is past. */
  readonly graceUntil: number | null;
  /** The last batch of leavers that the deprovision guard put it into, until its person comes back. */
  readonly guardBatchId: string | null;
  readonly guardState: GuardState | null;
  readonly rowVersion: number;
  readonly addresses: readonly MailboxAddress[];
  readonly wishes: readonly AddressWish[];
}

/** The address's key in claims and in the recipient read model. */
export function addressKey({ localKey, domainAscii }: Pick<MailboxAddress, 'localKey' | 'domainAscii'>): string {
  return `${localKey}@${domainAscii}`;
}

/** The address that mail is sent to, as it was given; undefined while none is granted. */
export function primaryAddress(mailbox: Pick<Mailbox, 'addresses'>): MailboxAddress | undefined {
  return mailbox.addresses.find(({ role, state }) => role === 'primary' && state !== 'released');
}

/** The wish for the address that mail would be sent to; undefined when there is nothing to wish for. */
export function primaryWish(mailbox: Pick<Mailbox, 'wishes'>): AddressWish | undefined {
  return mailbox.wishes.find(({ role }) => role !== 'alias');
}
