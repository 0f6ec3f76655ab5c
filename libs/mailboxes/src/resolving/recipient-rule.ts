import type { MailPolicy } from '../mail-policy.js';
import type { Mailbox } from '../mailbox.js';
import type { KnownRecipient, RecipientFacts, RecipientQuestion, Resolution } from './resolve-recipient.js';

/** Which rule decided about a recipient, and in words for support. */
export interface RecipientRule {
  readonly code: string;
  readonly text: string;
}

/** What a rule is told from. */
export interface RuleCircumstances {
  readonly question: RecipientQuestion;
  readonly facts: RecipientFacts;
  readonly resolution: Resolution;
  /** The mailbox behind the row that decided. */
  readonly mailbox: Mailbox | undefined;
  readonly policy: Pick<MailPolicy, 'inactiveMailPolicy'>;
}

const mailGoes = {
  accept: 'is accepted',
  deliver: 'is accepted',
  reject: 'is refused',
  defer: 'is put off',
  hold: 'is held',
} as const;

/** Says in words why a recipient is treated as it is. */
export function recipientRule({ question, facts, resolution, mailbox, policy }: RuleCircumstances): RecipientRule {
  const { verdict, row } = resolution;
  if (verdict.kind === 'unknownDomain') {
    return noDomain(question, facts);
  }
  if (row === undefined) {
    const { policy: unknown } = verdict as { readonly policy: keyof typeof mailGoes };
    const text = `${nobodyHasIt(question)} Mail for unknown recipients of this domain ${mailGoes[unknown]}.`;
    return { code: question.problem ?? 'unknown_recipient', text };
  }
  if (row.action === 'gone') {
    return removed(row, mailbox);
  }
  return mailbox?.status === 'suspended' ? suspended(mailbox, policy) : active(mailbox);
}

function noDomain({ domainAscii, problem }: RecipientQuestion, { domain }: RecipientFacts): RecipientRule {
  if (domainAscii === null) {
    return { code: problem ?? 'invalid_syntax', text: 'The text is no mail address; no gateway can look it up.' };
  }
  return domain?.status === 'suspended'
    ? { code: 'domain_suspended', text: `The domain ${domainAscii} is suspended; gateways take no mail for it.` }
    : { code: 'unknown_domain', text: `The domain ${domainAscii} is not relayed: no tenant owns it here.` };
}

function nobodyHasIt({ problem }: RecipientQuestion): string {
  switch (problem) {
    case 'invalid_syntax':
      return 'The text before the @ is none that a mailbox can have.';
    case 'unsupported_utf8':
      return 'Local parts outside ASCII are not supported, so nobody has the address.';
    case null:
      return 'Nobody has the address.';
  }
}

function removed({ state, validUntil }: KnownRecipient, mailbox: Mailbox | undefined): RecipientRule {
  if (state === 'reserved') {
    const until = validUntil === null ? '' : ` until ${new Date(validUntil).toISOString()}`;
    const why = mailbox?.status === 'purged' ? 'whose data is purged' : 'that was deleted';
    return { code: 'address_reserved', text: `The address is reserved${until} for a mailbox ${why}. Mail is refused.` };
  }
  if (state === 'live' && mailbox?.status === 'pending') {
    const text = `The mailbox is pending (${mailbox.statusReason}) and gets no mail yet. Mail is refused.`;
    return { code: 'mailbox_pending', text };
  }
  return { code: 'address_released', text: 'Nobody has the address any more. Mail is refused.' };
}

function active(mailbox: Mailbox | undefined): RecipientRule {
  return mailbox?.statusReason === 'admin'
    ? { code: 'active_forced', text: 'Support keeps the mailbox active, whatever the identity provider says.' }
    : { code: 'active', text: 'The mailbox is active.' };
}

function suspended(mailbox: Mailbox, policy: RuleCircumstances['policy']): RecipientRule {
  const why = `The mailbox is suspended ${suspendedBy(mailbox.statusReason)}.`;
  if (mailbox.graceUntil !== null) {
    const until = new Date(mailbox.graceUntil).toISOString();
    return { code: 'suspended_grace', text: `${why} Its mail is still accepted: the time of grace ends ${until}.` };
  }
  const ofTenant = `the tenant’s policy for inactive mailboxes says ${policy.inactiveMailPolicy}`;
  if (mailbox.statusReason === 'tenant') {
    return rule('suspended_tenant', why, policy.inactiveMailPolicy, ofTenant);
  }
  if (mailbox.inactiveMailPolicy !== null) {
    const own = `the mailbox’s own policy says ${mailbox.inactiveMailPolicy}`;
    return rule('suspended_own_policy', why, mailbox.inactiveMailPolicy, own);
  }
  return mailbox.kind === 'user'
    ? rule('suspended_tenant_policy', why, policy.inactiveMailPolicy, ofTenant)
    : rule('suspended_kind', why, 'deliver', `mail of a ${mailbox.kind} mailbox goes on`);
}

function rule(code: string, why: string, policy: keyof typeof mailGoes, because: string): RecipientRule {
  return { code, text: `${why} Its mail ${mailGoes[policy]}: ${because}.` };
}

const suspenders: Readonly<Record<string, string>> = {
  admin: 'by support',
  tenant: 'with its whole tenant',
  scim: 'by the identity provider',
};

function suspendedBy(reason: string | null): string {
  return suspenders[reason ?? ''] ?? `(${reason})`;
}
