import type { MailPolicy } from './mail-policy.js';
import type { Mailbox, MailboxAddress, MailboxKind } from './mailbox.js';
import type { UserEmail, UserFacts } from './user-facts.js';

/** An address as a user has it, with the attribute that it comes from. */
export interface WantedAddress {
  readonly raw: string;
  readonly source: MailboxAddress['source'];
}

/** The addresses that a user's mailbox should have by its tenant's policy. */
export interface WantedAddresses {
  /** Absent when the attribute has no value. */
  readonly primary?: WantedAddress;
  readonly aliases: readonly WantedAddress[];
}

type SourcePolicy = Pick<MailPolicy, 'addressSource' | 'emailsAsAliases'>;

/** What stands in a wish for an address whose attribute has no value. */
export const sourceAttributes: Readonly<Record<MailPolicy['addressSource'], string>> = {
  userName: 'userName',
  workEmail: 'emails[type eq "work"]',
  primaryEmail: 'emails[primary eq true]',
};

/** Reads the attributes that the policy names. Proxy addresses are aliases, all but the one that is the primary address. */
export function wantedAddresses(facts: UserFacts, policy: SourcePolicy): WantedAddresses {
  const proxies = (facts.proxyAddresses ?? []).flatMap(mailProxy);
  const primary = primaryOf(facts, proxies, policy);
  const emails = policy.emailsAsAliases ? (facts.emails ?? []).map(fromEmail) : [];
  const aliases = [...emails, ...proxies].filter(({ raw }) => raw !== '' && raw !== primary?.raw);
  return { ...(primary === undefined ? {} : { primary }), aliases };
}

function primaryOf(
  { userName, emails = [] }: UserFacts,
  proxies: readonly Proxy[],
  { addressSource }: SourcePolicy,
): WantedAddress | undefined {
  switch (addressSource) {
    case 'userName':
      return { raw: userName, source: 'userName' };
    case 'workEmail':
      return firstOf(emails.filter(({ type }) => type?.toLowerCase() === 'work'));
    case 'primaryEmail':
      return firstOf(emails.filter(({ primary }) => primary === true)) ?? proxies.find(({ isPrimary }) => isPrimary);
  }
}

interface Proxy extends WantedAddress {
  readonly isPrimary: boolean;
}

/** `SMTP:` and `smtp:` only; `SIP:`, `X500:`, `EUM:` and what else Exchange keeps there is no mail address. */
function mailProxy(text: string): readonly Proxy[] {
  const colon = text.indexOf(':');
  const prefix = text.slice(0, colon);
  return prefix.toLowerCase() === 'smtp'
    ? [{ raw: text.slice(colon + 1).trim(), source: 'proxy', isPrimary: prefix === 'SMTP' }]
    : [];
}

/** The one that is marked primary, else the first one. */
function firstOf(emails: readonly UserEmail[]): WantedAddress | undefined {
  const values = emails.filter(({ value }) => value !== '');
  const email = values.find(({ primary }) => primary === true) ?? values[0];
  return email === undefined ? undefined : fromEmail(email);
}

function fromEmail({ value }: UserEmail): WantedAddress {
  return { raw: value, source: 'email' };
}

const kindsOfUserType: ReadonlyMap<string, MailboxKind> = new Map([
  ['user', 'user'],
  ['shared', 'shared'],
  ['resource', 'resource'],
]);

/** The kind of a user's mailbox: what support said, else what `userType` says where the policy lets it, else what it was. */
export function kindOf(
  mailbox: Pick<Mailbox, 'kind' | 'kindFixed'>,
  { userType }: UserFacts,
  { kindSource }: Pick<MailPolicy, 'kindSource'>,
): MailboxKind {
  if (mailbox.kindFixed || kindSource !== 'userType' || userType === undefined) {
    return mailbox.kind;
  }
  return kindsOfUserType.get(userType.toLowerCase()) ?? mailbox.kind;
}

const lengthOfObjectId = 32;

/**
 * Whether this is the name that Entra gives to a user whom it soft-deletes: the object's id as 32 hexadecimal digits
 * before the local part. It comes together with `active: false` and is no new name of the person.
 */
export function isSoftDeletedName({ userName, active }: Pick<UserFacts, 'userName' | 'active'>): boolean {
  const at = userName.lastIndexOf('@');
  const prefix = userName.slice(0, lengthOfObjectId).toLowerCase();
  return !active && at > lengthOfObjectId && [...prefix].every((digit) => '0123456789abcdef'.includes(digit));
}
