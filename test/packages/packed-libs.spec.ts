import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { providerOf } from '../contract/mailboxes/provider.js';
import { actor, createTenant, type Libs, openLibs } from '../contract/support/libs.js';
import { availableEngines, createMigratedDatabaseUrl, dropDatabase } from '../support/engines/index.js';
import { eventually } from '../support/eventually.js';
import { documentedCode, type Manifest, type PackedProject, packedProject } from './packed-project.js';
import { type QuarantineExample, startQuarantineExample } from './quarantine-example.js';

const run = promisify(execFile);
const root = process.cwd();
/** Nothing of it is called by other services. */
const withoutExample = ['events'];

// What the packed files, and nothing of this repository's sources, are able to do. The embedded database is what an
// internal service's own tests would run on.
const hasSqlite = availableEngines().some(({ name }) => name === 'sqlite');
(hasSqlite ? describe : describe.skip)('the packed libs', () => {
  let packed: PackedProject;

  beforeAll(async () => {
    packed = await packedProject();
  });

  afterAll(async () => {
    await rm(packed.folder, { recursive: true, force: true });
  });

  it('should be every lib of this repository', async () => {
    const folders = await readdir(join(root, 'libs'));
    expect(packed.manifests.map(({ name }) => name).sort()).toEqual(folders.map((name) => `@cleanmail/${name}`).sort());
  });

  it('should hold a README, and no sources, no tests and no build records', async () => {
    for (const { name } of packed.manifests) {
      const files = await readdir(join(packed.folder, 'node_modules', name), { recursive: true });
      const own = files.filter((file) => !file.startsWith('node_modules'));
      expect(own).toEqual(expect.arrayContaining(['dist/index.d.ts', 'dist/index.js', 'README.md']));
      expect(own.filter((file) => /^src|\.spec\.|tsbuildinfo/.test(file))).toEqual([]);
    }
  });

  it('should each have an example in its documentation', async () => {
    const documented = (await documentedCode()).map(({ name }) => name.replace(/-\d+\.ts$/, ''));
    const libs = (await readdir(join(root, 'libs'))).filter((lib) => !withoutExample.includes(lib));
    const readmes = libs.map((lib) => `libs-${lib}-readme`);
    expect([...new Set(documented)].sort()).toEqual(['docs-libraries', 'readme', ...readmes].sort());
  });

  it('should compile with all documented code and run in an empty project, with the declared dependencies only', async () => {
    await packed.compile('.');
    const { stdout } = await run(process.execPath, ['consumer.js'], { cwd: packed.folder });

    expect(JSON.parse(stdout)).toEqual({
      matches: true,
      changed: ['active'],
      address: {
        key: 'ann@xn--bcher-kva.example',
        localKey: 'ann',
        localDisplay: 'Ann',
        domainAscii: 'xn--bcher-kva.example',
      },
      mediaType: 'application/scim+json; charset=utf-8',
      status: 500,
      isTenantOfToken: true,
      mailbox: 'active',
      audit: ['token.issue', 'tenant.create'],
      recipients: [{ addressKey: 'ann@contoso.com', action: 'accept' }],
      drift: [],
    });
  });

  describe('in the example of a quarantine service', () => {
    beforeAll(() => packed.compile('quarantine-service'));

    it('should be the ones that it names', async () => {
      const text = await readFile(join(root, 'examples/quarantine-service/package.json'), 'utf8');
      const { dependencies = {} } = JSON.parse(text) as Manifest;
      for (const [name, version] of Object.entries(dependencies)) {
        expect(packed.manifests.find((lib) => lib.name === name)?.version).toBe(version);
      }
      const ofMailboxes = packed.manifests.find(({ name }) => name === '@cleanmail/mailboxes')?.dependencies ?? {};
      const libsOfMailboxes = Object.keys(ofMailboxes).filter((name) => name.startsWith('@cleanmail/'));
      expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(libsOfMailboxes));
    });

    for (const engine of availableEngines().filter(({ name }) => name !== 'mysql')) {
      describe(`on ${engine.name} ${engine.version}`, () => {
        let databaseUrl: string;
        let libs: Libs;
        let example: QuarantineExample;
        let starts = 0;

        const start = async () => {
          const file = join(packed.folder, `${engine.name}.json`);
          starts += 1;
          return startQuarantineExample(packed.folder, { databaseUrl, file });
        };

        beforeAll(async () => {
          databaseUrl = await createMigratedDatabaseUrl(engine);
          libs = await openLibs(databaseUrl);
          example = await start();
        });

        afterAll(async () => {
          await example.stop();
          await libs.close();
          await dropDatabase(databaseUrl);
        });

        it('should tell whose a recipient is, whatever is asked', async () => {
          const domain = 'recipients.example';
          const tenant = await createTenant(libs, { domains: [domain] });
          await providerOf(libs, tenant).create({ userName: `anna@${domain}` });
          const { body } = await example.get(`/recipients/${encodeURIComponent(`ANNA+x@${domain}`)}`);
          expect(body).toMatchObject({ kind: 'mailbox', tenantId: tenant, matchedBy: 'subaddress', action: 'accept' });
          expect((await example.get('/recipients/%00')).body).toEqual({ kind: 'unknownDomain' });
          expect(await example.hold(`nobody@${domain}`, 'for nobody')).toBe(404);
          expect((await example.get('/recipients/%')).status).toBe(400);
        });

        it('should keep a quarantine with its mailbox: renamed, left, revived, succeeded and purged', async () => {
          const domain = 'people.example';
          const tenant = await createTenant(libs, { domains: [domain] });
          const { create, change, remove, policy, mailboxOf } = providerOf(libs, tenant);
          await policy({ deleteRetentionDays: 0 });
          const subjects = (local: string) => example.subjectsOf(tenant, `${local}@${domain}`);
          const anna = await create({ userName: `anna@${domain}`, externalId: 'anna' });
          expect(await example.hold(`anna@${domain}`, 'first')).toBe(201);
          await change(anna, { userName: `anna.meier@${domain}` });
          expect(await example.hold(`anna@${domain}`, 'to the former address')).toBe(201);
          const own = ['first', 'to the former address'];
          expect([await subjects('anna.meier'), await subjects('anna')]).toEqual([own, own]);

          const { id } = await mailboxOf(anna);
          await remove(anna);
          expect(await subjects('anna.meier')).toBe(404);
          const revived = await create({ userName: `anna.meier@${domain}`, externalId: 'anna' });
          expect(await subjects('anna.meier')).toEqual(own);

          await remove(revived);
          await create({ userName: `anna.meier@${domain}`, externalId: 'another anna' });
          expect(await subjects('anna.meier')).toEqual([]);
          expect(await example.hold(`anna.meier@${domain}`, 'for the successor')).toBe(201);
          expect(await subjects('anna.meier')).toEqual(['for the successor']);

          const file = join(packed.folder, `${engine.name}.json`);
          expect(await readFile(file, 'utf8')).toContain(id);
          await libs.clocks.run({ only: 'mailbox-purge', now: true });
          expect((await libs.mailboxes.byId(tenant, id))?.status).toBe('purged');
          await eventually(() => readFile(file, 'utf8'), (text) => !text.includes(id), 10_000);
          expect(await subjects('anna.meier')).toEqual(['for the successor']);
        }); // prettier-ignore

        it('should go on where it was when it is started again', async () => {
          const domain = 'again.example';
          const tenant = await createTenant(libs, { domains: [domain] });
          const bob = await providerOf(libs, tenant).create({ userName: `bob@${domain}` });
          expect(await example.hold(`bob@${domain}`, 'kept')).toBe(201);
          expect(await example.stop()).toBe(0);
          await libs.policies.change(tenant, actor, { deleteRetentionDays: 0 });
          const { id } = await providerOf(libs, tenant).mailboxOf(bob);
          await providerOf(libs, tenant).remove(bob);
          await libs.clocks.run({ only: 'mailbox-purge', now: true });
          example = await start();
          expect(starts).toBe(2);
          const file = join(packed.folder, `${engine.name}.json`);
          await eventually(() => readFile(file, 'utf8'), (text) => !text.includes(id), 10_000);
        }); // prettier-ignore
      });
    }
  });
});
