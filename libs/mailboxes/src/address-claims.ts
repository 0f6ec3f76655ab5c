import type { Session, TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { type CanonicalAddress, parseAddress } from './address-codec.js';
import type { MailboxAddress } from './mailbox.js';
import type { Grant } from './transitions.js';

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
}

/** What is known about an address that a user asks for. */
export interface AddressInquiry {
  readonly grant: Grant;
  readonly holder?: AddressHolder;
}

interface Row {
  readonly owner: TenantId | null;
  readonly has_domains: number;
  readonly holder_tenant: TenantId | null;
  readonly mailbox_id: string;
  readonly address_id: string;
  readonly role: AddressHolder['role'];
  readonly state: AddressHolder['state'];
  readonly basis: AddressHolder['basis'];
  readonly scim_user_id: string | null;
  readonly deleted_at: number | null;
}

const inquiry = `
  SELECT (SELECT d.tenant_id FROM mail_domain d WHERE d.owner_key = ?) AS owner,
         EXISTS (SELECT 1 FROM mail_domain o WHERE o.tenant_id = ? AND o.owner_key IS NOT NULL) AS has_domains,
         a.tenant_id AS holder_tenant, a.mailbox_id, a.id AS address_id, a.role, a.state, a.basis, m.scim_user_id, m.deleted_at
    FROM (SELECT 1 AS one) AS probe
    LEFT JOIN mailbox_address a ON a.claim_key = ?
    LEFT JOIN mailbox_account m ON m.tenant_id = a.tenant_id AND m.id = a.mailbox_id`;

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
    const row = await session.first<Row>(inquiry, [address.domainAscii, tenant, address.key]);
    const basis = claimBasis(tenant, row);
    if (basis === undefined) {
      return { grant: parked(address, 'domain_not_owned') };
    }
    const holder = holderOf(row);
    return { grant: { kind: 'granted', address, basis }, ...(holder === undefined ? {} : { holder }) };
  }
}

/** A wish instead of a grant. */
export function parked(
  { key, domainAscii }: Pick<CanonicalAddress, 'key'> & { readonly domainAscii: string | null },
  reason: Extract<Grant, { kind: 'parked' }>['wish']['reason'],
): Grant {
  return { kind: 'parked', wish: { wantedKey: key, domainAscii, reason } };
}

/** A tenant claims on its own domains; one without domains on any that nobody owns. */
function claimBasis(tenant: TenantId, row: Row | undefined): MailboxAddress['basis'] | undefined {
  if (row?.owner === tenant) {
    return 'domain';
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
  };
}
