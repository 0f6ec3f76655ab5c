import { describe, expect, it } from '@jest/globals';
import { SCHEMA_URNS } from '../schema/schema-urns.js';
import { groupResourceType } from '../schema/resource-types.js';
import { carries, parseProjection } from './projection.js';

describe(carries.name, () => {
  it.each<[string | undefined, string | undefined, boolean]>([
    [undefined, undefined, true],
    ['members', undefined, true],
    ['MEMBERS.value', undefined, true],
    [`${SCHEMA_URNS.group}:members`, undefined, true],
    ['displayName', undefined, false],
    ['unheardOf', undefined, false],
    [undefined, 'members', false],
    [undefined, `${SCHEMA_URNS.group}:Members`, false],
    [undefined, 'displayName,members', false],
    [undefined, 'members.display', true],
    [undefined, 'displayName', true],
  ])('should tell, for attributes=%s and excludedAttributes=%s, whether members are in: %s', (only, without, isIn) => {
    expect(carries(parseProjection(only, without, groupResourceType), 'members')).toBe(isIn);
  });
});
