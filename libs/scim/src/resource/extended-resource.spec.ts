import { describe, expect, it } from '@jest/globals';
import { parseFilter } from '../filter/parse-filter.js';
import { resolveFilter } from '../filter/resolve-filter.js';
import { matches } from '../filter/matches.js';
import { patchResource } from '../patch/apply-patch.js';
import type { ResourceType } from '../schema/definition.js';
import { readExtension } from '../schema/extension/read-extension.js';
import { userResourceType } from '../schema/resource-types.js';
import { checkImmutable } from './check-immutable.js';
import { readResource } from './read-resource.js';
import { retainedExtensions } from './retained.js';
import { schemasOf, storedSchemasOf } from './schemas-of.js';
import { searchDocument } from './search-document.js';
import type { ScimResource } from './resource.js';

const live = 'urn:example:live';
const retired = 'urn:example:retired';
const read = (id: string, attributes: readonly object[]) =>
  readExtension({ id, attributes }, { resourceType: userResourceType, otherUrns: [] });

const liveSchema = read(live, [
  { name: 'badge', required: true },
  { name: 'origin', mutability: 'immutable' },
  { name: 'marks', multiValued: true, mutability: 'immutable' },
  { name: 'hint', mutability: 'writeOnly', returned: 'never' },
  { name: 'hints', multiValued: true, mutability: 'writeOnly', returned: 'never' },
  {
    name: 'desk',
    type: 'complex',
    subAttributes: [
      { name: 'floor', required: true },
      { name: 'seat', mutability: 'immutable' },
      { name: 'pin', mutability: 'writeOnly', returned: 'never' },
    ],
  },
  {
    name: 'assets',
    type: 'complex',
    multiValued: true,
    subAttributes: [
      { name: 'value', required: true },
      { name: 'type' },
      { name: 'code', mutability: 'writeOnly', returned: 'never' },
    ],
  },
]);
const retiredSchema = read(retired, [{ name: 'Locker' }]);
const type: ResourceType = {
  ...userResourceType,
  extensions: [...userResourceType.extensions, { schema: liveSchema, required: false }],
  retiredExtensions: [retiredSchema],
};
const requiring: ResourceType = { ...type, extensions: [{ schema: liveSchema, required: true }] };
const stored: ScimResource = { userName: 'zoe', [retired]: { Locker: 'L-1' } };
const patch = (resource: ScimResource, ...Operations: readonly object[]) =>
  patchResource(resource, { Operations }, type);

describe('a retired extension', () => {
  it('should survive a PATCH, and be kept for a PUT', () => {
    const { resource, changed } = patch(stored, {
      op: 'replace',
      value: { title: 'Boss', [retired]: { Locker: 'x' } },
    });
    expect(resource).toEqual({ ...stored, title: 'Boss' });
    expect(changed).toEqual(['title']);
    expect(retainedExtensions({ ...stored, [live]: { badge: 'B' } }, type)).toEqual({ [retired]: { Locker: 'L-1' } });
  });

  it('should stay comparable, and be in no schemas that a client sees', () => {
    expect(schemasOf(stored, type)).toEqual([userResourceType.schema.id]);
    const schemas = storedSchemasOf(stored, type);
    expect(schemas).toEqual([userResourceType.schema.id, retired]);
    expect(searchDocument({ ...stored, schemas }, type)).toMatchObject({ [retired]: { Locker: 'l-1' } });
  });

  it.each([
    [`schemas eq "${retired}"`, false],
    [`schemas ne "${retired}"`, true],
    ['schemas sw "URN:EXAMPLE"', false],
    ['schemas[value co "retired"]', false],
    [`not (schemas eq "${retired}") and userName pr`, true],
    [`schemas eq "${userResourceType.schema.id}"`, true],
    ['schemas co "core"', true],
    ['schemas pr', true],
  ])('should be found by no filter: %s', (text, isFound) => {
    const filter = resolveFilter(parseFilter(text), type);
    expect(matches(filter, { ...stored, schemas: storedSchemasOf(stored, type) })).toBe(isFound);
  });
});

