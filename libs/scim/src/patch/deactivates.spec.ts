import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScimError } from '../errors/scim-error.js';
import { readResource } from '../resource/read-resource.js';
import { SCHEMA_URNS } from '../schema/schema-urns.js';
import { userResourceType } from '../schema/resource-types.js';
import { patchResource } from './apply-patch.js';
import { deactivates } from './deactivates.js';

const patch = (...operations: readonly object[]) => ({ Operations: operations });

describe(deactivates.name, () => {
  it.each<[string, 'PATCH' | 'PUT', unknown]>([
    ['the RFC’s replace', 'PATCH', patch({ op: 'replace', path: 'active', value: false })],
    ['Entra’s default', 'PATCH', patch({ op: 'Replace', path: 'active', value: 'False' })],
    ['Entra’s add', 'PATCH', patch({ op: 'Add', path: 'active', value: 'False' })],
    ['a path in other letters', 'PATCH', patch({ op: 'replace', path: ' ACTIVE ', value: false })],
    ['a path behind the URN', 'PATCH', patch({ op: 'replace', path: `${SCHEMA_URNS.user}:active`, value: false })],
    ['Okta’s, without path', 'PATCH', patch({ op: 'replace', value: { active: false } })],
    ['text without path', 'PATCH', patch({ op: 'Replace', value: { Active: 'FALSE' } })],
    ['several attributes at once', 'PATCH', patch({ op: 'replace', value: { 'name.givenName': 'A', active: false } })],
    ['a member behind the URN', 'PATCH', patch({ op: 'replace', value: { [`${SCHEMA_URNS.user}:active`]: false } })],
    ['the schema as an object', 'PATCH', patch({ op: 'replace', value: { [SCHEMA_URNS.user]: { active: false } } })],
    ['the schema as the path', 'PATCH', patch({ op: 'replace', path: SCHEMA_URNS.user, value: { active: false } })],
    ['a list without path', 'PATCH', patch({ op: 'replace', value: [{ title: 'x' }, { active: false }] })],
    ['a wrapped value', 'PATCH', patch({ op: 'Replace', path: 'active', value: [{ value: 'False' }] })],
    ['the last operation of several', 'PATCH', patch({ op: 'replace', path: 'active', value: true }, { op: 'replace', path: 'active', value: false })],
    ['an operation among others', 'PATCH', patch({ op: 'replace', path: 'title', value: 'x' }, { op: 'Replace', path: 'active', value: 'False' })],
    ['a PUT', 'PUT', { userName: 'a', active: false }],
    ['a PUT with text', 'PUT', { userName: 'a', Active: 'False' }],
    ['a PUT with the schema as an object', 'PUT', { userName: 'a', [SCHEMA_URNS.user]: { active: false } }],
  ])('should see a leaver in %s', (_what, method, body) => {
    expect(deactivates(method, body, userResourceType)).toBe(true);
  }); // prettier-ignore

  it.each<[string, 'PATCH' | 'PUT', unknown]>([
    ['an activation', 'PATCH', patch({ op: 'replace', path: 'active', value: true })],
    ['an activation as text', 'PATCH', patch({ op: 'Add', path: 'active', value: 'True' })],
    ['an activation after a deactivation', 'PATCH', patch({ op: 'replace', path: 'active', value: false }, { op: 'replace', path: 'active', value: true })],
    ['the removal of active', 'PATCH', patch({ op: 'remove', path: 'active' })],
    ['nothing about active', 'PATCH', patch({ op: 'replace', path: 'title', value: 'active' })],
    ['an attribute that only ends so', 'PATCH', patch({ op: 'replace', value: { inactive: false } })],
    ['another schema’s active', 'PATCH', patch({ op: 'replace', path: `${SCHEMA_URNS.enterpriseUser}:active`, value: false })],
    ['a value that is no boolean', 'PATCH', patch({ op: 'replace', path: 'active', value: 'no' })],
    ['a path that cannot be read', 'PATCH', patch({ op: 'replace', path: 'active[', value: false })],
    ['an unknown op', 'PATCH', patch({ op: 'move', path: 'active', value: false })],
    ['no operations', 'PATCH', {}],
    ['no object', 'PATCH', 'active'],
    ['a PUT without active', 'PUT', { userName: 'a' }],
    ['a PUT with active', 'PUT', { userName: 'a', active: true }],
    ['a PUT that is a list', 'PUT', [{ active: false }]],
    ['a PUT without body', 'PUT', undefined],
  ])('should see no leaver in %s', (_what, method, body) => {
    expect(deactivates(method, body, userResourceType)).toBe(false);
  }); // prettier-ignore

  /** What carrying a request out makes of `active`; undefined when it is refused. */
  function outcome(run: () => Readonly<Record<string, unknown>>): unknown {
    try {
      return run()['active'];
    } catch (error) {
      if (error instanceof ScimError) return undefined;
      throw error;
    }
  }

  const flag = fc.constantFrom<unknown>(true, false, 'True', 'False', 'FALSE', '', null, [false], [{ value: 'False' }]);
  const name = fc.constantFrom('active', 'Active', `${SCHEMA_URNS.user}:active`, 'title', 'inactive');
  const members = fc.dictionary(name, flag, { maxKeys: 4 });
  const withSchema = fc.oneof(
    members,
    fc.tuple(members, members).map(([own, inner]) => ({ ...own, [SCHEMA_URNS.user]: inner })),
    fc.tuple(members, members).map(([own, inner]) => ({ [SCHEMA_URNS.user]: inner, ...own })),
  );

  it('should say of a PATCH what carrying it out says', () => {
    const path = fc.constantFrom('active', ' ACTIVE', `${SCHEMA_URNS.user}:active`, 'title', 'displayName');
    const op = fc.constantFrom('add', 'Replace', 'replace', 'Remove');
    const operation = fc.oneof(
      fc.record({ op, path, value: flag }),
      fc.record({ op, value: fc.oneof(withSchema, fc.array(withSchema, { maxLength: 2 })) }),
      fc.record({ op, path: fc.constant<string>(SCHEMA_URNS.user), value: members }),
    );
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 4 }), (all) => {
        const active = outcome(
          () => patchResource({ userName: 'a', active: true }, patch(...all), userResourceType).resource,
        );
        fc.pre(active !== undefined);
        expect(deactivates('PATCH', patch(...all), userResourceType)).toBe(active === false);
      }),
      { numRuns: 1000 },
    );
  });

  it('should say of a PUT what carrying it out says', () => {
    fc.assert(
      fc.property(withSchema, (body) => {
        const sent = { ...body, userName: 'a' };
        const active = outcome(() => ({ active: true, ...readResource(sent, userResourceType) }));
        fc.pre(active !== undefined);
        expect(deactivates('PUT', sent, userResourceType)).toBe(active === false);
      }),
      { numRuns: 1000 },
    );
  });
});
