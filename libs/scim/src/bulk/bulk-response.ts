import { errorMessage, type ErrorMessage } from '../errors/error-message.js';
import type { ScimError } from '../errors/scim-error.js';
import { MESSAGE_URNS } from '../messages/message-urns.js';
import type { BulkOperation } from './bulk-operation.js';

/** What became of an operation; `location` and `version` are those of its resource. */
export type BulkOutcome =
  | { readonly status: number; readonly id: string; readonly location: string; readonly version?: string }
  | { readonly error: ScimError; readonly location?: string };

/** The result of one operation (RFC 7644 section 3.7); `response` is there when it failed. */
export interface BulkResult {
  readonly method: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly location?: string;
  readonly response?: ErrorMessage;
  readonly status: string;
}

/** The answer to a bulk request: results in the order of the request, without operations that were not carried out. */
export interface BulkResponse {
  readonly schemas: readonly string[];
  readonly Operations: readonly BulkResult[];
}

/** Renders the outcomes of operations; those that were not carried out have none. */
export function bulkResponse(
  operations: readonly BulkOperation[],
  outcomes: ReadonlyMap<number, BulkOutcome>,
): BulkResponse {
  const results = operations.flatMap((operation, index) => {
    const outcome = outcomes.get(index);
    return outcome === undefined ? [] : [resultOf(operation, outcome)];
  });
  return { schemas: [MESSAGE_URNS.bulkResponse], Operations: results };
}

function resultOf({ method, bulkId }: BulkOperation, outcome: BulkOutcome): BulkResult {
  const { location } = outcome;
  const name = { method, ...(bulkId === undefined ? {} : { bulkId }) };
  const place = location === undefined ? {} : { location };
  if ('error' in outcome) {
    return { ...name, ...place, response: errorMessage(outcome.error), status: String(outcome.error.status) };
  }
  const { version, status } = outcome;
  return { ...name, ...(version === undefined ? {} : { version }), ...place, status: String(status) };
}
