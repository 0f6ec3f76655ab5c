import { ScimError } from '../../errors/scim-error.js';
import { parsePath } from '../../path/parse-path.js';
import type { PatchPath } from '../../path/patch-path.js';
import { isObject } from '../../resource/resource.js';
import type { ResourceType } from '../../schema/definition.js';
import type { PatchOperation } from '../operation.js';
import { addressedAttribute } from './addressed-attribute.js';

/**
 * An operation without path becomes one operation for each member of its value. Entra writes paths as member names:
 * dotted ("name.givenName", cases U19 and U20), behind a URN (U19), with brackets; extensions also come as an object
 * under their URN (U22). Members that no schema knows and read-only ones such as `id` (U57) are ignored.
 */
export function splitPathless(operation: PatchOperation, resourceType: ResourceType): readonly PatchOperation[] {
  const { op } = operation;
  if (op === 'remove') {
    return [operation];
  }
  const path = operation.path === undefined ? undefined : parsePath(operation.path, resourceType);
  if (path === undefined || path.kind === 'resource') {
    return objectsOf(operation.value).flatMap((value) => splitMembers(op, value, '', path === undefined, resourceType));
  }
  if (path.kind === 'extension' && isObject(operation.value)) {
    return splitMembers(op, operation.value, `${path.schema.id}:`, false, resourceType);
  }
  return [operation];
}

function objectsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const objects: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!objects.every(isObject)) {
    throw ScimError.invalidValue('An operation without path needs an object of attributes as its value.');
  }
  return objects;
}

/** Only the members of the resource itself may be schemas with members of their own: the body's depth is unbounded. */
function splitMembers(
  op: 'add' | 'replace',
  value: Readonly<Record<string, unknown>>,
  prefix: string,
  mayNest: boolean,
  resourceType: ResourceType,
): readonly PatchOperation[] {
  return Object.keys(value).flatMap((key): readonly PatchOperation[] => {
    const operation: PatchOperation = { op, path: `${prefix}${key}`, value: value[key] };
    const path = tryPath(`${prefix}${key}`, resourceType);
    if (path === undefined || isIgnored(path)) {
      return [];
    }
    if (path.kind !== 'resource' && path.kind !== 'extension') {
      return [operation];
    }
    return mayNest ? splitPathless(operation, resourceType) : [];
  });
}

/** A member name that is no path is an unknown attribute, not an error. */
function tryPath(text: string, resourceType: ResourceType): PatchPath | undefined {
  try {
    return parsePath(text, resourceType);
  } catch (error) {
    if (error instanceof ScimError) {
      return undefined;
    }
    throw error;
  }
}

function isIgnored(path: PatchPath): boolean {
  if (path.kind === 'unknown') {
    return true;
  }
  const isReadOnlyHome =
    (path.kind === 'attribute' || path.kind === 'elements') && path.target.attribute.mutability === 'readOnly';
  return isReadOnlyHome || addressedAttribute(path)?.mutability === 'readOnly';
}
