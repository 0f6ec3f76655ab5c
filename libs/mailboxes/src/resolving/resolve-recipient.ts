import type { TenantId } from '@cleanmail/database';
import { type AddressProblem, parseAddress, parseDomain, recipientKeys } from '../address-codec.js';
import type { UnknownRecipientPolicy } from '../domains/mail-domain.js';
import type { MailboxAddress } from '../mailbox.js';
import type { RecipientAction } from '../recipients.js';

/** What is to be looked up for a recipient, in whatever form it was given. */
export interface RecipientQuestion {
  readonly domainAscii: string | null;
  /** The address itself, then what stands before its `+`; none for what nobody's address can be. */
  readonly keys: readonly string[];
  readonly problem: AddressProblem | null;
}

/** A row of the read model under one of the keys. */
export interface KnownRecipient {
  readonly key: string;
  readonly tenant: TenantId;
  readonly mailboxId: string;
  readonly primary: string;
  readonly action: RecipientAction;
  readonly policyProfile: string | null;
  readonly version: number;
  readonly changedAt: number;
  /** Of the address that is claimed under the key; null when nobody claims it any more. */
  readonly role: MailboxAddress['role'] | null;
  readonly state: MailboxAddress['state'] | null;
  readonly validUntil: number | null;
}

/** The domain of the address, when a tenant owns it. */
export interface KnownDomain {
  readonly tenant: TenantId;
  readonly status: 'verified' | 'suspended';
  readonly unknownRecipientPolicy: UnknownRecipientPolicy;
  readonly subaddressing: 'plus' | 'off';
}

/** What the database says about a recipient. */
export interface RecipientFacts {
  readonly domain: KnownDomain | undefined;
  readonly recipients: readonly KnownRecipient[];
}

/** What a gateway does with mail for a recipient. */
export type RecipientVerdict =
  | {
      readonly kind: 'mailbox';
      readonly tenantId: TenantId;
      readonly mailboxId: string;
      readonly primary: string;
      readonly matchedBy: MailboxAddress['role'] | 'subaddress';
      readonly action: Exclude<RecipientAction, 'gone'>;
      readonly policyProfile: string | null;
      readonly version: number;
    }
  | { readonly kind: 'unknownRecipient'; readonly tenantId: TenantId; readonly policy: UnknownRecipientPolicy }
  | { readonly kind: 'unknownDomain' };

/** A verdict with the row that it rests on, or would if the domain were not suspended. */
export interface Resolution {
  readonly verdict: RecipientVerdict;
  readonly row: KnownRecipient | undefined;
}

/** What to look up for a recipient. Never fails: for a text that is no address there is nothing to find. */
export function recipientQuestion(raw: string): RecipientQuestion {
  const text = raw.trim();
  const address = parseAddress(text);
  const domain = parseDomain(text.slice(text.lastIndexOf('@') + 1));
  return typeof address === 'string'
    ? { domainAscii: text.includes('@') ? (domain?.ascii ?? null) : null, keys: [], problem: address }
    : { domainAscii: address.domainAscii, keys: recipientKeys(text), problem: null };
}

/** What the rule looks at in a row; a gateway's copy has no more. */
export type DecisiveRow = Pick<KnownRecipient, 'key' | 'tenant' | 'action'>;

/** What the rule says: a mailbox by the row under the address or, with `isBase`, under what stands before its `+`. */
export type RecipientDecision<Row extends DecisiveRow> =
  | {
      readonly kind: 'mailbox';
      readonly action: Exclude<RecipientAction, 'gone'>;
      readonly row: Row;
      readonly isBase: boolean;
    }
  | {
      readonly kind: 'unknownRecipient';
      readonly tenantId: TenantId;
      readonly policy: UnknownRecipientPolicy;
      readonly row: Row | undefined;
    }
  | { readonly kind: 'unknownDomain'; readonly row: Row | undefined };

/**
 * The one rule for a recipient: the address itself, then, where the domain allows subaddresses, what stands before its
 * `+`; else the domain's policy. A removed address is refused for as long as its row is there, whatever the domain does
 * with unknown ones, and never falls to the mailbox before the `+`: mail for somebody who left is nobody else's. At a
 * domain that a tenant owns no other tenant's claim counts, and a suspended domain is none.
 */
export function decideRecipient<Row extends DecisiveRow>(
  { keys: [key, base] }: Pick<RecipientQuestion, 'keys'>,
  { domain, recipients }: { readonly domain: KnownDomain | undefined; readonly recipients: readonly Row[] },
): RecipientDecision<Row> {
  const find = (wanted: string | undefined) =>
    recipients.find((row) => row.key === wanted && (domain === undefined || row.tenant === domain.tenant));
  const exact = find(key);
  const row = exact ?? (domain?.subaddressing === 'off' ? undefined : find(base));
  if (domain?.status === 'suspended') {
    return { kind: 'unknownDomain', row };
  }
  if (row === undefined) {
    return domain === undefined
      ? { kind: 'unknownDomain', row }
      : { kind: 'unknownRecipient', tenantId: domain.tenant, policy: domain.unknownRecipientPolicy, row };
  }
  const action: RecipientAction = row.action;
  return action === 'gone'
    ? { kind: 'unknownRecipient', tenantId: row.tenant, policy: 'reject', row }
    : { kind: 'mailbox', action, row, isBase: exact === undefined };
}

/** The rule's decision with all that the database knows of the mailbox. */
export function resolveRecipient(question: RecipientQuestion, facts: RecipientFacts): Resolution {
  const decision = decideRecipient(question, facts);
  const { row } = decision;
  switch (decision.kind) {
    case 'unknownDomain':
      return { verdict: { kind: 'unknownDomain' }, row };
    case 'unknownRecipient': {
      const { tenantId, policy } = decision;
      return { verdict: { kind: 'unknownRecipient', tenantId, policy }, row };
    }
    case 'mailbox': {
      const { action, isBase } = decision;
      const { tenant: tenantId, mailboxId, primary, policyProfile, version, role } = decision.row;
      const matchedBy = isBase ? 'subaddress' : (role ?? (question.keys[0] === primary ? 'primary' : 'alias'));
      return {
        verdict: { kind: 'mailbox', tenantId, mailboxId, primary, matchedBy, action, policyProfile, version },
        row,
      };
    }
  }
}
