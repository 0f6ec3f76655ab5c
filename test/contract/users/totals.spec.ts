import { beforeEach, expect, it } from '@jest/globals';
import { newId, pagedResources, type TenantId } from '@cleanmail/database';
import { ScimError } from '@cleanmail/scim';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, groupCommand } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';
import { pageDirectoryViolations } from '@cleanmail/users';

const atOnce = 16;

describeEachEngine('totalResults', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  beforeEach(async () => {
    tenant = await createTenant(libs());
  });

  const everything = { startIndex: 1, count: 0 };
  const totals = async (of = tenant): Promise<readonly number[]> => [
    (await libs().users.list(of, everything)).totalResults,
    (await libs().groups.list(of, everything)).totalResults,
  ];
  const createUser = (userName = `${newId()}@free.example`) => libs().users.create(tenant, command(), { userName });
  const createGroup = (displayName: string = newId()) => libs().groups.create(tenant, groupCommand(), { displayName });

  async function expectRightBooks(): Promise<void> {
    for (const resources of pagedResources) {
      const found = await libs().database.read((session) => pageDirectoryViolations(tenant, session, resources));
      expect(found).toEqual([]);
    }
  }

  it('should be right after each creation and deletion, of users and of groups', async () => {
    expect(await totals()).toEqual([0, 0]);
    const user = await createUser();
    expect(await totals()).toEqual([1, 0]);
    const group = await createGroup();
    await createUser();
    expect(await totals()).toEqual([2, 1]);
    await libs().users.delete(tenant, command(), user.id);
    expect(await totals()).toEqual([1, 1]);
    await libs().groups.delete(tenant, groupCommand(), group.id);
    expect(await totals()).toEqual([1, 0]);
    expect(await totals(newId() as TenantId)).toEqual([0, 0]);
    await expectRightBooks();
  });

  it('should not count what was refused, nor twice what was deleted', async () => {
    const user = await createUser('taken@free.example');
    const group = await createGroup('taken');
    await expect(createUser('TAKEN@free.example')).rejects.toBeInstanceOf(ScimError);
    await expect(createGroup('TAKEN')).rejects.toBeInstanceOf(ScimError);
    const unknown = { displayName: 'other', members: [{ value: newId() }] };
    await expect(libs().groups.create(tenant, groupCommand(), unknown)).rejects.toBeInstanceOf(ScimError);
    expect(await totals()).toEqual([1, 1]);
    const never = { accepts: () => false };
    await expect(libs().users.delete(tenant, command(never), user.id)).rejects.toBeInstanceOf(ScimError);
    await expect(libs().groups.delete(tenant, groupCommand(never.accepts), group.id)).rejects.toBeInstanceOf(ScimError);
    expect(await totals()).toEqual([1, 1]);
    for (const expected of ['fulfilled', 'rejected']) {
      const outcomes = await Promise.allSettled([
        libs().users.delete(tenant, command(), user.id),
        libs().groups.delete(tenant, groupCommand(), group.id),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([expected, expected]);
      expect(await totals()).toEqual([0, 0]);
    }
    await expectRightBooks();
  });

  it(`should be right after ${atOnce} writers at once, one of two of whom has his user deleted again`, async () => {
    const outcomes = await Promise.all(
      Array.from({ length: atOnce }, async (_, index) => {
        const [user, group] = [await createUser(), await createGroup()];
        if (index % 2 === 0) return [user.id, group.id];
        const racing = [1, 2, 3].map(() => libs().users.delete(tenant, command(), user.id));
        expect((await Promise.allSettled(racing)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        await libs().groups.delete(tenant, groupCommand(), group.id);
        return [];
      }),
    );
    const left = outcomes.filter((ids) => ids.length > 0);
    expect(await totals()).toEqual([left.length, left.length]);
    const { users } = await libs().users.list(tenant, { startIndex: 2, count: 100 });
    const ids = left.flatMap(([id = '']) => [id]).sort();
    expect(users.map(({ id }) => id)).toEqual(ids.slice(1));
    await expectRightBooks();
  });
});
