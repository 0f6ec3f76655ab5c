import { type Invariant, sqlInvariant } from '@cleanmail/database';

interface AddressFacts {
  readonly mailbox_id: string;
  readonly state: string;
}

const over = { table: 'mailbox_address', key: 'id' } as const;
const ofMailbox = 'LEFT JOIN mailbox_account m ON m.tenant_id = r.tenant_id AND m.id = r.mailbox_id';

const state = sqlInvariant<AddressFacts & { readonly status: string | null }>({
  name: 'address-state',
  sentence:
    'The addresses of a living mailbox are live or given up, those of a deleted or purged one reserved or given up.',
  remedy: 'Suspend and resume a living mailbox; for a deleted one have the developers correct the row.',
  over,
  columns: 'r.mailbox_id, r.state, m.status',
  joins: ofMailbox,
  broken:
    "m.id IS NULL OR (m.deleted_at IS NULL AND r.state = 'reserved') OR (m.deleted_at IS NOT NULL AND r.state = 'live') " +
    "OR (m.status = 'purged' AND (r.state = 'released' OR r.local_display <> r.local_key))",
  problem: ({ id, mailbox_id: mailbox, state: is, status }) =>
    status === null
      ? `address ${id} belongs to mailbox ${mailbox}, which there is not`
      : `address ${id} of mailbox ${mailbox} is ${is}, and the mailbox is ${status}`,
});

const end = sqlInvariant<AddressFacts>({
  name: 'address-end',
  sentence: 'A former or reserved address has a date on which it ends, every other one has none.',
  remedy: 'Remove a former address with "cleanmail mailbox alias remove"; have the developers correct the others.',
  over,
  columns: 'r.mailbox_id, r.state',
  broken:
    "(r.state = 'released' AND r.valid_until IS NOT NULL) OR (r.state = 'reserved' AND r.valid_until IS NULL) " +
    "OR (r.state = 'live' AND (r.role = 'former') <> (r.valid_until IS NOT NULL))",
  problem: ({ id, mailbox_id: mailbox, state: is }) =>
    `address ${id} of mailbox ${mailbox} is ${is}, and its date does not go with that`,
});

const basis = sqlInvariant<AddressFacts & { readonly basis: string; readonly domain_ascii: string }>({
  name: 'address-domain',
  sentence: 'An address is held at a domain that its tenant owns, or at one that nobody owns.',
  remedy: 'Run the clock job domain-duties; if it stays, verify the domain again for its owner.',
  over,
  columns: 'r.mailbox_id, r.state, r.basis, r.domain_ascii',
  joins: 'LEFT JOIN mail_domain d ON d.owner_key = r.domain_ascii',
  // While a domain is being settled, claims from before it had an owner still stand.
  broken:
    "r.state <> 'released' AND ((r.basis = 'domain' AND (d.id IS NULL OR d.tenant_id <> r.tenant_id)) OR (r.basis = 'open' AND d.settled_at IS NOT NULL))",
  problem: ({ id, mailbox_id: mailbox, basis: ground, domain_ascii: domain }) =>
    ground === 'domain'
      ? `address ${id} of mailbox ${mailbox} is at ${domain}, which its tenant does not own`
      : `address ${id} of mailbox ${mailbox} stands on nobody owning ${domain}, which has an owner`,
});

/** Who holds which address. */
export const addressInvariants: readonly Invariant[] = [state, end, basis];
