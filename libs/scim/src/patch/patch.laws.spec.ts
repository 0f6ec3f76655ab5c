import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScimError } from '../errors/scim-error.js';
import { equalResources } from '../resource/equal-resources.js';
import type { ScimResource } from '../resource/resource.js';
import { coreAttributes } from '../schema/attribute-target.js';
import type { AttributeDefinition, Mutability, ResourceType } from '../schema/definition.js';
import { withAttribute } from '../schema/derive.js';
import { groupResourceType, userResourceType } from '../schema/resource-types.js';
import { patchResource } from './apply-patch.js';
import type { PatchOperation } from './operation.js';
import { asRequest, randomOperations, storedUser } from './spec/random-patch.js';

const runs = 3000;

/** The result of a PATCH, or the scimType with which it was refused. */
function attempt(user: object, operations: readonly PatchOperation[], type = userResourceType) {
  try {
    return { ...patchResource(user as ScimResource, { Operations: operations }, type), refused: undefined };
  } catch (error) {
    if (error instanceof ScimError && error.status === 400) {
      return { resource: user as ScimResource, changed: [], refused: error.scimType };
    }
    throw error;
  }
}

describe('laws of PATCH', () => {
  it('should change nothing when an operation without filter, or a removal, is repeated', () => {
    let repeated = 0;
    fc.assert(
      fc.property(storedUser, randomOperations, (user, operations) => {
        for (const operation of operations.filter(({ op, path }) => op === 'remove' || path?.where === undefined)) {
          const once = attempt(user, [asRequest(operation)]);
          if (once.refused !== undefined) continue;
          const twice = attempt(once.resource, [asRequest(operation)]);
          expect(twice.changed).toEqual([]);
          if (twice.resource !== once.resource) throw new Error('an unchanged resource must be the given one');
          repeated += 1;
        }
      }),
      { numRuns: runs / 4, seed: 1 },
    );
    expect(repeated).toBeGreaterThan(runs / 4);
  });

  it('should leave everything as it was when the last operation fails', () => {
    const failing: readonly PatchOperation[] = [
      { op: 'remove' }, { op: 'replace', path: 'id', value: 'x' }, { op: 'add', path: 'active', value: 'maybe' },
      { op: 'replace', path: 'emails[type eq', value: 'x' }, { op: 'add', path: 'title' }, { op: 'remove', path: 'userName' },
    ]; // prettier-ignore
    fc.assert(
      fc.property(storedUser, randomOperations, fc.constantFrom(...failing), (user, operations, last) => {
        const before = structuredClone(user);
        expect(attempt(user, [...operations.map(asRequest), last]).refused).toBeDefined();
        expect(user).toEqual(before);
      }),
      { numRuns: runs / 4, seed: 2 },
    );
  });

  it('should come to the same in one request as in two', () => {
    let compared = 0;
    fc.assert(
      fc.property(storedUser, randomOperations, randomOperations, (user, first, second) => {
        const [a, b] = [first.map(asRequest), second.map(asRequest)];
        const half = attempt(user, a);
        const apart = attempt(half.resource, b);
        if (half.refused !== undefined || apart.refused !== undefined) return;
        const together = attempt(user, [...a, ...b]);
        compared += 1;
        if (together.refused !== undefined || !equalResources(together.resource, apart.resource)) {
          expect({ user, a, b, resource: together.resource }).toEqual({ user, a, b, resource: apart.resource });
        }
      }),
      { numRuns: runs / 4, seed: 3 },
    );
    expect(compared).toBeGreaterThan(runs / 20);
  });

  it('should keep the elements that nobody wrote in their order', () => {
    fc.assert(
      fc.property(storedUser, randomOperations, (user, operations) => {
        const onEmails = operations.filter(({ op, path }) => path?.name !== 'emails' || op !== 'replace' || path.where !== undefined || path.part !== undefined); // prettier-ignore
        const { resource } = attempt(user, onEmails.filter(({ path }) => path !== undefined).map(asRequest));
        const of = (holder: object) => ((holder as ScimResource)['emails'] ?? []) as readonly object[];
        const kept = of(user).filter((element) => of(resource).some((after) => JSON.stringify(after) === JSON.stringify(element)));
        const places = kept.map((element) => of(resource).findIndex((after) => JSON.stringify(after) === JSON.stringify(element)));
        expect(places).toEqual([...places].sort((x, y) => x - y));
      }),
      { numRuns: runs / 4, seed: 4 },
    ); // prettier-ignore
  });
});

describe('the primary element', () => {
  const user = { userName: 'a', emails: [{ value: 'a', primary: true }, { value: 'b' }] };

  it.each<[string, readonly PatchOperation[], readonly object[] | string]>([
    ['a new one', [{ op: 'add', path: 'emails', value: { value: 'c', primary: true } }], [{ value: 'a', primary: false }, { value: 'b' }, { value: 'c', primary: true }]],
    ['one that was there', [{ op: 'replace', path: 'emails[value eq "b"].primary', value: true }], [{ value: 'a', primary: false }, { value: 'b', primary: true }]],
    ['two in two operations, of which the last counts', [
      { op: 'add', path: 'emails', value: { value: 'c', primary: true } },
      { op: 'add', path: 'emails', value: { value: 'd', primary: true } },
    ], [{ value: 'a', primary: false }, { value: 'b' }, { value: 'c', primary: false }, { value: 'd', primary: true }]],
    ['two in one operation', [{ op: 'add', path: 'emails', value: [{ value: 'c', primary: true }, { value: 'd', primary: true }] }], 'invalidValue'],
    ['two by one replace', [{ op: 'replace', path: 'emails', value: [{ value: 'c', primary: true }, { value: 'd', primary: true }] }], 'invalidValue'],
    ['all by a path', [{ op: 'replace', path: 'emails.primary', value: true }], 'invalidValue'],
    ['all by a filter', [{ op: 'replace', path: 'emails[value pr].primary', value: true }], 'invalidValue'],
    ['none any more', [{ op: 'replace', path: 'emails[primary eq true].primary', value: false }], [{ value: 'a', primary: false }, { value: 'b' }]],
    ['the same again', [{ op: 'add', path: 'emails', value: { value: 'a', primary: true } }], user.emails],
  ])('should be one at most: %s', (_, operations, expected) => {
    const { refused, resource } = attempt(user, operations);
    expect(refused ?? resource['emails']).toEqual(expected);
  }); // prettier-ignore
});

