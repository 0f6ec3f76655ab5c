/** One of a user's `emails` (RFC 7643 section 4.1.2). */
export interface UserEmail {
  readonly value: string;
  readonly type?: string;
  readonly primary?: boolean;
}

/** What a SCIM user says about the mailbox account that belongs to it. */
export interface UserFacts {
  readonly userId: string;
  readonly userName: string;
  readonly externalId: string | null;
  readonly active: boolean;
  readonly emails?: readonly UserEmail[];
  /** Addresses as Exchange has them: `SMTP:` the primary one, `smtp:` others, further kinds that are no mail addresses. */
  readonly proxyAddresses?: readonly string[];
  readonly userType?: string;
}
