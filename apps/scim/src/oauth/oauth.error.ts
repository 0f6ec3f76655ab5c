/** An error of OAuth (RFC 6749 section 5.2). The message is its description, without quotes and backslashes. */
export class OAuthError extends Error {
  override readonly name = OAuthError.name;

  private constructor(
    readonly status: number,
    readonly code: string,
    description: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(description);
  }

  /** 400: a parameter is missing, stands there twice, or the request has another form. */
  static invalidRequest(description: string): OAuthError {
    return new OAuthError(400, 'invalid_request', description);
  }

  /** 401: the same for every reason. */
  static invalidClient(): OAuthError {
    return new OAuthError(
      401,
      'invalid_client',
      'The client id or the client secret is missing or not valid for this endpoint.',
    );
  }

  /** 400: only client credentials are known here. */
  static unsupportedGrantType(): OAuthError {
    return new OAuthError(400, 'unsupported_grant_type', 'The grant_type must be client_credentials.');
  }

  /** 429: too many requests with credentials that open nothing. */
  static tooManyAttempts(seconds: number): OAuthError {
    const description = `Too many requests with a wrong client id or client secret; correct them and wait ${seconds} s.`;
    return new OAuthError(429, 'temporarily_unavailable', description, seconds);
  }

  /** 503: the database cannot be reached. */
  static unavailable(seconds: number): OAuthError {
    const description = 'The service cannot reach its database at the moment; try again later.';
    return new OAuthError(503, 'temporarily_unavailable', description, seconds);
  }

  /** 500: says nothing of its cause. */
  static serverError(): OAuthError {
    return new OAuthError(500, 'server_error', 'The service failed to answer; the error was recorded.');
  }
}
