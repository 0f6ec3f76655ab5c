import { bodyLimit } from '@cleanmail/listener';
import { ScimError } from '@cleanmail/scim';
import { HttpException } from '@nestjs/common';

interface CodedError {
  readonly code?: unknown;
  readonly statusCode?: unknown;
}

/** Turns whatever was thrown on the SCIM surface into an error that can be answered; what is unknown tells nothing. */
export function toScimError(thrown: unknown): ScimError {
  if (thrown instanceof ScimError) {
    return thrown;
  }
  const { code, statusCode } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as CodedError;
  switch (code) {
    case 'invalid_token':
      return ScimError.unauthorized();
    case 'database_unavailable':
      return ScimError.unavailable(
        'The service cannot reach its database at the moment; the request was not carried out. Try again later.',
      );
    default:
      return fromStatus(thrown instanceof HttpException ? thrown.getStatus() : Number(statusCode ?? 500));
  }
}

/** Whether an error is our own fault, so that it must be looked into. */
export function isFault(error: ScimError): boolean {
  return error.status === 500;
}

function fromStatus(status: number): ScimError {
  switch (status) {
    case 404:
      return ScimError.notFound('There is no SCIM endpoint at this path and method.');
    case 405:
      return ScimError.methodNotAllowed('This endpoint does not know this method.');
    case 413:
      return ScimError.payloadTooLarge(
        `The request body is larger than 1 MiB; for bulk requests, too, maxPayloadSize is ${bodyLimit} bytes.`,
      );
    case 415:
      return ScimError.unsupportedMediaType('The request body must be application/scim+json or application/json.');
    default:
      return status >= 400 && status < 500
        ? ScimError.invalidSyntax('The request cannot be read.')
        : ScimError.internal();
  }
}
