import { beforeEach, expect, it } from '@jest/globals';
import { migrate, type TenantId } from '@cleanmail/database';
import { foldCase, parseFilter, resolveFilter, userResourceType } from '@cleanmail/scim';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, patchBody, replacing } from '../support/commands.js';
import { createCrowd } from '../support/crowd.js';
import { createTenant, libsFor } from '../support/libs.js';
import { query, type Row } from '../support/rows.js';

const keyLength = 640;
const work = 'emails[type eq "work"].value';

describeEachEngine('look-up of e-mail addresses', (engine) => {
  const libs = libsFor(engine, () => [], {
    unverified: 'users are written past their service, and a migration is run again',
  });
  let tenant: TenantId;
  let stranger: TenantId;

  beforeEach(async () => {
    tenant = await createTenant(libs());
    stranger = await createTenant(libs());
  });

  async function create(userName: string, ...addresses: readonly string[]): Promise<string> {
    const emails = addresses.map((value, index) => ({ value, type: index === 0 ? 'work' : 'home' }));
    return (await libs().users.create(tenant, command(), { userName, emails })).id;
  }

  async function keysOf(userId: string): Promise<readonly unknown[]> {
    const rows = await query(libs().database, 'SELECT value_key FROM scim_user_email WHERE tenant_id = ? AND user_id = ? ORDER BY value_key', [tenant, userId]);
    return rows.map((row) => row['value_key']);
  } // prettier-ignore

  async function found(filter: string, of: TenantId = tenant): Promise<readonly string[]> {
    const limits = { length: 20_000, nodes: 50, depth: 20 };
    const resolved = resolveFilter(parseFilter(filter, limits), userResourceType);
    const { users } = await libs().users.list(of, { filter: resolved, startIndex: 1, count: 100 });
    return users.map(({ id }) => id);
  }

  it('should follow what is created, changed, replaced and deleted', async () => {
    const id = await create('anna', 'Anna@X.example', 'anna@home.example', 'ANNA@x.example');
    expect(await keysOf(id)).toEqual(['anna@home.example', 'anna@x.example']);
    await libs().users.modify(tenant, command(), id, replacing({ [work]: 'NEW@x.example' }));
    expect(await keysOf(id)).toEqual(['anna@home.example', 'anna@x.example', 'new@x.example']);
    await libs().users.modify(tenant, command(), id, patchBody({ op: 'remove', path: 'emails[value sw "anna"]' }));
    expect(await keysOf(id)).toEqual(['new@x.example']);
    await libs().users.replace(tenant, command(), id, { userName: 'anna', emails: [{ value: 'put@x.example' }] });
    expect(await keysOf(id)).toEqual(['put@x.example']);
    await libs().users.replace(tenant, command(), id, { userName: 'anna' });
    expect(await keysOf(id)).toEqual([]);
    await libs().users.modify(tenant, command(), id, patchBody({ op: 'add', path: 'emails', value: [{ value: 'back@x.example' }] }));
    expect(await keysOf(id)).toEqual(['back@x.example']);
    await libs().users.delete(tenant, command(), id);
    expect(await query(libs().database, 'SELECT * FROM scim_user_email WHERE user_id = ?', [id])).toEqual([]);
  }); // prettier-ignore

  it('should hold as many addresses as a user may have', async () => {
    const addresses = Array.from({ length: 57 }, (_, index) => `a${index}@x.example`);
    const id = await create('many', ...addresses);
    expect(await keysOf(id)).toEqual([...addresses].sort());
    expect(await found('emails.value eq "A56@x.example"')).toEqual([id]);
  });

  it('should find whoever has the address, in one tenant', async () => {
    const both = [await create('one', 'shared@x.example'), await create('two', 'two@x.example', 'SHARED@x.example')];
    await libs().users.create(stranger, command(), { userName: 'one', emails: [{ value: 'shared@x.example' }] });
    expect(await found('emails eq "Shared@X.example"')).toEqual(both);
    expect(await found('emails[type eq "work" and value eq "shared@x.example"]')).toEqual(both.slice(0, 1));
    expect(await found('emails.value eq "two@x.example"', stranger)).toEqual([]);
    expect(await found('not (emails.value eq "two@x.example")')).toEqual(both.slice(0, 1));
  });

  it('should leave nothing behind when the userName is taken', async () => {
    await create('taken', 'first@x.example');
    await expect(create('TAKEN', 'second@x.example')).rejects.toMatchObject({ scimType: 'uniqueness' });
    const rows = await query(libs().database, 'SELECT value_key FROM scim_user_email WHERE tenant_id = ?', [tenant]);
    expect(rows).toEqual([{ value_key: 'first@x.example' }]);
  });

  it.each(['x', 'ä', '😀'])('should find an address that is longer than its key, made of %s', async (letter) => {
    const prefix = letter.repeat(keyLength);
    const [first, second] = [`${prefix}1@x.example`, `${prefix}2@x.example`];
    const ids = [await create('first', first), await create('second', second), await create('third', prefix)];
    expect(await keysOf(ids[0] ?? '')).toEqual([prefix]);
    expect(await found(`emails.value eq "${first}"`)).toEqual([ids[0]]);
    expect(await found(`emails.value eq "${second}"`)).toEqual([ids[1]]);
    expect(await found(`emails.value eq "${prefix}"`)).toEqual([ids[2]]);
    expect(await found(`emails.value sw "${prefix}2"`)).toEqual([ids[1]]);
    expect(await found(`emails.value sw "${prefix}"`)).toEqual(ids);
    expect(await found(`emails.value gt "${prefix}"`)).toEqual(ids.slice(0, 2));
    expect(await found(`emails.value gt "${first}"`)).toEqual([ids[1]]);
    expect(await found(`emails.value lt "${second}"`)).toEqual([ids[0], ids[2]]);
    expect(await found(`emails.value le "${prefix}"`)).toEqual([ids[2]]);
  });

  it('should carry over the users of a database from before the table was there', async () => {
    const long = `${'Ä'.repeat(700)}@x.example`;
    const ids = [await create('none'), await create('many', 'Straße@x.example', 'straße@x.example', "o'neil@x.example"), await create('long', long)];
    await libs().users.create(stranger, command(), { userName: 'else', emails: [{ value: 'Else@x.example', primary: true }] });
    await createCrowd(libs(), await createTenant(libs()), 450);
    const all = () => query(libs().database, 'SELECT tenant_id, value_key, user_id FROM scim_user_email ORDER BY tenant_id, value_key, user_id');
    const before = await all();
    expect(before).toContainEqual({ tenant_id: tenant, value_key: foldCase('Ä').repeat(keyLength), user_id: ids[2] });
    await undoDownTo('CreateScimUserEmail');
    await expect(all()).rejects.toMatchObject({ message: expect.stringContaining('scim_user_email') });
    expect((await migrate(libs().database)).join()).toContain('FillScimUserEmail');
    expect(await all()).toEqual(before);
    expect(await found('emails.value eq "STRASSE@x.example"')).toEqual([]);
    expect(await found('emails.value eq "STRAßE@x.example"')).toEqual([ids[1]]);
    await libs().users.modify(tenant, command(), ids[1] ?? '', replacing({ [work]: 'other@x.example' }));
    expect(await found('emails.value eq "other@x.example"')).toEqual([ids[1]]);
  }); // prettier-ignore

  it('should carry over what is missing when the migration was killed half-way', async () => {
    const ids = [await create('one', 'one@x.example'), await create('two', 'two@x.example')];
    const { database } = libs();
    await database.write(async (session) => {
      await session.run('DELETE FROM scim_user_email WHERE user_id = ?', [ids[1] ?? '']);
      await session.run("DELETE FROM schema_migration WHERE name LIKE 'FillScimUserEmail%'");
    });
    await migrate(database);
    expect([await keysOf(ids[0] ?? ''), await keysOf(ids[1] ?? '')]).toEqual([['one@x.example'], ['two@x.example']]);
  });

  /** Undoes the latest migrations, whichever they are, down to and with the named one. */
  async function undoDownTo(name: string): Promise<void> {
    const { database } = libs();
    const latest = async (): Promise<Row> =>
      (await query(database, 'SELECT name FROM schema_migration ORDER BY id DESC LIMIT 1'))[0] ?? {};
    for (let done = false; !done;) {
      done = String((await latest())['name']).startsWith(name);
      await database.dataSource.undoLastMigration({ transaction: 'each' });
    }
  }
});
