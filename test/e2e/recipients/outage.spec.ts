import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, jest } from '@jest/globals';
import { RecipientFeed } from '@cleanmail/mailboxes';
import { tenantWithDomain } from '../../contract/mailboxes/provider.js';
import { libsFor } from '../../contract/support/libs.js';
import { availableEngines, describeEachEngine } from '../../support/engines/index.js';
import { type RecipientsUnderTest, snapshotFolder, startRecipientsUnderTest } from '../../support/recipients.js';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.js';

const unknown = 'NOTFOUND ';

describeEachEngine('a gateway whose database goes away', (engine) => {
  if (engine.name === 'sqlite') {
    it('should not be possible when it is embedded', () => {
      expect(availableEngines().map(({ name }) => name)).toContain('sqlite');
    });
    return;
  }
  const libs = libsFor(engine);

  async function behindProxy(use: (proxy: TcpProxy, url: string) => Promise<void>): Promise<void> {
    const { hostname, port } = new URL(libs().databaseUrl);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port || 3306) });
    const url = new URL(libs().databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    try {
      await use(proxy, url.href);
    } finally {
      await proxy.close();
    }
  }

  it('RCPT during DB outage: from the snapshot, also after a restart, and TEMP, never a refusal, without one', async () => {
    const { domain, create, remove } = await tenantWithDomain(libs());
    const anna = await create({ userName: `anna@${domain}` });
    const folder = snapshotFolder();
    await behindProxy(async (proxy, databaseUrl) => {
      const start = () => startRecipientsUnderTest({ databaseUrl, folder: folder.path });
      await proxy.cut();
      const empty = await start();
      expect(await empty.ask('recipients', `anna@${domain}`)).toMatch(/^TEMP there is no snapshot/);
      expect(await empty.ask('domains', domain)).toMatch(/^TEMP /);
      expect((await fetch(`${empty.statusUrl}/health/ready`)).status).toBe(503);
      await empty.stop();

      await proxy.restore();
      const first = await start();
      await first.recipients.nextLook();
      expect(await first.ask('recipients', `anna@${domain}`)).toBe('OK OK');
      await proxy.cut();
      await first.recipients.nextLook('failed');
      expect(await first.ask('recipients', `anna@${domain}`)).toBe('OK OK');
      expect(await first.ask('recipients', `nobody@${domain}`)).toBe(unknown);
      await first.stop();

      const second = await start();
      expect(await second.ask('recipients', `anna@${domain}`)).toBe('OK OK');
      expect(await second.ask('domains', domain)).toBe(`OK ${domain}`);
      expect(await (await fetch(`${second.statusUrl}/health/ready`)).json()).toMatchObject({ status: 'ok' });
      await remove(anna);
      await create({ userName: `bob@${domain}` });
      await proxy.restore();
      await second.recipients.nextLook();
      expect(await second.ask('recipients', `anna@${domain}`)).toBe(unknown);
      expect(await second.ask('recipients', `bob@${domain}`)).toBe('OK OK');
      await second.stop();
    }).finally(() => folder.remove());
  });
});

