import type { Session, TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { type CanonicalAddress, parseAddress } from './address-codec.js';
import type { Grant } from './grants.js';
import { isHeldDeletion } from './guard/guard-state.js';
import { type MailSettings, settingsColumns, settingsFromRow, type SettingsRow } from './mail-policy.js';
import type { Mailbox, MailboxAddress } from './mailbox.js';
import { formerMailbox } from './mailbox.repository.js';

/** Who holds an address now. `tenant` may be another one: the claim is one of the two lookups across tenants. */
export interface AddressHolder {
  readonly tenant: TenantId;
  readonly mailboxId: string;
  readonly addressId: string;
  readonly role: MailboxAddress['role'];
  readonly state: MailboxAddress['state'];
  readonly basis: MailboxAddress['basis'];
  /** Whether the holder's mailbox has a SCIM user. */
  readonly isLinked: boolean;
  readonly isDeleted: boolean;
  /** Whether the holder's user is deleted, and its mailbox waits in a batch of leavers. */
  readonly isHeld: boolean;
}

/** What is known about an address that a user asks for. */
export interface AddressInquiry {
  readonly grant: Grant;
  readonly holder?: AddressHolder;
}

interface DomainRow {
  readonly owner: TenantId | null;
  readonly transfer_to: string | null;
  readonly has_domains: number;
}

interface HolderRow {
  readonly holder_tenant: TenantId | null;
  readonly mailbox_id: string;
  readonly address_id: string;
  readonly role: AddressHolder['role'];
  readonly state: AddressHolder['state'];
  readonly basis: AddressHolder['basis'];
  readonly scim_user_id: string | null;
  readonly deleted_at: number | null;
  readonly guard_state: Mailbox['guardState'];
}

type Row = DomainRow & HolderRow;

const ownsAny = 'EXISTS (SELECT 1 FROM mail_domain o WHERE o.tenant_id = ? AND o.owner_key IS NOT NULL)';
const holderColumns = `
  a.tenant_id AS holder_tenant, a.mailbox_id, a.id AS address_id, a.role, a.state, a.basis, m.scim_user_id, m.deleted_at, m.guard_state`;
const columns = `d.tenant_id AS owner, d.transfer_to, ${ownsAny} AS has_domains, ${holderColumns}`;
const holder = `
  LEFT JOIN mail_domain d ON d.owner_key = ?
  LEFT JOIN mailbox_address a ON a.claim_key = ?
  LEFT JOIN mailbox_account m ON m.tenant_id = a.tenant_id AND m.id = a.mailbox_id`;
const inquiry = `SELECT ${columns} FROM (SELECT 1 AS one) AS probe ${holder}`;
/** What a new user's mailbox depends on, in one statement: settings, the userName as an address, the mailbox it had before. */
const prospect = `
  SELECT ${settingsColumns}, ${columns},
         (SELECT f.id FROM mailbox_account f WHERE f.tenant_id = ? AND f.external_id = ? AND ${formerMailbox}) AS former
    FROM tenant_mail_counter c LEFT JOIN tenant_mail_policy p ON p.tenant_id = c.tenant_id ${holder}
   WHERE c.tenant_id = ?`;
const keysPerStatement = 500;

/** Decides whether a tenant may claim an address, in one indexed statement. */
@Injectable()
export class AddressClaims {
  /**
   * Looks an address up as it was given. A parked answer names the reason and never who else owns the domain;
   * a grant still needs its holder, if there is one, to yield.
   */
  async inquire(tenant: TenantId, session: Session, raw: string): Promise<AddressInquiry> {
    const address = parseAddress(raw);
    if (typeof address === 'string') {
      return { grant: parked({ key: raw.slice(0, 512), domainAscii: null }, address) };
    }
    const row = await session.first<Row>(inquiry, [tenant, address.domainAscii, address.key]);
    return inquiryOf(tenant, address, row, row);
  }

  /** Like {@link inquire}, for the addresses of a batch, by their keys. */
  async inquireMany(
    tenant: TenantId,
    session: Session,
    addresses: readonly CanonicalAddress[],
  ): Promise<ReadonlyMap<string, AddressInquiry>> {
    const owners = await listBy<Omit<DomainRow, 'has_domains'> & { readonly owner_key: string }>(
      session,
      'SELECT d.owner_key, d.tenant_id AS owner, d.transfer_to FROM mail_domain d WHERE d.owner_key',
      [...new Set(addresses.map(({ domainAscii }) => domainAscii))],
    );
    const holders = await listBy<HolderRow & { readonly claim_key: string }>(
      session,
      `SELECT a.claim_key, ${holderColumns} FROM mailbox_address a JOIN mailbox_account m ON m.tenant_id = a.tenant_id AND m.id = a.mailbox_id WHERE a.claim_key`,
      [...new Set(addresses.map(({ key }) => key))],
    );
    const any = await session.first<{ readonly has_domains: number }>(`SELECT ${ownsAny} AS has_domains`, [tenant]);
    const ownerOf = new Map(owners.map((row) => [row.owner_key, row]));
    const holderOfKey = new Map(holders.map((row) => [row.claim_key, row]));
    return new Map(
      addresses.map((address) => {
        const { owner = null, transfer_to: transfer = null } = ownerOf.get(address.domainAscii) ?? {};
        const domain = { owner, transfer_to: transfer, has_domains: any?.has_domains ?? 0 };
        return [address.key, inquiryOf(tenant, address, domain, holderOfKey.get(address.key))];
      }),
    );
  }

  /** Like {@link inquire}, for a user who is new, with the settings and the id of the mailbox that the person had. */
  async inquireProspect(
    tenant: TenantId,
    session: Session,
    { userName, externalId }: { readonly userName: string; readonly externalId: string | null },
  ): Promise<Prospect> {
    const address = parseAddress(userName);
    const [domain, key] = typeof address === 'string' ? [null, null] : [address.domainAscii, address.key];
    const row = await session.first<Row & SettingsRow & { readonly former: string | null }>(prospect, [
      tenant,
      tenant,
      externalId,
      domain,
      key,
      tenant,
    ]);
    const former = row?.former ?? null;
    return {
      settings: settingsFromRow(row),
      inquiry:
        typeof address === 'string'
          ? { grant: parked({ key: userName.slice(0, 512), domainAscii: null }, address) }
          : inquiryOf(tenant, address, row, row),
      ...(former === null ? {} : { formerId: former }),
    };
  }
}

/** What is known about a user who is new. */
export interface Prospect {
  readonly settings: MailSettings;
  readonly inquiry: AddressInquiry;
  readonly formerId?: string;
}

async function listBy<Found>(session: Session, statement: string, keys: readonly string[]): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (let start = 0; start < keys.length; start += keysPerStatement) {
    const some = keys.slice(start, start + keysPerStatement);
    found.push(...(await session.list<Found>(`${statement} IN (${some.map(() => '?').join(', ')})`, some)));
  }
  return found;
}

