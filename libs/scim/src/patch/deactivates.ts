import { ScimError } from '../errors/scim-error.js';
import { parsePath } from '../path/parse-path.js';
import { Issues } from '../resource/issues.js';
import { readValue } from '../resource/read-value.js';
import { isObject } from '../resource/resource.js';
import { asciiLowerCase, equalNames, findAttribute } from '../schema/attribute-name.js';
import { findSchema } from '../schema/attribute-target.js';
import type { ResourceType } from '../schema/definition.js';
import { normaliseOperations } from './normalise/normalise-operations.js';
import { parsePatchRequest, type PatchOperation } from './operation.js';

const ACTIVE = 'active';
const LONGEST_PATH = 200;

type Json = Readonly<Record<string, unknown>>;

/**
 * Whether a PATCH or PUT of a user leaves it inactive, in whatever dialect it says so ("False", without path, behind
 * the URN of the schema). Reads only what names `active`, so that it may be asked before a request is admitted; a
 * body that is none is answered with false, and refused by whoever carries it out.
 */
export function deactivates(method: 'PATCH' | 'PUT', body: unknown, userType: ResourceType): boolean {
  try {
    return (method === 'PATCH' ? patchedActive(body, userType) : replacedActive(body, userType)) === false;
  } catch (error) {
    if (error instanceof ScimError) {
      return false;
    }
    throw error;
  }
}

/** What `active` is after the operations, as far as they set it. */
function patchedActive(body: unknown, userType: ResourceType): unknown {
  const mentions = parsePatchRequest(body).flatMap((operation) => mention(operation, userType));
  return normaliseOperations(mentions, userType).reduce<unknown>((active, { op, path, value }) => {
    const target = path === undefined ? undefined : parsePath(path, userType);
    const isActive =
      target?.kind === 'attribute' && target.target.schema === undefined && target.target.attribute.name === ACTIVE;
    return op !== 'remove' && isActive ? (readActive(value, userType) ?? active) : active;
  }, undefined);
}

/** An operation, cut down to what it says of `active`; nothing when it says nothing. */
function mention(operation: PatchOperation, userType: ResourceType): readonly PatchOperation[] {
  const { path, value } = operation;
  if (path !== undefined && path.length <= LONGEST_PATH && asciiLowerCase(path).includes(ACTIVE)) {
    return [operation];
  }
  if (path !== undefined && findSchema(path, userType) !== userType.schema) {
    return [];
  }
  const objects: readonly unknown[] = Array.isArray(value) ? value : [value];
  return objects.filter(isObject).flatMap((object) => {
    const entries = Object.keys(object).filter((key) => isMention(key, userType));
    return entries.length === 0
      ? []
      : [{ ...operation, value: Object.fromEntries(entries.map((key) => [key, object[key]])) }];
  });
}

function isMention(key: string, userType: ResourceType): boolean {
  return equalNames(key.slice(-ACTIVE.length), ACTIVE) || equalNames(key, userType.schema.id);
}

/** What the body of a PUT says of `active`, read as the body is read: the last of several wins. */
function replacedActive(body: unknown, userType: ResourceType): unknown {
  return isObject(body)
    ? lastActive(body, userType, (key, value) =>
        equalNames(key, userType.schema.id) && isObject(value)
          ? lastActive(value, userType, () => undefined)
          : undefined,
      )
    : undefined;
}

function lastActive(members: Json, userType: ResourceType, other: (key: string, value: unknown) => unknown): unknown {
  return Object.keys(members).reduce<unknown>((active, key) => {
    const value = members[key];
    return (equalNames(key, ACTIVE) ? readActive(value, userType) : other(key, value)) ?? active;
  }, undefined);
}

function readActive(value: unknown, userType: ResourceType): unknown {
  const attribute = findAttribute(userType.schema.attributes, ACTIVE);
  return attribute === undefined ? undefined : readValue(value, attribute, ACTIVE, new Issues());
}
