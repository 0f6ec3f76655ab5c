import { ScimError } from '../errors/scim-error.js';
import { member } from '../messages/member.js';
import { MESSAGE_URNS } from '../messages/message-urns.js';
import { isObject } from '../resource/resource.js';
import { equalNames } from '../schema/attribute-name.js';
import { type BulkOperation, readBulkOperation } from './bulk-operation.js';

/** The largest bulk request that a server carries out; the size counts bytes of the body. */
export interface BulkLimits {
  readonly maxOperations: number;
  readonly maxPayloadSize: number;
}

/** A bulk request (RFC 7644 section 3.7). */
export interface BulkRequest {
  readonly operations: readonly BulkOperation[];
  /** After how many errors the rest is not carried out; absent: never. */
  readonly failOnErrors?: number;
}

/**
 * Reads the body of a bulk request. Only what makes the message itself unreadable is thrown; what is wrong with one
 * operation is that operation's refusal.
 * @throws ScimError invalidSyntax or invalidValue, 501 for no operations, and 413 for more than the limit.
 */
export function parseBulkRequest(body: unknown, { maxOperations }: Pick<BulkLimits, 'maxOperations'>): BulkRequest {
  if (!isObject(body)) {
    throw ScimError.invalidSyntax('The body must be a JSON object.');
  }
  requireSchema(member(body, 'schemas'));
  const failOnErrors = member(body, 'failOnErrors') ?? undefined;
  if (failOnErrors !== undefined && !(Number.isSafeInteger(failOnErrors) && Number(failOnErrors) > 0)) {
    throw ScimError.invalidValue('failOnErrors must be an integer of at least 1.');
  }
  const operations = member(body, 'Operations');
  if (!Array.isArray(operations)) {
    throw ScimError.invalidSyntax('Operations must be a list of operations.');
  }
  if (operations.length === 0) {
    throw ScimError.notImplemented(
      `A bulk request without operations is not offered; send 1 to ${maxOperations} operations.`,
    );
  }
  if (operations.length > maxOperations) {
    throw ScimError.payloadTooLarge(
      `The bulk request has ${operations.length} operations, which exceeds maxOperations (${maxOperations}).`,
    );
  }
  return {
    operations: operations.map(readBulkOperation),
    ...(failOnErrors === undefined ? {} : { failOnErrors: Number(failOnErrors) }),
  };
}

/** Like every message, it may leave `schemas` out; one that says it is another message is none of ours. */
function requireSchema(schemas: unknown): void {
  if (schemas === undefined || schemas === null) {
    return;
  }
  const isBulkRequest =
    Array.isArray(schemas) &&
    schemas.some((urn) => typeof urn === 'string' && equalNames(urn, MESSAGE_URNS.bulkRequest));
  if (!isBulkRequest) {
    throw ScimError.invalidSyntax(`schemas must be a list with ${MESSAGE_URNS.bulkRequest}.`);
  }
}
