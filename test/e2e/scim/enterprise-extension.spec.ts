import { beforeAll, expect, it } from '@jest/globals';
import { CORE_USER, ENTERPRISE_USER, type ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';

const EXTENSION = {
  employeeNumber: '701984',
  costCenter: '4130',
  organization: 'Universal Studios',
  division: 'Theme Park',
  department: 'Tour Operations',
  manager: { value: '26118915-6090-4610-87e4-49d8ca9f808d', $ref: '../Users/26118915-6090-4610-87e4-49d8ca9f808d' },
};

describeEachEngine('the enterprise extension', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  const extended = (more: object = {}): object =>
    plainUser(uniqueAddress(), { schemas: [CORE_USER, ENTERPRISE_USER], [ENTERPRISE_USER]: { ...EXTENSION, ...more } });

  it('should come back whole, but for the read-only name of the manager', async () => {
    const user = await tenant.createUser(
      extended({ manager: { ...EXTENSION.manager, displayName: 'John Smith' }, unknown: 'dropped' }),
    );
    expect([user.schemas, user[ENTERPRISE_USER]]).toEqual([[CORE_USER, ENTERPRISE_USER], EXTENSION]);
    expect(await tenant.readUser(user.id)).toEqual(user);
    expect((await tenant.findByUserName(user.userName)).Resources).toEqual([user]);
  });

  it('should be named in schemas for as long as it has an attribute, and no longer', async () => {
    const user = await tenant.createUser(plainUser(uniqueAddress(), { schemas: [CORE_USER, ENTERPRISE_USER] }));
    expect(user.schemas).toEqual([CORE_USER]);
    const path = `${ENTERPRISE_USER}:department`;
    const added = (await tenant.patch(user.id, { op: 'add', path, value: 'Post' })).body as ScimUser;
    expect([added.schemas, added[ENTERPRISE_USER]]).toEqual([[CORE_USER, ENTERPRISE_USER], { department: 'Post' }]);
    const removed = (await tenant.patch(user.id, { op: 'remove', path })).body as ScimUser;
    expect(removed).toEqual({ ...user, meta: removed.meta });
  });

  it('should be changed by PUT and by every form of PATCH path', async () => {
    const user = await tenant.createUser(extended());
    const answer = await tenant.patch(
      user.id,
      { op: 'replace', path: `${ENTERPRISE_USER}:costCenter`, value: '1' },
      { op: 'replace', path: `${ENTERPRISE_USER.toLowerCase()}:Division`, value: '2' },
      { op: 'remove', path: `${ENTERPRISE_USER}:manager` },
      { op: 'replace', value: { [`${ENTERPRISE_USER}:organization`]: '3' } },
      { op: 'add', value: { [ENTERPRISE_USER]: { employeeNumber: '4' } } },
    );
    expect((answer.body as ScimUser)[ENTERPRISE_USER]).toEqual({
      ...EXTENSION,
      manager: undefined,
      costCenter: '1',
      division: '2',
      organization: '3',
      employeeNumber: '4',
    });
    const whole = await tenant.patch(user.id, { op: 'remove', path: ENTERPRISE_USER });
    expect([whole.status, (whole.body as ScimUser)[ENTERPRISE_USER]]).toEqual([200, undefined]);
    const replaced = await tenant.send('PUT', `/Users/${user.id}`, { body: extended() });
    expect((replaced.body as ScimUser)[ENTERPRISE_USER]).toEqual(EXTENSION);
  });

  it.each([
    [`${ENTERPRISE_USER}:employeeNumber eq "701984-x"`, false],
    [`${ENTERPRISE_USER}:department eq "tour operations"`, true],
    [`${ENTERPRISE_USER}:manager.value eq "26118915-6090-4610-87e4-49d8ca9f808d"`, true],
    [`${ENTERPRISE_USER}:manager eq "26118915-6090-4610-87E4-49D8CA9F808D"`, false],
    ['manager.value pr and not (division eq "Hotel")', true],
    [`schemas eq "${ENTERPRISE_USER}"`, true],
  ])('should be found by %s: %s', async (filter, isFound) => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const user = await own.createUser(extended());
    await own.createUser(plainUser(uniqueAddress()));
    expect((await own.find(filter)).Resources).toEqual(isFound ? [user] : []);
  });
});
