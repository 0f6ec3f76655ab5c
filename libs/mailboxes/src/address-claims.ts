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

interface Row {
  readonly owner: TenantId | null;
  readonly transfer_to: string | null;
  readonly has_domains: number;
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

const columns = `
  d.tenant_id AS owner, d.transfer_to,
  EXISTS (SELECT 1 FROM mail_domain o WHERE o.tenant_id = ? AND o.owner_key IS NOT NULL) AS has_domains,
  a.tenant_id AS holder_tenant, a.mailbox_id, a.id AS address_id, a.role, a.state, a.basis, m.scim_user_id, m.deleted_at, m.guard_state`;
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
    return inquiryOf(tenant, address, row);
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
          : inquiryOf(tenant, address, row),
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

function inquiryOf(tenant: TenantId, address: CanonicalAddress, row: Row | undefined): AddressInquiry {
  const basis = claimBasis(tenant, row);
  if (basis === undefined) {
    return { grant: parked(address, 'domain_not_owned') };
  }
  const holder = holderOf(row);
  return { grant: { kind: 'granted', address, basis }, ...(holder === undefined ? {} : { holder }) };
}

/** A wish instead of a grant. */
export function parked(
  { key, domainAscii }: Pick<CanonicalAddress, 'key'> & { readonly domainAscii: string | null },
  reason: Extract<Grant, { kind: 'parked' }>['wish']['reason'],
): Grant {
  return { kind: 'parked', wish: { wantedKey: key, domainAscii, reason } };
}

/** A tenant claims on its own domains, unless one is on its way to another tenant; one without domains on any that nobody owns. */
function claimBasis(tenant: TenantId, row: Row | undefined): MailboxAddress['basis'] | undefined {
  if (row?.owner === tenant) {
    return row.transfer_to === null ? 'domain' : undefined;
  }
  return (row?.owner ?? null) === null && row?.has_domains === 0 ? 'open' : undefined;
}

function holderOf(row: Row | undefined): AddressHolder | undefined {
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
