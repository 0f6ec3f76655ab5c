import { describe, expect, it } from '@jest/globals';

import { enterpriseSchema, workEmail, type UserState } from './attributes.js';
import { patchBody } from './patch-dialect.js';

const schemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];
const before: UserState = {
  displayName: 'old',
  active: true,
  'name.givenName': 'old',
  [workEmail]: 'old',
  [`${enterpriseSchema}:employeeNumber`]: 'old',
};
const change: UserState = {
  nickName: 'Babs',
  displayName: 'Bjfe',
  [workEmail]: 'TestMhvaes@test.microsoft.com',
  'name.givenName': 'Kkom',
  [`${enterpriseSchema}:employeeNumber`]: 'Aklq',
};

describe(patchBody.name, () => {
  it('should write one capitalised operation per path in the default dialect', () => {
    expect(patchBody('default', before, change)).toEqual({
      schemas,
      Operations: [
        { op: 'Add', path: 'nickName', value: 'Babs' },
        { op: 'Replace', path: 'displayName', value: 'Bjfe' },
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'TestMhvaes@test.microsoft.com' },
        { op: 'Replace', path: 'name.givenName', value: 'Kkom' },
        { op: 'Replace', path: `${enterpriseSchema}:employeeNumber`, value: 'Aklq' },
      ],
    });
    expect(patchBody('default', before, { active: false })).toMatchObject({
      Operations: [{ op: 'Replace', path: 'active', value: 'False' }],
    });
  });

  it('should gather what has no filter into one path-less operation in the flagged dialect', () => {
    expect(patchBody('aadOptscim062020', before, change)).toEqual({
      schemas,
      Operations: [
        { op: 'add', path: 'nickName', value: 'Babs' },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'TestMhvaes@test.microsoft.com' },
        {
          op: 'replace',
          value: { displayName: 'Bjfe', 'name.givenName': 'Kkom', [`${enterpriseSchema}:employeeNumber`]: 'Aklq' },
        },
      ],
    });
    expect(patchBody('aadOptscim062020', before, { active: false })).toEqual({
      schemas,
      Operations: [{ op: 'replace', path: 'active', value: false }],
    });
  });
});
