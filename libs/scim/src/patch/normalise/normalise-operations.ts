import type { ResourceType } from '../../schema/definition.js';
import type { PatchOperation } from '../operation.js';
import { clearEmpty, clearEmptyMembers } from './clear-empty.js';
import { keepActive } from './keep-active.js';
import { listRemovals } from './list-removals.js';
import { splitPathless } from './split-pathless.js';

type Normaliser = (operation: PatchOperation, resourceType: ResourceType) => readonly PatchOperation[];

const NORMALISERS: readonly Normaliser[] = [splitPathless, clearEmpty, clearEmptyMembers, keepActive, listRemovals];

/**
 * Turns what identity providers send into operations as RFC 7644 has them, each with a path. A malformed path is a
 * ScimError `invalidPath`; no operation is applied here.
 */
export function normaliseOperations(
  operations: readonly PatchOperation[],
  resourceType: ResourceType,
): readonly PatchOperation[] {
  return NORMALISERS.reduce<readonly PatchOperation[]>(
    (current, normalise) => current.flatMap((operation) => normalise(operation, resourceType)),
    operations,
  );
}
