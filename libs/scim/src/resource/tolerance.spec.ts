import { describe, expect, it } from '@jest/globals';
import { boolean, complex, string } from '../schema/attribute.js';
import { isUnassigned, unwrapSingle, wrapBare } from './tolerance.js';

const active = boolean('active', '');
const manager = complex('manager', '', [string('value', '')]);
const name = complex('name', '', [string('givenName', '')]);
const emails = complex('emails', '', [string('value', '')], { multiValued: true });

describe(isUnassigned.name, () => {
  it.each([
    [null, true],
    ['', true],
    [undefined, true],
    [false, false],
    [0, false],
    [' ', false],
    [[], false],
    [{}, false],
  ])('should say of %p: %p', (value, expected) => {
    expect(isUnassigned(value)).toBe(expected);
  });
});

describe(unwrapSingle.name, () => {
  it.each([
    ['a list of one value (U10)', [{ $ref: null, value: 'False' }], active, 'False'],
    ['an object of one value', { Value: 'False' }, active, 'False'],
    ['a list of one plain value', ['x'], active, 'x'],
    ['a complex value in a list (U36)', [{ value: '1', $ref: 'r' }], manager, { value: '1', $ref: 'r' }],
    ['not a list of two', ['a', 'b'], active, ['a', 'b']],
    ['not an object without value', { x: 1 }, active, { x: 1 }],
    ['not the list of a multi-valued attribute', [{ value: 'a' }], emails, [{ value: 'a' }]],
  ])('should unwrap %s', (_, value, attribute, expected) => {
    expect(unwrapSingle(value, attribute)).toEqual(expected);
  });
});

describe(wrapBare.name, () => {
  it.each([
    ['a manager as a text (U31)', '271', manager, { value: '271' }],
    ['e-mail addresses as texts', ['a', { value: 'b' }], emails, [{ value: 'a' }, { value: 'b' }]],
    ['one e-mail address', 'a', emails, [{ value: 'a' }]],
    ['one e-mail object', { value: 'a' }, emails, [{ value: 'a' }]],
    ['not a text that has no value to go to', 'Anna', name, 'Anna'],
    ['not the empty text', '', manager, ''],
  ])('should wrap %s', (_, value, attribute, expected) => {
    expect(wrapBare(value, attribute)).toEqual(expected);
  });
});
