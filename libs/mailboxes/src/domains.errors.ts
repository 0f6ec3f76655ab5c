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

/** The tenant has no such domain. */
export class DomainNotFoundError extends Error {
  override readonly name = DomainNotFoundError.name;
  readonly code = 'domain_not_found';

  constructor(readonly domain: string) {
    super(`The tenant has no domain ${domain}; add it first.`);
  }
}

/** The tenant has the domain already. */
export class DomainExistsError extends Error {
  override readonly name = DomainExistsError.name;
  readonly code = 'domain_exists';

  constructor(domain: string, status: string) {
    super(`The tenant has the domain ${domain} already; it is ${status}.`);
  }
}

/** The proof of control was not found in the DNS; the message says what was found and what to publish. */
export class DomainNotVerifiedError extends Error {
  override readonly name = DomainNotVerifiedError.name;
  readonly code = 'domain_not_verified';
}

/** The domain is in a state in which this cannot be done; the message says what to do first. */
export class DomainStateError extends Error {
  override readonly name = DomainStateError.name;
  readonly code = 'domain_state';
}

/** Addresses rest on the domain, so that it cannot be released. */
export class DomainHasClaimsError extends Error {
  override readonly name = DomainHasClaimsError.name;
  readonly code = 'domain_has_claims';

  constructor(domain: string, { live, former }: { readonly live: number; readonly former: number }) {
    const remedy =
      live > 0
        ? 'Delete or rename their users first, or transfer the domain to the tenant that is to have it'
        : 'Wait until they expire, or release with "includeFormer" to give them up now';
    super(
      `${live} live and ${former} former or reserved addresses rest on ${domain}; nothing was released. ${remedy}.`,
    );
  }
}
