import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScimError } from '../errors/scim-error.js';
import type { ScimResource } from '../resource/resource.js';
import { withAttribute } from '../schema/derive.js';
import type { ResourceType } from '../schema/definition.js';
import { userResourceType } from '../schema/resource-types.js';
import type { PatchResult } from './apply-patch.js';
import { patchResource } from './apply-patch.js';
import { asRequest, randomOperations, storedUser } from './spec/random-patch.js';
import type { Json, Outcome, ReferenceOperation } from './spec/reference-patch.js';
import { referencePatch } from './spec/reference-patch.js';

const fixedName = withAttribute(userResourceType, 'userName', { mutability: 'immutable' });

function patched(user: Json, operations: readonly ReferenceOperation[], type: ResourceType): PatchResult {
  return patchResource(user as ScimResource, { Operations: operations.map(asRequest) }, type);
}

function outcome(user: Json, operations: readonly ReferenceOperation[], type: ResourceType): Outcome {
  try {
    return { resource: patched(user, operations, type).resource };
  } catch (error) {
    if (error instanceof ScimError && error.status === 400) return { refused: error.scimType ?? '' };
    throw error;
  }
}

/** A text that is the same for values which differ by the order of members alone. */
function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

describe('PATCH beside a reference made from the text of the RFC', () => {
  it.each<[number, string, ResourceType]>([
    [10_000, 'users', userResourceType],
    [1000, 'users whose userName is immutable', fixedName],
  ])('should come to the same for %d sequences of operations on %s', (sequences, _, type) => {
    const seen = { changed: 0, unchanged: 0, refused: 0 };
    fc.assert(
      fc.property(storedUser, randomOperations, (user, operations) => {
        const expected = referencePatch(user, operations, type);
        const actual = outcome(user, operations, type);
        if (inOrder(actual) !== inOrder(expected)) {
          const request = operations.map(asRequest);
          expect({ request, ...actual }).toEqual({ request, ...expected });
          throw new Error('the results differ');
        }
        seen['refused' in actual ? 'refused' : actual.resource === user ? 'unchanged' : 'changed'] += 1;
      }),
      { numRuns: sequences, seed: 7644 },
    );
    expect(seen.changed).toBeGreaterThan(sequences / 3);
    expect(Math.min(seen.unchanged, seen.refused)).toBeGreaterThan(sequences / 50);
  });
});