describe('what a schema requires', () => {
  it.each([
    [{ userName: 'zoe' }, type, undefined],
    [{ userName: 'zoe' }, requiring, `${live} is required.`],
    [{ userName: 'zoe', [live]: { badge: '' } }, requiring, `${live} is required.`],
    [{ userName: 'zoe', [live]: { origin: 'x' } }, type, `${live}:badge is required.`],
    [{ userName: 'zoe', [live]: { badge: 'B', desk: { seat: '1' } } }, type, `${live}:desk.floor is required.`],
    [{ userName: 'zoe', [live]: { badge: 'B', assets: [{ value: '1' }, { type: 'x' }] } }, type, `${live}:assets.value is required.`],
    [{ userName: 'zoe', [live]: { badge: 'B', desk: { floor: '1' }, assets: [{ value: '1' }] } }, type, undefined],
  ])('should be part of a whole resource: %j', (body, resourceType, problem) => {
    const reading = () => readResource(body, resourceType);
    if (problem === undefined) expect(reading()).toEqual(body);
    else expect(reading).toThrow(problem);
  }); // prettier-ignore

  const older: ScimResource = {
    userName: 'zoe',
    [live]: { desk: { seat: '1' }, assets: [{ type: 'x' }, { value: '2' }] },
  };
  it.each([
    ['another attribute', { op: 'add', path: 'title', value: 'Boss' }],
    ['a part beside the missing one', { op: 'replace', path: `${live}:assets[value eq "2"].type`, value: 'y' }],
    ['what is missing', { op: 'add', path: 'badge', value: 'B-1' }],
  ])('should not be asked of an older resource when a PATCH changes %s', (_what, operation) => {
    expect(patch(older, operation).changed).toHaveLength(1);
  });

  it.each([
    ['take away a value', { op: 'remove', path: 'badge' }, `${live}:badge is required`],
    ['make a value blank', { op: 'replace', path: 'badge', value: '  ' }, `${live}:badge must not be blank`],
    ['add an element without it', { op: 'add', path: 'assets', value: [{ type: 'z' }] }, `${live}:assets.value is required`],
    ['make a complex value without it', { op: 'add', path: 'desk.seat', value: '3' }, `${live}:desk.floor is required`],
  ])('should be held by a PATCH that would %s', (_what, operation, problem) => {
    expect(() => patch({ userName: 'zoe', [live]: { badge: 'B', origin: 'x' } }, operation)).toThrow(problem);
  }); // prettier-ignore

  it('should not be held against a resource that gives up the extension as a whole', () => {
    const whole = { userName: 'zoe', [live]: { badge: 'B', assets: [{ value: '1' }] } };
    expect(patch(whole, { op: 'remove', path: live }).resource).toEqual({ userName: 'zoe' });
  });

  it('should keep a required extension from being taken away by PATCH', () => {
    const operations = { Operations: [{ op: 'remove', path: live }] };
    const whole = { userName: 'zoe', [live]: { badge: 'B' } };
    expect(() => patchResource(whole, operations, requiring)).toThrow(
      `${live}:badge is required and cannot be removed.`,
    );
    expect(patchResource({ userName: 'zoe' }, operations, requiring).changed).toEqual([]);
  });
});

describe('what a schema makes immutable', () => {
  const before = {
    userName: 'zoe',
    [live]: { badge: 'B', origin: 'here', marks: ['a'], desk: { floor: '1', seat: '2' } },
  };

  it.each([
    { op: 'replace', path: `${live}:origin`, value: 'there' },
    { op: 'remove', path: 'marks' },
    { op: 'add', path: 'marks', value: ['b'] },
    { op: 'remove', path: 'marks[value eq "a"]' },
    { op: 'remove', path: live },
    { op: 'replace', path: 'desk.seat', value: '3' },
    { op: 'remove', path: 'desk' },
  ])('should not be changed by %j', (operation) => {
    expect(() => patch(before, operation)).toThrow(/is immutable and already set/);
  });

  it('should not be changed by PUT, nor left out', () => {
    const put = (extension: object) =>
      checkImmutable(before, { userName: 'zoe', [live]: extension } as ScimResource, type);
    expect(() => put(before[live])).not.toThrow();
    expect(() => put({ ...before[live], origin: 'HERE', badge: 'C' })).not.toThrow();
    expect(() => put({ ...before[live], origin: 'there' })).toThrow(`${live}:origin is immutable`);
    expect(() => put({ ...before[live], desk: { floor: '2' } })).toThrow(`${live}:desk.seat is immutable`);
    expect(() => checkImmutable(before, { userName: 'zoe' }, type)).toThrow(`${live}:origin is immutable`);
  });
});

describe('what a schema makes write-only', () => {
  it('should never be part of a resource', () => {
    const extension = {
      badge: 'B',
      hint: 'x',
      hints: ['x'],
      desk: { floor: '1', pin: 'x' },
      assets: [{ value: '1', code: 'x' }],
    };
    const resource = readResource({ userName: 'zoe', [live]: extension }, type);
    expect(resource).toEqual({
      userName: 'zoe',
      [live]: { badge: 'B', desk: { floor: '1' }, assets: [{ value: '1' }] },
    });
    const { resource: after, changed } = patch(
      resource,
      { op: 'add', path: 'hint', value: 'x' },
      { op: 'add', path: 'hints', value: ['x'] },
      { op: 'replace', path: `${live}:desk.pin`, value: 'x' },
      { op: 'replace', path: `${live}:assets[value eq "1"].code`, value: 'x' },
      { op: 'add', path: `${live}:assets.code`, value: 'x' },
      { op: 'add', value: { [live]: { desk: { pin: 'x' } } } },
    );
    expect([after, changed]).toEqual([resource, []]);
  });

  it('should be checked all the same', () => {
    expect(() => patch({ userName: 'zoe' }, { op: 'add', path: 'hint', value: 7 })).toThrow(
      `${live}:hint must be a string`,
    );
  });
});
