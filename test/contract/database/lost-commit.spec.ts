import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import {
  availableEngines,
  createMigratedDatabaseUrl,
  describeEachEngine,
  dropDatabase,
} from '../../support/engines/index.js';
import { command, patchBody } from '../support/commands.js';
import { type CommitFate, type CommitProxy, startCommitProxy } from '../support/commit-proxy.js';
import { createTenant, type Libs, openLibs } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';

const fates: readonly CommitFate[] = ['lose answer', 'swallow', 'reset'];

describeEachEngine('a COMMIT whose answer is lost', (engine) => {
  if (engine.name === 'sqlite') {
    it('should not be possible without a network', () => {
      expect(availableEngines().find(({ name }) => name === 'sqlite')?.url).toBe('sqlite:');
    });
    return;
  }
  let direct: string;
  let proxy: CommitProxy;
  let libs: Libs;
  let tenant: TenantId;

  beforeAll(async () => {
    direct = await createMigratedDatabaseUrl(engine);
    const url = new URL(direct);
    proxy = await startCommitProxy({ host: url.hostname, port: Number(url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    libs = await openLibs(url.href);
    tenant = await createTenant(libs);
  });
  afterAll(async () => {
    await libs.close();
    await proxy.close();
    await dropDatabase(direct, { unverified: 'rows are written past the services' });
  });

  const count = async (table: string, column: string, value: string) =>
    (
      await query(libs.database, `SELECT COUNT(*) AS n FROM ${table} WHERE tenant_id = ? AND ${column} = ?`, [
        tenant,
        value,
      ])
    )[0]?.['n'];

  it.each(fates)('should create a user exactly once, and say so (%s, 40 times)', async (fate) => {
    const struck = proxy.struck;
    for (let round = 0; round < 40; round += 1) {
      const userName = `u-${newId()}@free.example`;
      const made = command();
      proxy.fates.push(fate);
      const user = await libs.users.create(tenant, made, { userName });
      expect(await libs.users.get(tenant, user.id)).toEqual(user);
      expect(await count('scim_user', 'user_name', userName)).toBe(1);
      expect(await count('mailbox_account', 'scim_user_id', user.id)).toBe(1);
      expect(await count('provisioning_log', 'id', made.request.logId)).toBe(1);
    }
    expect(proxy.struck - struck).toBe(40);
    await expectMailConsistent(libs.database);
  });

  it.each(fates)('should apply a PATCH exactly once (%s)', async (fate) => {
    const user = await libs.users.create(tenant, command(), { userName: `u-${newId()}@free.example` });
    for (let round = 0; round < 20; round += 1) {
      proxy.fates.push(fate);
      await libs.users.modify(
        tenant,
        command(),
        user.id,
        patchBody({ op: 'add', path: 'roles', value: [{ value: `r${round}` }] }),
      );
    }
    const after = await libs.users.get(tenant, user.id);
    expect(after.version).toBe(21);
    expect(after.resource['roles']).toHaveLength(20);
  });

  it.each(fates)('should delete a user exactly once (%s)', async (fate) => {
    for (let round = 0; round < 10; round += 1) {
      const user = await libs.users.create(tenant, command(), { userName: `u-${newId()}@free.example` });
      proxy.fates.push(fate);
      await libs.users.delete(tenant, command(), user.id);
      expect(await count('scim_user', 'id', user.id)).toBe(0);
    }
    await expectMailConsistent(libs.database);
  });

  it('should do a unit again that cannot tell whether it was done', async () => {
    const id = newId();
    proxy.fates.push('swallow');
    let rounds = 0;
    await libs.database.write(async (session) => {
      rounds += 1;
      await session.run('INSERT INTO tenant_mail_counter (tenant_id, feed_version) VALUES (?, 0)', [id]);
    });
    expect(rounds).toBe(2);
  });
});
