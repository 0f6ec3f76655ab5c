import { parsePath } from '../../path/parse-path.js';
import type { ResourceType } from '../../schema/definition.js';
import type { PatchOperation } from '../operation.js';

/**
 * To remove `active` says neither on nor off, and an absent `active` would read as on: the operation is dropped, so
 * that a disabled user stays disabled (case U46).
 */
export function keepActive(operation: PatchOperation, resourceType: ResourceType): readonly PatchOperation[] {
  if (operation.op !== 'remove' || operation.path === undefined) {
    return [operation];
  }
  const path = parsePath(operation.path, resourceType);
  const isActive =
    path.kind === 'attribute' && path.target.schema === undefined && path.target.attribute.name === 'active';
  return isActive ? [] : [operation];
}
