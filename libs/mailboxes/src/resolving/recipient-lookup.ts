import type { Session, TenantId } from '@cleanmail/database';
import type { KnownDomain, KnownRecipient, RecipientFacts, RecipientQuestion } from './resolve-recipient.js';

interface DomainRow {
  readonly tenant_id: TenantId;
  readonly status: KnownDomain['status'];
  readonly unknown_recipient_policy: KnownDomain['unknownRecipientPolicy'];
  readonly subaddressing: KnownDomain['subaddressing'];
}

interface RecipientRow {
  readonly address_key: string;
  readonly tenant_id: TenantId;
  readonly mailbox_id: string;
  readonly primary_key: string;
  readonly action: KnownRecipient['action'];
  readonly policy_profile: string | null;
  readonly version: number;
  readonly changed_at: number;
  readonly role: KnownRecipient['role'];
  readonly state: KnownRecipient['state'];
  readonly valid_until: number | null;
}

const owner = 'SELECT tenant_id, status, unknown_recipient_policy, subaddressing FROM mail_domain WHERE owner_key = ?';
/** By two keys always, so that one text is kept prepared. */
const rows = `
  SELECT r.address_key, r.tenant_id, r.mailbox_id, r.primary_key, r.action, r.policy_profile, r.version, r.changed_at,
         a.role, a.state, a.valid_until
    FROM mail_recipient r LEFT JOIN mailbox_address a ON a.claim_key = r.address_key AND a.mailbox_id = r.mailbox_id
   WHERE r.address_key IN (?, ?)`;

/**
 * Looks a recipient up in two prepared statements on unique keys; the tenant comes back in the answer.
 * @throws DatabaseUnavailableError when the database does not answer: that is never the same as an unknown recipient.
 */
export async function lookUpRecipient(session: Session, question: RecipientQuestion): Promise<RecipientFacts> {
  const { domainAscii, keys } = question;
  const [key, base = key] = keys;
  const [domain, recipients] = await Promise.all([
    domainAscii === null ? undefined : session.first<DomainRow>(owner, [domainAscii]),
    key === undefined || base === undefined ? [] : session.all<RecipientRow>(rows, [key, base]),
  ]);
  return {
    domain: domain === undefined ? undefined : knownDomain(domain),
    recipients: recipients.map(knownRecipient),
  };
}

/** The facts as they concern one tenant: what others own and have is not there. */
export function factsOf(tenant: TenantId, { domain, recipients }: RecipientFacts): RecipientFacts {
  return {
    domain: domain?.tenant === tenant ? domain : undefined,
    recipients: recipients.filter((row) => row.tenant === tenant && (domain?.tenant ?? tenant) === tenant),
  };
}

function knownDomain(row: DomainRow): KnownDomain {
  return {
    tenant: row.tenant_id,
    status: row.status,
    unknownRecipientPolicy: row.unknown_recipient_policy,
    subaddressing: row.subaddressing,
  };
}

function knownRecipient(row: RecipientRow): KnownRecipient {
  return {
    key: row.address_key,
    tenant: row.tenant_id,
    mailboxId: row.mailbox_id,
    primary: row.primary_key,
    action: row.action,
    policyProfile: row.policy_profile,
    version: row.version,
    changedAt: row.changed_at,
    role: row.role,
    state: row.state,
    validUntil: row.valid_until,
  };
}
