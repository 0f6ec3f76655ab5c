import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, jest } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { ensureBuilt } from '../../support/built-command.js';
import { createDatabaseUrl, describeEachEngine, dropDatabase } from '../../support/engines/index.js';
import { type Environment, newFolder, startServiceProcess } from '../../support/service-process.js';

// Each test starts processes, which take their time on a machine that is busy with other tests.
jest.setTimeout(180_000);

describeEachEngine('cleanmail serve, started again', (engine) => {
  beforeAll(ensureBuilt);

  it('should keep the generated admin key, tokens and users', async () => {
    const databaseUrl = await createDatabaseUrl(engine);
    const folder = newFolder();
    const environment: Environment = {
      SCIM_PORT: '0',
      ADMIN_PORT: '0',
      LOG_LEVEL: 'error',
      DATABASE_URL: databaseUrl,
      DATA_DIR: folder,
      ...(engine.name === 'sqlite' ? {} : { TOKEN_PEPPER: 'the-same-on-every-node' }),
    };
    const adminKey = () => readFileSync(join(folder, 'admin.key'), 'utf8').trim();

    const first = await startServiceProcess(environment);
    const keyBefore = adminKey();
    const client = await TenantClient.open({ ...first, adminKey: keyBefore }, 'cleanmail', ['again.example']);
    const user = await client.createUser({ userName: 'Ada@Again.example', displayName: 'Ada' });
    const mailbox = await client.mailboxOf(user.id);
    await first.stop();
    expect((await first.ended).code).toBe(0);

    const second = await startServiceProcess({ ...environment, SCIM_PORT: new URL(first.scimUrl).port });
    expect(second.stdout()).toMatch(/Admin key {2}in \S*admin\.key\n/);
    expect(adminKey()).toBe(keyBefore);
    expect(await client.readUser(user.id)).toEqual(user);
    const reader = await TenantClient.open({ ...second, adminKey: keyBefore }, 'cleanmail');
    const read = await reader.admin.call('GET', `/tenants/${client.tenant.id}/mailboxes/${mailbox.id}`);
    expect([read.status, read.body]).toEqual([200, mailbox]);
    await second.stop();
    await dropDatabase(databaseUrl);
  });
});
