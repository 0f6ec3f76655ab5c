import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScimError } from '../errors/scim-error.js';
import { readResource } from '../resource/read-resource.js';
import { equalResources } from '../resource/equal-resources.js';
import type { ScimResource } from '../resource/resource.js';
import { isComplex, isList } from '../resource/resource.js';
import { userResourceType } from '../schema/resource-types.js';
import { patchResource } from './apply-patch.js';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const RUNS = 15_000;

const poison = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__'];
const attributes = ['userName', 'active', 'title', 'name', 'emails', 'roles', 'addresses', 'manager', 'externalId'];
const others = [
  'id',
  'meta',
  'schemas',
  'groups',
  'password',
  'photos',
  'x509Certificates',
  'unknown',
  ENTERPRISE,
  CORE,
];
const parts = ['value', 'type', 'primary', 'display', '$ref', 'givenName', 'formatted', 'department'];
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...attributes) },
  { weight: 2, arbitrary: fc.constantFrom(...others) },
  { weight: 1, arbitrary: fc.constantFrom(...poison) },
);
const part = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...parts) },
  { weight: 1, arbitrary: fc.constantFrom(...poison) },
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>('a', 'work', 'True', 'false', 'AAAA', '', ' ', true, false, null, 0, 1.5, '\0', '\ud800'),
  fc.string({ unit: 'binary', maxLength: 8 }),
);
const object = (value: fc.Arbitrary<unknown>, key = part): fc.Arbitrary<unknown> =>
  fc.array(fc.tuple(key, value), { maxLength: 4 }).map((entries) => {
    const result: Record<string, unknown> = {};
    for (const [member, content] of entries) {
      Object.defineProperty(result, member, { value: content, enumerable: true, configurable: true, writable: true });
    }
    return result;
  });
const value = fc.oneof(leaf, object(leaf), fc.array(fc.oneof(leaf, object(leaf)), { maxLength: 3 }));

const condition = fc
  .tuple(part, fc.constantFrom('eq', 'ne', 'co', 'pr'), fc.constantFrom('"work"', '"a"', 'true', 'null', '"True"'))
  .map(([sub, operator, text]) => (operator === 'pr' ? `${sub} pr` : `${sub} ${operator} ${text}`));
const filter = fc
  .tuple(condition, fc.constantFrom('', ' and ', ' or '), condition)
  .map(([a, joint, b]) => (joint === '' ? a : a + joint + b));
const path = fc
  .record({
    urn: fc.constantFrom('', '', '', `${CORE}:`, `${ENTERPRISE}:`, 'urn:x:__proto__:'),
    name,
    filter: fc.option(filter),
    part: fc.option(part),
  })
  .map((p) => `${p.urn}${p.name}${p.filter === null ? '' : `[${p.filter}]`}${p.part === null ? '' : `.${p.part}`}`);
const pathText = fc.oneof(
  { weight: 12, arbitrary: path },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constantFrom('add', 'Replace', 'remove'), path: pathText, value }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constantFrom('Add', 'replace'), value: object(value, pathText) }) },
);
const operations = fc.array(operation, { minLength: 1, maxLength: 4 });
const stored = fc.record(
  {
    userName: fc.constantFrom('anna', 'Bob'),
    active: fc.boolean(),
    title: fc.constant('T'),
    name: fc.record({ givenName: fc.constant('G'), formatted: fc.constant('F') }, { requiredKeys: ['formatted'] }),
    emails: fc.uniqueArray(
      fc.record(
        { value: fc.constantFrom('a', 'b', 'c'), type: fc.constantFrom('work', 'home') },
        { requiredKeys: ['value'] },
      ),
      { minLength: 1, maxLength: 3, selector: (email) => JSON.stringify(email) },
    ),
    roles: fc.constant([{ value: 'a', primary: true }, { value: 'b' }]),
    [ENTERPRISE]: fc.constant({ manager: { value: '1' } }),
  },
  { requiredKeys: ['userName'] },
) as fc.Arbitrary<ScimResource>;

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Object, Map.prototype];
const ownKeys = (): string => JSON.stringify(PROTOTYPES.map((proto) => Reflect.ownKeys(proto).map(String)));
const UNTOUCHED = ownKeys();

/** The result of a PATCH, or undefined when it was refused; any error but a ScimError 400 fails the test. */
function attempt(resource: ScimResource, body: unknown): ScimResource | undefined {
  try {
    return patchResource(resource, body, userResourceType).resource;
  } catch (error) {
    if (error instanceof ScimError && error.status === 400) {
      return undefined;
    }
    throw error;
  }
}

function primariesOf(resource: ScimResource): readonly number[] {
  return Object.values(resource)
    .filter(isList)
    .map((list) => list.filter((element) => isComplex(element) && element['primary'] === true).length);
}

