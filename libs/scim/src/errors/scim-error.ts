/** The detail error keywords of RFC 7644 section 3.12, table 9, and of RFC 9865 section 2.1. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

/**
 * An error that is answered to the SCIM client (RFC 7644 section 3.12). `detail` tells the operator at the
 * other end what to mend; it never carries a secret, a stack or a text of the database.
 */
export class ScimError extends Error {
  override readonly name = 'ScimError';

  constructor(
    readonly status: number,
    readonly detail: string,
    readonly scimType?: ScimType,
    /** Whole seconds after which the same request may succeed, when that is known. */
    readonly retryAfterSeconds?: number,
  ) {
    super(detail);
  }

  /** 400: the filter cannot be parsed, or names something that cannot be filtered. */
  static invalidFilter(detail: string): ScimError {
    return new ScimError(400, detail, 'invalidFilter');
  }

  /** 400: the request asks for more than the server is willing to compute. */
  static tooMany(detail: string): ScimError {
    return new ScimError(400, detail, 'tooMany');
  }

  /** 409: a unique value is already taken. */
  static uniqueness(detail: string): ScimError {
    return new ScimError(409, detail, 'uniqueness');
  }

  /** 409: a reference within a bulk request cannot be resolved (RFC 7644 section 3.7.1). */
  static conflict(detail: string): ScimError {
    return new ScimError(409, detail);
  }

  /** 400: a read-only or immutable attribute would be changed. */
  static mutability(detail: string): ScimError {
    return new ScimError(400, detail, 'mutability');
  }

  /** 400: the body is not the message that the endpoint expects. */
  static invalidSyntax(detail: string): ScimError {
    return new ScimError(400, detail, 'invalidSyntax');
  }

  /** 400: the path of a PATCH operation is malformed. */
  static invalidPath(detail: string): ScimError {
    return new ScimError(400, detail, 'invalidPath');
  }

  /** 400: a PATCH operation has no target, or its target does not exist. */
  static noTarget(detail: string): ScimError {
    return new ScimError(400, detail, 'noTarget');
  }

  /** 400: a required value is missing, or a value does not fit its attribute. */
  static invalidValue(detail: string): ScimError {
    return new ScimError(400, detail, 'invalidValue');
  }

  /** 400: the protocol version is not supported. */
  static invalidVers(detail: string): ScimError {
    return new ScimError(400, detail, 'invalidVers');
  }

  /** 403: personal or secret data was passed in a request URI (RFC 7644 section 7.5.2). */
  static sensitive(detail: string): ScimError {
    return new ScimError(403, detail, 'sensitive');
  }

  /** 400: the cursor was not given by this server for this query (RFC 9865 section 2.1). */
  static invalidCursor(detail: string): ScimError {
    return new ScimError(400, detail, 'invalidCursor');
  }

  /** 400: the cursor was given too long ago (RFC 9865 section 2.1). */
  static expiredCursor(detail: string): ScimError {
    return new ScimError(400, detail, 'expiredCursor');
  }

  /** 400: the count of a page by cursor is out of bounds (RFC 9865 section 2.1). */
  static invalidCount(detail: string): ScimError {
    return new ScimError(400, detail, 'invalidCount');
  }

  /** 404: no such resource or endpoint. */
  static notFound(detail: string): ScimError {
    return new ScimError(404, detail);
  }

  /** 401: always the same words, whatever was wrong with the token. */
  static unauthorized(): ScimError {
    return new ScimError(401, 'The secret token is missing or not valid for this endpoint.');
  }

  /** 403: the token is valid but does not allow this. */
  static forbidden(detail: string): ScimError {
    return new ScimError(403, detail);
  }

  /** 412: the resource has another version than the one named in If-Match. */
  static preconditionFailed(detail: string): ScimError {
    return new ScimError(412, detail);
  }

  /** 413: the body is larger than the server reads. */
  static payloadTooLarge(detail: string): ScimError {
    return new ScimError(413, detail);
  }

  /** 415: the body is neither application/scim+json nor application/json. */
  static unsupportedMediaType(detail: string): ScimError {
    return new ScimError(415, detail);
  }

  /** 405: the endpoint exists, but not with this method. */
  static methodNotAllowed(detail: string): ScimError {
    return new ScimError(405, detail);
  }

  /** 501: an optional part of the protocol that this server does not offer. */
  static notImplemented(detail: string): ScimError {
    return new ScimError(501, detail);
  }

  /** 429: the tenant sends more requests than it is granted; after that many seconds there is room again. */
  static tooManyRequests(detail: string, retryAfterSeconds: number): ScimError {
    return new ScimError(429, detail, undefined, retryAfterSeconds);
  }

  /** 503: the server cannot answer now; the same request may succeed later. */
  static unavailable(detail: string): ScimError {
    return new ScimError(503, detail);
  }

  /** 500: a fault of the server, of which the client learns nothing more. */
  static internal(): ScimError {
    return new ScimError(500, 'The server failed to answer this request. It has been recorded.');
  }
}