describe('mutability', () => {
  const stored: ScimResource = { userName: 'a', displayName: 'g' };

  /** Paths of a mutability, with a value that would fit. */
  function pathsOf(type: ResourceType, mutability: Mutability): readonly (readonly [string, unknown])[] {
    const homes = [
      ['', coreAttributes(type)] as const,
      ...type.extensions.map(({ schema }) => [`${schema.id}:`, schema.attributes] as const),
    ];
    return homes.flatMap(([prefix, attributes]) =>
      attributes.flatMap((attribute) => [
        ...(attribute.mutability === mutability ? [[`${prefix}${attribute.name}`, fitting(attribute)] as const] : []),
        ...(attribute.subAttributes ?? [])
          .filter((part) => part.mutability === mutability)
          .map((part) => [`${prefix}${attribute.name}.${part.name}`, fitting(part)] as const),
      ]),
    );
  }

  function fitting({ type, multiValued, subAttributes }: AttributeDefinition): unknown {
    const one = type === 'complex' ? { [subAttributes?.[0]?.name ?? 'value']: 'x' } : type === 'boolean' ? true : 'x';
    return multiValued ? [one] : one;
  }

  const readOnly = [userResourceType, groupResourceType].flatMap((type) =>
    pathsOf(type, 'readOnly').map(([path, value]) => [type.name, path, value, type] as const),
  );
  it('should be known of all read-only attributes', () => {
    expect(readOnly.length).toBeGreaterThan(20);
  });

  it.each(readOnly)('should refuse to write or remove %s %s, and ignore it without a path', (_, path, value, type) => {
    for (const op of ['add', 'replace', 'remove'] as const) {
      const operation: PatchOperation = op === 'remove' ? { op, path } : { op, path, value };
      expect(attempt(stored, [operation], type)).toMatchObject({ refused: 'mutability' });
    }
    expect(attempt(stored, [{ op: 'add', value: { [path]: value } }], type)).toMatchObject({ refused: undefined, changed: [] });
  }); // prettier-ignore

  it.each(pathsOf(userResourceType, 'writeOnly'))('should take %s and keep nothing of it', (path, value) => {
    for (const op of ['add', 'replace'] as const) {
      expect(attempt(stored, [{ op, path, value }])).toMatchObject({ refused: undefined, changed: [] });
      expect(attempt(stored, [{ op, path, value: 5 }])).toMatchObject({ refused: 'invalidValue' });
    }
    expect(attempt(stored, [{ op: 'remove', path }])).toMatchObject({ refused: undefined, changed: [] });
  });

  it.each<[string, unknown, unknown]>([
    ['nickName', 'x', 'y'],
    ['name', { givenName: 'x' }, { givenName: 'y' }],
    ['emails', [{ value: 'x' }], [{ value: 'y' }]],
  ])('should let an immutable %s be set once, and not be changed or removed', (path, value, other) => {
    const type = withAttribute(userResourceType, path, { mutability: 'immutable' });
    const first = attempt(stored, [{ op: 'add', path, value }], type);
    expect(first).toMatchObject({ refused: undefined, changed: [expect.stringContaining(path)] });
    for (const op of ['add', 'replace'] as const) {
      expect(attempt(first.resource, [{ op, path, value }], type)).toMatchObject({ refused: undefined, changed: [] });
      expect(attempt(first.resource, [{ op, path, value: other }], type)).toMatchObject({ refused: 'mutability' });
      expect(attempt(first.resource, [{ op, value: { [path]: other } }], type)).toMatchObject({
        refused: 'mutability',
      });
    }
    expect(attempt(first.resource, [{ op: 'remove', path }], type)).toMatchObject({ refused: 'mutability' });
  });

  it.each(pathsOf(groupResourceType, 'immutable').map(([path]) => path))('should not change %s of an element that is there', (path) => {
    const group = { displayName: 'g', members: [{ value: 'm', $ref: 'r', type: 'User' }] };
    const part = path.slice('members.'.length);
    expect(attempt(group, [{ op: 'replace', path: `members[value eq "m"].${part}`, value: 'other' }], groupResourceType)).toMatchObject({ refused: 'mutability' });
    expect(attempt(group, [{ op: 'replace', path, value: 'other' }], groupResourceType)).toMatchObject({ refused: 'mutability' });
    expect(attempt(group, [{ op: 'remove', path: 'members[value eq "m"]' }], groupResourceType)).toMatchObject({ refused: undefined, changed: ['members'] });
  }); // prettier-ignore
});
