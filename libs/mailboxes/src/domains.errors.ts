/** Another tenant owns the domain. The message does not say which. */
export class DomainInUseError extends Error {
  override readonly name = DomainInUseError.name;
  readonly code = 'domain_in_use';

  constructor(readonly domain: string) {
    super(`The domain ${domain} belongs to another tenant; contact support to have it transferred.`);
  }
}

/** The text is no domain that mail can be addressed to. */
export class InvalidDomainError extends Error {
  override readonly name = InvalidDomainError.name;
  readonly code = 'invalid_domain';

  constructor(readonly domain: string) {
    super(`"${domain}" is not a mail domain; give a host name such as contoso.ch.`);
  }
}