describeEachEngine('a gateway and its snapshot', (engine) => {
  const libs = libsFor(engine, undefined, { unverified: 'recipients are deleted behind the service’s back' });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function withServer(
    folder: string,
    use: (server: RecipientsUnderTest) => Promise<void>,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const server = await startRecipientsUnderTest({ databaseUrl: libs().databaseUrl, folder, environment });
    try {
      await server.recipients.nextLook();
      await use(server);
    } finally {
      await server.stop();
    }
  }

  async function tenantOf(count: number) {
    const provider = await tenantWithDomain(libs());
    for (let number = 0; number < count; number += 1) {
      await provider.create({ userName: `u${number}@${provider.domain}` });
    }
    return provider;
  }

  const sql = (statement: string, ...values: readonly string[]) =>
    libs().database.write((session) => session.run(statement, values));

  it('should keep recipients that the service has lost, more than 20 % of a tenant, until they are named', async () => {
    const folder = snapshotFolder();
    const { tenant, domain, create } = await tenantOf(8);
    await withServer(folder.path, async (server) => {
      expect(await server.ask('recipients', `u0@${domain}`)).toBe('OK OK');
    });
    for (const local of ['u0', 'u1', 'u2']) {
      await sql('DELETE FROM mail_recipient WHERE address_key = ?', `${local}@${domain}`);
    }
    await create({ userName: `new@${domain}` });
    await withServer(folder.path, async (server) => {
      expect(await server.ask('recipients', `u0@${domain}`)).toBe('OK OK');
      expect(await server.ask('recipients', `new@${domain}`)).toBe('OK OK');
      const metrics = await (await fetch(`${server.statusUrl}/metrics`)).text();
      expect(metrics).toMatch(/^cleanmail_recipients_kept_losses 3$/m);
    });
    const named = { RECIPIENTS_ACCEPT_LOSS: `another, ${tenant}` };
    await withServer(
      folder.path,
      async (server) => {
        expect(await server.ask('recipients', `u0@${domain}`)).toBe(unknown);
        expect(await server.ask('recipients', `u7@${domain}`)).toBe('OK OK');
        const metrics = await (await fetch(`${server.statusUrl}/metrics`)).text();
        expect(metrics).toMatch(/^cleanmail_recipients_kept_losses 0$/m);
      },
      named,
    );
    folder.remove();
  });

  it('should drop a few that are gone without a word, and all whose removal the feed tells', async () => {
    const folder = snapshotFolder();
    const { tenant, domain, create, remove } = await tenantOf(9);
    const leavers = [];
    for (let number = 0; number < 4; number += 1) leavers.push(await create({ userName: `l${number}@${domain}` }));
    await withServer(folder.path, async () => undefined);
    await sql('DELETE FROM mail_recipient WHERE address_key = ?', `u0@${domain}`);
    for (const leaver of leavers) await remove(leaver);
    await sql('UPDATE tenant_mail_counter SET feed_horizon = feed_version WHERE tenant_id = ?', tenant);
    await withServer(folder.path, async (server) => {
      for (const local of ['u0', 'l0', 'l3'])
        expect(await server.ask('recipients', `${local}@${domain}`)).toBe(unknown);
      expect(await server.ask('recipients', `u8@${domain}`)).toBe('OK OK');
    });
    folder.remove();
  });

  it('should put off whom it does not know while a tenant is read anew, and go on about the others', async () => {
    const folder = snapshotFolder();
    const { tenant, domain, create } = await tenantOf(2);
    const other = await tenantOf(1);
    await withServer(folder.path, async (server) => {
      let goOn: () => void = () => undefined;
      const held = new Promise<void>((reached) => {
        const { walk } = RecipientFeed.prototype;
        jest.spyOn(RecipientFeed.prototype, 'walk').mockImplementation(async function* (this: RecipientFeed, of, size) {
          if (of === tenant) {
            reached();
            await new Promise<void>((resolve) => (goOn = resolve));
          }
          yield* walk.call(this, of, size);
        });
      });
      await libs().database.write(async (session) => {
        const counter = (change: string) => `UPDATE tenant_mail_counter SET ${change} WHERE tenant_id = ?`;
        await session.run(counter('feed_version = feed_version + 2'), [tenant]);
        await session.run(counter('feed_horizon = feed_version'), [tenant]);
      });
      await held;
      await create({ userName: `new@${domain}` });
      expect(await server.ask('recipients', `u0@${domain}`)).toBe('OK OK');
      expect(await server.ask('recipients', `new@${domain}`)).toMatch(/^TEMP the recipients of this domain/);
      expect(await server.ask('recipients', `nobody@${other.domain}`)).toBe(unknown);
      jest.restoreAllMocks();
      goOn();
      await server.recipients.nextLook();
      expect(await server.ask('recipients', `new@${domain}`)).toBe('OK OK');
      expect(await server.ask('recipients', `nobody@${domain}`)).toBe(unknown);
    });
    folder.remove();
  });

  it('should put everybody off from a snapshot that is too old, or cannot be read', async () => {
    const folder = snapshotFolder();
    const { domain } = await tenantOf(1);
    await withServer(folder.path, async () => undefined);
    const withoutDatabase = () =>
      startRecipientsUnderTest({ databaseUrl: 'mysql://nobody@127.0.0.1:1/nothing', folder: folder.path });
    const away = await withoutDatabase();
    expect(await away.ask('recipients', `u0@${domain}`)).toBe('OK OK');
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 25 * 3_600_000);
    expect(await away.ask('recipients', `u0@${domain}`)).toMatch(/^TEMP the snapshot of the recipients is too old/);
    jest.restoreAllMocks();
    await away.stop();
    const header = '{"format":"cleanmail-recipients-1","freshAt":1,"tenants":[]}\n';
    await writeFile(join(folder.path, 'recipients.snapshot'), header);
    const broken = await withoutDatabase();
    expect(await broken.ask('recipients', `u0@${domain}`)).toMatch(/^TEMP there is no snapshot/);
    await broken.stop();
    folder.remove();
  });
});
