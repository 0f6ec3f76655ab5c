import type { TenantId } from '@cleanmail/database';
import { type AddressHolder, type AddressInquiry, parked } from '../address-claims.js';
import { type CanonicalAddress, parseAddress } from '../address-codec.js';
import { mustYield } from '../address-settlement.js';
import type { Grant, SourcedGrant } from '../grants.js';
import type { WishReason } from '../mailbox.js';
import type { AddressGrants } from '../transitions.js';
import type { ImportAnswer, ImportRow } from './import-row.js';

/** A row whose addresses could be read; aliases without the primary address and without doubles. */
export interface ReadRow {
  readonly row: ImportRow;
  readonly primary: CanonicalAddress;
  readonly aliases: readonly CanonicalAddress[];
}

/** A mailbox that waits for an address as its primary one. */
export interface WaitingMailbox {
  readonly mailboxId: string;
  readonly isLinked: boolean;
}

/** What is known when a row is judged. */
export interface Knowledge {
  readonly inquiries: ReadonlyMap<string, AddressInquiry>;
  readonly waiting: ReadonlyMap<string, WaitingMailbox>;
  /** Addresses that rows before this one were given in the same unit of work, by the id of their mailbox. */
  readonly taken: ReadonlyMap<string, { readonly mailboxId: string; readonly isPrimary: boolean }>;
}

/** What is to be done about a row; a contested one needs somebody else to give an address up, and is settled by itself. */
export type Judgement =
  | { readonly kind: 'answer'; readonly answer: ImportAnswer }
  | { readonly kind: 'contested' }
  | { readonly kind: 'new'; readonly grants: AddressGrants };

/** Reads the addresses of a row, or says which one is none. */
export function readRow(row: ImportRow): ReadRow | ImportAnswer {
  const primary = parseAddress(row.address.trim());
  if (typeof primary === 'string') {
    return refused(primary, row.address);
  }
  const aliases = new Map<string, CanonicalAddress>();
  for (const raw of row.aliases) {
    const alias = parseAddress(raw.trim());
    if (typeof alias === 'string') {
      return refused(alias, raw);
    }
    if (alias.key !== primary.key) {
      aliases.set(alias.key, alias);
    }
  }
  return { row, primary, aliases: [...aliases.values()] };
}

/** Judges a row in memory, with the rules by which each of its addresses would be settled alone. */
export function judgeRow(
  tenant: TenantId,
  { primary, aliases }: ReadRow,
  known: Knowledge,
  { refusesForeign }: { readonly refusesForeign: boolean },
): Judgement {
  const there = mailboxWith(tenant, primary.key, known);
  if (there !== undefined) {
    return { kind: 'answer', answer: there };
  }
  const grants: SourcedGrant[] = [];
  for (const { key } of [primary, ...aliases]) {
    const { grant, holder } = known.inquiries.get(key) ?? {
      grant: parked({ key, domainAscii: null }, 'invalid_syntax'),
    };
    if (grant.kind === 'parked') {
      if (refusesForeign) {
        return { kind: 'answer', answer: refused(grant.wish.reason, key) };
      }
    } else if (holder !== undefined && yields(tenant, grant, holder)) {
      return { kind: 'contested' };
    } else if (holder !== undefined || known.taken.has(key)) {
      return { kind: 'answer', answer: refused('address_taken', key) };
    }
    grants.push({ grant, source: 'import' });
  }
  return { kind: 'new', grants: addressGrants(grants) };
}

/** The mailbox of the tenant that has the address as its primary one, or waits for it, as the answer to the row. */
function mailboxWith(
  tenant: TenantId,
  key: string,
  { inquiries, waiting, taken }: Knowledge,
): ImportAnswer | undefined {
  const made = taken.get(key);
  if (made?.isPrimary === true) {
    return { outcome: 'present', mailboxId: made.mailboxId };
  }
  const holder = inquiries.get(key)?.holder;
  if (holder !== undefined) {
    const isPrimary = holder.tenant === tenant && holder.role === 'primary' && !mustYield(holder);
    return isPrimary ? there(holder) : undefined;
  }
  const wisher = waiting.get(key);
  return wisher === undefined ? undefined : there(wisher);
}

function there({ mailboxId, isLinked }: WaitingMailbox): ImportAnswer {
  return { outcome: isLinked ? 'adopted' : 'present', mailboxId };
}

/** The answer to a row of which nothing was done. */
export function refused(reason: WishReason, address: string): ImportAnswer & { readonly outcome: 'refused' } {
  return { outcome: 'refused', reason, address };
}

/** The grants of a row: the first one is that of the primary address. */
export function addressGrants([primary, ...aliases]: readonly SourcedGrant[]): AddressGrants {
  return { ...(primary === undefined ? {} : { primary }), ...(aliases.length === 0 ? {} : { aliases }) };
}

/** Whether the holder gives the address up to whoever asks: what the settlement of addresses decides once it is locked. */
function yields(tenant: TenantId, grant: Grant & { readonly kind: 'granted' }, holder: AddressHolder): boolean {
  return holder.tenant === tenant ? mustYield(holder) : grant.basis === 'domain' && holder.basis === 'open';
}
