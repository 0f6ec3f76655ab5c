/** No tenant has this id, or it was closed. */
export class TenantNotFoundError extends Error {
  override readonly name = TenantNotFoundError.name;
  readonly code = 'tenant_not_found';

  constructor(id: string) {
    super(`No tenant has the id ${id}.`);
  }
}

/** The tenant has no token with this id. */
export class TokenNotFoundError extends Error {
  override readonly name = TokenNotFoundError.name;
  readonly code = 'token_not_found';

  constructor(id: string) {
    super(`The tenant has no token with the id ${id}.`);
  }
}

/** The token exists and can no longer be used for this: it is revoked or expired. */
export class TokenEndedError extends Error {
  override readonly name = TokenEndedError.name;
  readonly code = 'token_ended';

  constructor() {
    super('The token is revoked or expired; issue a new one.');
  }
}

/** What was presented opens nothing here. Deliberately says nothing more: every cause has the same answer. */
export class InvalidTokenError extends Error {
  override readonly name = InvalidTokenError.name;
  readonly code = 'invalid_token';
}

/** A value that support staff gave cannot be used; the message says what would do. */
export class InvalidTokenRequestError extends Error {
  override readonly name = InvalidTokenRequestError.name;
  readonly code = 'invalid_token_request';
}
