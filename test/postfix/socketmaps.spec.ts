import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { libsFor } from '../contract/support/libs.js';
import { availableEngines } from '../support/engines/index.js';
import { eventually } from '../support/eventually.js';
import { inSession, type PostfixInstance, startPostfix } from '../support/postfix/postfix-instance.js';
import { describeWithPostfix } from '../support/postfix/postfix-program.js';
import { type RecipientsUnderTest, snapshotFolder, startRecipientsUnderTest } from '../support/recipients.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { answersOf, expectedLines } from './answers.js';
import { expectOwnWays } from './deliveries.js';
import { decomposedAddress } from './expected-answers.js';
import { makeScene, type Scene, setActive } from './scene.js';

for (const engine of availableEngines().filter(({ name }) => name === 'mariadb')) {
  describeWithPostfix(`socketmap: maps on ${engine.name} ${engine.version}`, [], () => {
    const libs = libsFor(engine);
    const snapshots = snapshotFolder();
    let scene: Scene;
    let proxy: TcpProxy;
    let recipients: RecipientsUnderTest;
    let postfix: PostfixInstance;

    beforeAll(async () => {
      scene = await makeScene(libs());
      const url = new URL(libs().databaseUrl);
      proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
      url.port = String(proxy.port);
      recipients = await startRecipientsUnderTest({ databaseUrl: url.href, folder: snapshots.path });
      postfix = await startPostfix({ recipe: 'B', replace: { '127.0.0.1:47611': `127.0.0.1:${recipients.port}` } });
      await answering('anna@acme.example', 'OK OK');
    });
    afterAll(async () => {
      await postfix?.stop();
      await recipients?.stop().catch(() => undefined);
      await proxy?.close();
      snapshots.remove();
    });

    const answering = (key: string, wanted: string) =>
      eventually(
        () => recipients.ask('recipients', key),
        (answer) => answer === wanted,
        20_000,
      );

    it('should answer every recipient as the documentation says', async () => {
      expect(await answersOf(postfix)).toEqual(expectedLines);
    });

    it('should see a change of status in the same session', async () => {
      const { acme, users } = scene;
      await inSession(postfix, async (session) => {
        await session.mail();
        expect(await session.rcpt('ida@acme.example')).toBe('250 2.1.5 Ok');
        await setActive(libs(), acme, users.ida, false);
        await answering('ida@acme.example', 'NOTFOUND ');
        expect(await session.rcpt('ida@acme.example')).toBe('550 5.2.1 Mailbox disabled');
        await setActive(libs(), acme, users.ida, true);
        await answering('ida@acme.example', 'OK OK');
        expect(await session.rcpt('ida@acme.example')).toBe('250 2.1.5 Ok');
      });
    });

    it('should know U-labels in decomposed form', async () => {
      await inSession(postfix, async (session) => {
        await session.mail({ utf8: true });
        expect(await session.rcpt(decomposedAddress)).toMatch(/^250 /);
      });
    });

    it('Message to recipients of two tenants, one on hold: the other is delivered at once', async () => {
      await expectOwnWays(postfix);
    });

    it('RCPT during DB outage: the same answers, out of the snapshot', async () => {
      await proxy.cut();
      await postfix.reload();
      expect(await answersOf(postfix)).toEqual(expectedLines);
    });

    it('RCPT while there is no recipient server: 451, never 550', async () => {
      await recipients.stop();
      await postfix.reload();
      const lines = await answersOf(postfix);
      expect(lines.filter((line) => !line.includes(': 451 ') && !line.startsWith('two @'))).toEqual([]);
    });
  });
}
