import { HttpException } from '@nestjs/common';
import { type Problem, problem } from './problem.js';
import { InvalidRequestError } from './invalid-request.error.js';

/** The status of every domain error that can reach this surface, by its stable code. */
const statusOfCode: Readonly<Record<string, number>> = {
  tenant_not_found: 404,
  token_not_found: 404,
  mailbox_not_found: 404,
  mailbox_not_yet: 404,
  history_unknown: 404,
  user_not_found: 404,
  domain_not_found: 404,
  guard_batch_not_found: 404,
  clock_job_not_found: 404,
  schema_not_found: 404,
  alias_not_found: 404,
  erasure_not_found: 404,
  receiver_not_found: 404,
  receiver_exists: 409,
  invalid_receiver: 400,
  address_refused: 409,
  mailbox_state: 409,
  guard_batch_decided: 409,
  mailbox_changed: 412,
  invalid_mail_policy: 400,
  invalid_erasure: 400,
  actor_required: 400,
  erasure_actor: 409,
  erasure_state: 409,
  legal_hold: 409,
  invalid_if_match: 400,
  domain_in_use: 409,
  domain_exists: 409,
  domain_not_verified: 409,
  domain_has_claims: 409,
  domain_state: 409,
  token_ended: 409,
  schema_in_use: 409,
  incompatible_schema: 409,
  too_many_schemas: 409,
  invalid_domain: 400,
  invalid_token_request: 400,
  invalid_schema: 400,
  invalid_cursor: 400,
  invalid_admin_key: 401,
  database_unavailable: 503,
};

interface CodedError {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
  /** Places of a document in the body that cannot be used. */
  readonly issues?: readonly { readonly path: string; readonly problem: string }[];
}

/** Turns whatever was thrown on the admin surface into a problem; what is unknown tells nothing. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof InvalidRequestError) {
    return problem(400, 'invalid_request', thrown.message, thrown.errors);
  }
  const { code, statusCode, message, issues } = (
    typeof thrown === 'object' && thrown !== null ? thrown : {}
  ) as CodedError;
  const known = typeof code === 'string' ? statusOfCode[code] : undefined;
  if (known !== undefined) {
    const detail = known === 503 ? 'The database does not answer; nothing was done. Try again later.' : String(message);
    return problem(
      known,
      String(code),
      detail,
      issues?.map(({ path, problem: text }) => ({ field: path, messages: [text] })),
    );
  }
  return fromStatus(thrown instanceof HttpException ? thrown.getStatus() : Number(statusCode ?? 500));
}

function fromStatus(status: number): Problem {
  switch (status) {
    case 404:
      return problem(404, 'not_found', 'There is nothing at this path; /admin/docs lists what there is.');
    case 413:
      return problem(413, 'too_large', 'The request body is larger than 1 MiB.');
    case 415:
      return problem(415, 'unsupported_media_type', 'The request body must be application/json.');
    default:
      return status >= 400 && status < 500
        ? problem(status, 'bad_request', 'The request cannot be read; the body must be valid JSON.')
        : problem(500, 'internal', 'The service failed; the log has the cause under the request id of this answer.');
  }
}