function inquiryOf(
  tenant: TenantId,
  address: CanonicalAddress,
  domain: DomainRow | undefined,
  held: HolderRow | undefined,
): AddressInquiry {
  const basis = claimBasis(tenant, domain);
  const holder = holderOf(held);
  const grant: Grant = basis === undefined ? parked(address, 'domain_not_owned') : { kind: 'granted', address, basis };
  return { grant, ...(holder === undefined ? {} : { holder }) };
}

/** A wish instead of a grant. */
export function parked(
  { key, domainAscii }: Pick<CanonicalAddress, 'key'> & { readonly domainAscii: string | null },
  reason: Extract<Grant, { kind: 'parked' }>['wish']['reason'],
): Grant {
  return { kind: 'parked', wish: { wantedKey: key, domainAscii, reason } };
}

/** A tenant claims on its own domains, unless one is on its way to another tenant; one without domains on any that nobody owns. */
function claimBasis(tenant: TenantId, row: DomainRow | undefined): MailboxAddress['basis'] | undefined {
  if (row?.owner === tenant) {
    return row.transfer_to === null ? 'domain' : undefined;
  }
  return (row?.owner ?? null) === null && row?.has_domains === 0 ? 'open' : undefined;
}

function holderOf(row: HolderRow | undefined): AddressHolder | undefined {
  const holder = row?.holder_tenant ?? null;
  if (row === undefined || holder === null) {
    return undefined;
  }
  return {
    tenant: holder,
    mailboxId: row.mailbox_id,
    addressId: row.address_id,
    role: row.role,
    state: row.state,
    basis: row.basis,
    isLinked: row.scim_user_id !== null,
    isDeleted: row.deleted_at !== null,
    isHeld: isHeldDeletion({ guardState: row.guard_state, scimUserId: row.scim_user_id }),
  };
}
