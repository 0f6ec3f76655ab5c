/** What happens to mail for an address of the domain that nobody has. */
export type UnknownRecipientPolicy = 'reject' | 'defer' | 'accept';

/** What gateways are told of a domain, and support staff may set. */
export interface DomainSettings {
  readonly unknownRecipientPolicy: UnknownRecipientPolicy;
  /** Whether `anna+news@` reaches `anna@` when nobody has the longer address. */
  readonly subaddressing: 'plus' | 'off';
  /** Where accepted mail goes, as Postfix writes it (`smtp:[mail.contoso.ch]:25`); null: the gateway's own default. */
  readonly nextHop: string | null;
}

/** A mail domain of a tenant. Times are milliseconds since 1970, UTC. */
export interface MailDomain extends DomainSettings {
  readonly id: string;
  /** The form for people. */
  readonly name: string;
  /** The form that is looked up: A-labels. */
  readonly nameAscii: string;
  readonly status: 'pending' | 'verified' | 'suspended' | 'released';
  readonly createdAt: number;
  readonly verifiedAt: number | null;
  /** `dns`: the TXT record was seen; `vouched`: support staff said so. */
  readonly verifiedBy: 'dns' | 'vouched' | null;
  readonly verifyToken: string;
  readonly lastCheckAt: number | null;
  /** Since when the TXT record is missing from a domain that was verified by it. Nothing else follows from that. */
  readonly checkFailedSince: number | null;
  /** When all that follows from owning the domain was done: role mailboxes, waiting mailboxes, claims of others. */
  readonly settledAt: number | null;
  /** The tenant that the domain is on its way to. */
  readonly transferTo: string | null;
}

/** Whether the tenant has the domain for itself. */
export function isOwned({ status }: Pick<MailDomain, 'status'>): boolean {
  return status === 'verified' || status === 'suspended';
}

/** The names at which the TXT record is looked for; the first is the one that is recommended. */
export function verificationNames({ nameAscii }: Pick<MailDomain, 'nameAscii'>): readonly [string, string] {
  return [`_cleanmail.${nameAscii}`, nameAscii];
}

/** The text of the TXT record that proves control of the domain. */
export function verificationText({ verifyToken }: Pick<MailDomain, 'verifyToken'>): string {
  return `cleanmail-verification=${verifyToken}`;
}
