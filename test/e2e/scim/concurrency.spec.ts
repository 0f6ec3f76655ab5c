import { beforeAll, expect, it } from '@jest/globals';
import type { ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';

const HUNDRED = 100;

describeEachEngine('a hundred requests at once', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  it.each([1, 2, 3])(
    'should create one user of one userName, in any case, and refuse ninety-nine (round %i)',
    async () => {
      const name = uniqueAddress('one.of.many');
      const spellings = [name, name.toUpperCase(), name.replace('one', 'One'), name.replace('many', 'MANY')];
      const bodies = Array.from({ length: HUNDRED }, (_, index) => plainUser(spellings[index % 4] ?? name));
      const answers = await Promise.all(bodies.map((body) => tenant.send('POST', '/Users', { body })));
      const [created, ...others] = answers.filter(({ status }) => status === 201);
      expect([created?.status, others.length]).toEqual([201, 0]);
      for (const answer of answers.filter((one) => one !== created)) expectScimError(answer, 409, 'uniqueness');
      expect((await tenant.findByUserName(name)).Resources).toEqual([created?.body]);
      const { id } = created?.body as ScimUser;
      expect(await tenant.mailboxOf(id)).toMatchObject({ address: name, status: 'active' });
    },
  );

  it('should create a hundred users of a hundred names', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const users = await Promise.all(Array.from({ length: HUNDRED }, () => own.createUser(plainUser(uniqueAddress()))));
    const listed = (await own.send('GET', '/Users?count=500')).body as { readonly Resources: readonly ScimUser[] };
    const byId = (left: ScimUser, right: ScimUser): number => (left.id < right.id ? -1 : 1);
    expect([...listed.Resources].sort(byId)).toEqual([...users].sort(byId));
  });

  it('should delete a user once, and leave nothing of PATCHes that came too late', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await tenant.createUser(plainUser(uniqueAddress()));
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          index % 2 === 0
            ? tenant.send('DELETE', `/Users/${user.id}`)
            : tenant.patch(user.id, { op: 'replace', path: 'title', value: `${index}` }),
        ),
      );
      expect(answers.filter(({ status }) => status === 204).length).toBe(1);
      for (const answer of answers.filter(({ status }) => status !== 204 && status !== 200))
        expectScimError(answer, 404);
      expectScimError(await tenant.send('GET', `/Users/${user.id}`), 404);
      expect((await tenant.findByUserName(user.userName)).totalResults).toBe(0);
    }
  });

  it('should give one name to one of many users who want it', async () => {
    const users = await Promise.all(Array.from({ length: 20 }, () => tenant.createUser(plainUser(uniqueAddress()))));
    const name = uniqueAddress('wanted');
    const answers = await Promise.all(
      users.map(({ id }) => tenant.patch(id, { op: 'replace', path: 'userName', value: name })),
    );
    expect(answers.filter(({ status }) => status === 200).length).toBe(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectScimError(answer, 409, 'uniqueness');
    const { Resources } = await tenant.findByUserName(name);
    expect(Resources).toEqual([answers.find(({ status }) => status === 200)?.body]);
  });
});
