import { ScimError } from '../errors/scim-error.js';
import { member } from '../messages/member.js';
import { isObject } from '../resource/resource.js';
import { asciiLowerCase } from '../schema/attribute-name.js';

/** One operation of a PATCH request (RFC 7644 section 3.5.2); `value` is JSON as it came. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove';
  readonly path?: string;
  readonly value?: unknown;
}

const MAX_OPERATIONS = 1000;

/**
 * Reads the body of a PATCH request. Entra capitalises `op` (case U06) and orders members as it likes (U04b);
 * `schemas` may be absent (U68) and other members are ignored (U69). Anything else is a ScimError `invalidSyntax`.
 */
export function parsePatchRequest(body: unknown): readonly PatchOperation[] {
  if (!isObject(body)) {
    throw ScimError.invalidSyntax('The body must be a JSON object.');
  }
  const operations = member(body, 'Operations');
  if (!Array.isArray(operations) || operations.length === 0) {
    throw ScimError.invalidSyntax('Operations must be a list of at least one operation.');
  }
  if (operations.length > MAX_OPERATIONS) {
    throw ScimError.invalidSyntax(`Operations must not hold more than ${MAX_OPERATIONS} operations.`);
  }
  return operations.map(readOperation);
}

function readOperation(operation: unknown, index: number): PatchOperation {
  const where = `Operations[${index}]`;
  if (!isObject(operation)) {
    throw ScimError.invalidSyntax(`${where} must be an object.`);
  }
  const op = readOp(member(operation, 'op'), where);
  const path = member(operation, 'path');
  const value = member(operation, 'value');
  if (path !== undefined && path !== null && typeof path !== 'string') {
    throw ScimError.invalidPath(`${where}.path must be a string.`);
  }
  const isAddressed = typeof path === 'string' && path.trim() !== '';
  return { op, ...(isAddressed ? { path } : {}), ...(value === undefined ? {} : { value }) };
}

function readOp(op: unknown, where: string): PatchOperation['op'] {
  const lower = typeof op === 'string' ? asciiLowerCase(op.slice(0, 16)) : undefined;
  if (lower !== 'add' && lower !== 'replace' && lower !== 'remove') {
    throw ScimError.invalidSyntax(`${where}.op must be add, replace or remove.`);
  }
  return lower;
}
