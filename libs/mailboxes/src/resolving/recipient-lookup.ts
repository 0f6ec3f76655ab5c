import type { Session, TenantId } from '@cleanmail/database';
import type { KnownDomain, KnownRecipient, RecipientFacts, RecipientQuestion } from './resolve-recipient.js';

interface DomainRow {
  readonly owner_id: TenantId;
  readonly owner_status: KnownDomain['status'];
  readonly owner_policy: KnownDomain['unknownRecipientPolicy'];
  readonly subaddressing: KnownDomain['subaddressing'];
}

interface NamedDomainRow extends DomainRow {
  readonly owner_key: string;
}

interface NoDomainRow {
  readonly owner_id: null;
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

interface NoRecipientRow {
  readonly address_key: null;
}

type LookUpRow = (DomainRow | NoDomainRow) & (RecipientRow | NoRecipientRow);

const ownerColumns =
  'd.tenant_id AS owner_id, d.status AS owner_status, d.unknown_recipient_policy AS owner_policy, d.subaddressing';
const recipientColumns = `
  r.address_key, r.tenant_id, r.mailbox_id, r.primary_key, r.action, r.policy_profile, r.version, r.changed_at,
  a.role, a.state, a.valid_until`;
const claim = 'LEFT JOIN mailbox_address a ON a.claim_key = r.address_key AND a.mailbox_id = r.mailbox_id';
/** The domain beside each of the rows, or beside none; by two keys always, so that one text is kept prepared. */
const lookUp = `
  SELECT ${ownerColumns}, ${recipientColumns}
    FROM (SELECT 1 AS one) o
    LEFT JOIN mail_domain d ON d.owner_key = ?
    LEFT JOIN mail_recipient r ON r.address_key IN (?, ?) ${claim}`;

const ownersOf = `SELECT d.owner_key, ${ownerColumns} FROM mail_domain d WHERE d.owner_key`;
const recipientsOf = `SELECT ${recipientColumns} FROM mail_recipient r ${claim} WHERE r.address_key`;

/**
 * Looks a recipient up in one prepared statement on unique keys; the tenant comes back in the answer.
 * @throws DatabaseUnavailableError when the database does not answer: that is never the same as an unknown recipient.
 */
export async function lookUpRecipient(session: Session, question: RecipientQuestion): Promise<RecipientFacts> {
  const { domainAscii, keys } = question;
  const [key = null, base = key] = keys;
  const rows = await session.all<LookUpRow>(lookUp, [domainAscii, key, base]);
  return {
    domain: rows.map(knownDomain).at(0),
    recipients: rows.flatMap((row) => (row.address_key === null ? [] : [knownRecipient(row)])),
  };
}

/** Looks many recipients up in two statements. What is answered for each is what {@link lookUpRecipient} answers. */
export async function lookUpRecipients(
  session: Session,
  questions: readonly RecipientQuestion[],
): Promise<readonly RecipientFacts[]> {
  const names = new Set(questions.flatMap(({ domainAscii }) => (domainAscii === null ? [] : [domainAscii])));
  const keys = new Set(questions.flatMap((question) => question.keys));
  const domains = await rowsOf<NamedDomainRow>(session, ownersOf, names);
  const recipients = await rowsOf<RecipientRow>(session, recipientsOf, keys);
  const owners = new Map(domains.map((row) => [row.owner_key, knownDomain(row)]));
  const known = new Map(recipients.map((row) => [row.address_key, knownRecipient(row)]));
  return questions.map((question) => ({
    domain: owners.get(question.domainAscii ?? ''),
    recipients: question.keys.flatMap((key) => known.get(key) ?? []),
  }));
}

async function rowsOf<Row>(session: Session, statement: string, values: ReadonlySet<string>): Promise<readonly Row[]> {
  const marks = [...values].map(() => '?').join(', ');
  return values.size === 0 ? [] : session.list<Row>(`${statement} IN (${marks})`, [...values]);
}

/** The facts as they concern one tenant: what others own and have is not there. */
export function factsOf(tenant: TenantId, { domain, recipients }: RecipientFacts): RecipientFacts {
  return {
    domain: domain?.tenant === tenant ? domain : undefined,
    recipients: recipients.filter((row) => row.tenant === tenant && (domain?.tenant ?? tenant) === tenant),
  };
}

function knownDomain(row: DomainRow | NoDomainRow): KnownDomain | undefined {
  if (row.owner_id === null) {
    return undefined;
  }
  return {
    tenant: row.owner_id,
    status: row.owner_status,
    unknownRecipientPolicy: row.owner_policy,
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