describe('PATCH in general', () => {
  it('should give a resource that a POST would accept as it is, or refuse', () => {
    let accepted = 0;
    fc.assert(
      fc.property(stored, operations, (resource, Operations) => {
        const result = attempt(resource, { Operations });
        if (result !== undefined) {
          accepted += 1;
          if (!equalResources(readResource(result, userResourceType), result)) {
            expect(readResource(result, userResourceType)).toEqual(result);
          }
          expect(Math.max(0, ...primariesOf(result))).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: RUNS },
    );
    expect(accepted).toBeGreaterThan(RUNS / 5);
  });

  it('should touch neither the given resource nor its id, meta and schemas', () => {
    fc.assert(
      fc.property(stored, operations, (resource, Operations) => {
        const whole = { ...resource, id: '1', schemas: [CORE], meta: { version: '1' } };
        const before = structuredClone(whole);
        const result = attempt(whole, { Operations });
        expect(whole).toEqual(before);
        expect(result ?? whole).toMatchObject({ id: '1', schemas: [CORE], meta: { version: '1' } });
      }),
      { numRuns: RUNS / 3 },
    );
  });

  it('should do nothing when a replace is repeated', () => {
    const replace = fc.record({ op: fc.constant('replace'), path: fc.constantFrom(...attributes), value });
    fc.assert(
      fc.property(stored, replace, (resource, once) => {
        const result = attempt(resource, { Operations: [once] });
        if (result !== undefined) {
          expect(patchResource(result, { Operations: [once] }, userResourceType).changed).toEqual([]);
          expect(attempt(resource, { Operations: [once, once] })).toEqual(result);
        }
      }),
      { numRuns: RUNS / 3 },
    );
  });

  it('should do nothing when an add of elements is repeated', () => {
    const element = fc.record(
      { value: fc.constantFrom('a', 'A', 'b'), type: fc.constantFrom('work', 'home'), primary: fc.boolean() },
      { requiredKeys: ['value'] },
    );
    const add = fc.record({
      op: fc.constant('add'),
      path: fc.constant('emails'),
      value: fc.array(element, { maxLength: 1 }),
    });
    fc.assert(
      fc.property(stored, add, (resource, once) => {
        const result = attempt(resource, { Operations: [once] });
        expect(result).toBeDefined();
        expect(patchResource(result ?? {}, { Operations: [once] }, userResourceType).changed).toEqual([]);
      }),
      { numRuns: RUNS / 5 },
    );
  });

  it('should have left every prototype as it was', () => {
    expect(ownKeys()).toBe(UNTOUCHED);
    const paths = poison.flatMap((p) => [p, `${p}.x`, `constructor.${p}.x`, `name.${p}`, `emails[${p} eq "x"].y`]);
    for (const text of [...paths, ...poison.map((p) => `${ENTERPRISE}:${p}.x`), ...poison.map((p) => `${p}[x eq 1]`)]) {
      const body: unknown = JSON.parse(
        `{"Operations":[{"op":"add","path":${JSON.stringify(text)},"value":{"__proto__":{"x":1}}},
          {"op":"add","value":{${JSON.stringify(text)}:1,"name":{"__proto__":{"x":1},${JSON.stringify(text)}:1}}}]}`,
      );
      expect(attempt({ userName: 'a' }, body)).toEqual({ userName: 'a' });
    }
    expect(ownKeys()).toBe(UNTOUCHED);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('PATCH bodies made to hurt', () => {
  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
  const core = (depth: number): unknown => JSON.parse(`{"${CORE}":`.repeat(depth) + '1' + '}'.repeat(depth));
  const keys = Object.fromEntries(Array.from({ length: 90_000 }, (_, index) => [`key${index}`, index]));

  it.each<[string, unknown]>([
    ['deep lists', { op: 'add', path: 'emails', value: nested(5000) }],
    ['deep lists without path', { op: 'add', value: nested(5000) }],
    ['schemas in schemas', { op: 'add', value: core(5000) }],
    ['90,000 unknown members', { op: 'add', value: keys }],
    ['90,000 unknown sub-attributes', { op: 'add', path: 'name', value: keys }],
    ['10,000 e-mail addresses', { op: 'add', path: 'emails', value: Array.from({ length: 10_000 }, () => 'a@b') }],
    ['a text of 1 MB', { op: 'add', path: 'title', value: 'x'.repeat(1_000_000) }],
    ['a path of 1 MB', { op: 'add', path: 'x.'.repeat(500_000), value: 'x' }],
    ['a member name of 1 MB', { op: 'add', value: { ['x.'.repeat(500_000)]: 1 } }],
    ['an op of 1 MB', { op: 'x'.repeat(1_000_000) }],
  ])('should be answered at once: %s', (_, bad) => {
    const start = performance.now();
    const result = attempt({ userName: 'a' }, { Operations: [bad] });
    expect(result ?? { userName: 'a' }).toEqual({ userName: 'a' });
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
