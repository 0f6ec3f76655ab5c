import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { exportRecipients, type WantedExport } from '@cleanmail/cli';
import { libsFor } from '../contract/support/libs.js';
import { availableEngines } from '../support/engines/index.js';
import { inSession, type PostfixInstance, startPostfix } from '../support/postfix/postfix-instance.js';
import { describeWithPostfix } from '../support/postfix/postfix-program.js';
import { answersOf, expectedLines } from './answers.js';
import { expectOwnWays } from './deliveries.js';
import { makeScene, type Scene, setActive } from './scene.js';

const kinds = { sqlite: 'cdb', mariadb: 'lmdb' } as const;

for (const engine of availableEngines()) {
  if (engine.name === 'mysql') continue;
  const format = kinds[engine.name];
  describeWithPostfix(`exported ${format}: maps of ${engine.name} ${engine.version}`, [format], () => {
    const libs = libsFor(engine);
    const folder = mkdtempSync(join(tmpdir(), 'cleanmail-export-'));
    const run = (options: Partial<WantedExport> = {}) =>
      exportRecipients(libs().database, {
        ...{ format, folder, force: false, signal: new AbortController().signal },
        ...options,
      });
    let scene: Scene;
    let postfix: PostfixInstance;

    beforeAll(async () => {
      scene = await makeScene(libs());
      await run();
      postfix = await startPostfix({
        recipe: 'C',
        replace: { '/var/lib/cleanmail/postfix': folder, 'lmdb:': `${format}:` },
      });
    });
    afterAll(async () => {
      await postfix?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('should answer every recipient as the documentation says', async () => {
      expect(await answersOf(postfix)).toEqual(expectedLines);
    });

    it('Message to recipients of two tenants, one on hold: the other is delivered at once', async () => {
      await expectOwnWays(postfix);
    });

    it('should show a change after the next export, to new sessions of the running Postfix', async () => {
      await setActive(libs(), scene.acme, scene.users.ida, false);
      await run();
      await inSession(postfix, async (session) => {
        await session.mail();
        expect(await session.rcpt('ida@acme.example')).toBe('550 5.2.1 Mailbox disabled');
      });
    });

    it('should refuse to replace maps when a tenant lost more than a fifth of its rows, and leave no trace', async () => {
      const manifest = join(folder, 'export.json');
      const { recipients } = JSON.parse(readFileSync(manifest, 'utf8')) as { recipients: Record<string, number> };
      const had = Math.ceil((recipients[scene.beta] ?? 0) * 1.3);
      writeFileSync(manifest, JSON.stringify({ at: 'yesterday', recipients: { ...recipients, [scene.beta]: had } }));
      const before = readFileSync(join(folder, `recipients.${format}`));
      await expect(run()).rejects.toThrow(
        `tenant ${scene.beta} had ${had} recipients in the export of yesterday and would have ${recipients[scene.beta]}`,
      );
      expect(readFileSync(join(folder, `recipients.${format}`)).equals(before)).toBe(true);
      expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
      await expect(run({ force: true })).resolves.toMatchObject({ tenants: 2 });
    });

    it('should write text that says the same', async () => {
      await expect(run({ format: 'text' })).resolves.toMatchObject({ tenants: 2, domains: 8, leftOut: 1 });
      const lines = readFileSync(join(folder, 'recipients.txt'), 'utf8').split('\n');
      expect(lines).toContain('anna@acme.example\tDUNNO');
      expect(lines).toContain('hans@müller.example\tDUNNO');
      expect(lines).toContain('beta.example\t450 4.1.1 Recipient not (yet) provisioned');
      expect(lines.some((line) => line.includes('suspended.example'))).toBe(false);
    });

    it('should stop when it is told to, and leave what was there', async () => {
      const before = readFileSync(join(folder, `recipients.${format}`));
      await expect(run({ signal: AbortSignal.abort() })).rejects.toThrow('interrupted: nothing was replaced');
      expect(readFileSync(join(folder, `recipients.${format}`)).equals(before)).toBe(true);
    });
  });
}
