import { checkImmutable } from '../resource/check-immutable.js';
import { checkResource } from '../resource/check-resource.js';
import { Issues } from '../resource/issues.js';
import type { ScimResource } from '../resource/resource.js';
import type { ResourceType } from '../schema/definition.js';
import { applyOperation } from './apply-operation.js';
import type { ChangeContext } from './change-context.js';
import { requireRequired } from './change-context.js';
import { changedPaths } from './changed-paths.js';
import { Draft } from './draft.js';
import { normaliseOperations } from './normalise/normalise-operations.js';
import type { PatchOperation } from './operation.js';
import { parsePatchRequest } from './operation.js';

/** What a PATCH made of a resource; `changed` holds attribute paths, sorted, and is empty when nothing changed. */
export interface PatchResult {
  readonly resource: ScimResource;
  readonly changed: readonly string[];
}

/**
 * Applies operations in their order (RFC 7644 section 3.5.2) and gives a new resource; the given one is not touched.
 * All or nothing: any operation that fails, or a result that breaks the schema, is a ScimError and no result. When
 * nothing changed, `resource` is the one that was given.
 */
export function applyPatch(
  resource: ScimResource,
  operations: readonly PatchOperation[],
  resourceType: ResourceType,
): PatchResult {
  const context: ChangeContext = { draft: new Draft(resource), issues: new Issues(), removed: new Set() };
  for (const operation of operations) {
    applyOperation(context, operation, resourceType);
  }
  context.issues.throwIfAny();
  requireRequired(context);
  const result = context.draft.result();
  checkResource(result, resourceType, context.issues, resource);
  context.issues.throwIfAny();
  checkImmutable(resource, result, resourceType);
  const changed = changedPaths(resource, result, resourceType);
  return { resource: changed.length === 0 ? resource : result, changed };
}

/** Reads, normalises and applies the body of a PATCH request: what an endpoint does with it. */
export function patchResource(resource: ScimResource, body: unknown, resourceType: ResourceType): PatchResult {
  return applyPatch(resource, normaliseOperations(parsePatchRequest(body), resourceType), resourceType);
}
