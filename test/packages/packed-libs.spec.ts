import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { availableEngines } from '../support/engines/index.js';

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const run = promisify(execFile);
const root = process.cwd();
const tsconfig = {
  compilerOptions: {
    target: 'ES2023',
    module: 'nodenext',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    skipLibCheck: true,
    types: ['node'],
  },
  files: ['consumer.ts'],
};

// What the packed files, and nothing of this repository's sources, are able to do. The embedded database is what an
// internal service's own tests would run on.
const hasSqlite = availableEngines().some(({ name }) => name === 'sqlite');
(hasSqlite ? describe : describe.skip)('the packed libs', () => {
  let project: string;
  let manifests: readonly Manifest[];

  beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'cleanmail-consumer-'));
    manifests = await installLibs(project);
    const own = ['@nestjs/common', '@nestjs/core', '@types/node', 'reflect-metadata'];
    await linkPackages(project, own);
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module', private: true }));
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
    await copyFile(join(root, 'test/packages/consumer.ts'), join(project, 'consumer.ts'));
  });

  afterAll(async () => {
    await rm(project, { recursive: true, force: true });
  });

  it('should be every lib of this repository', async () => {
    const folders = await readdir(join(root, 'libs'));
    expect(manifests.map(({ name }) => name).sort()).toEqual(folders.map((name) => `@cleanmail/${name}`).sort());
  });

  it('should hold no sources, no tests and no build records', async () => {
    for (const { name } of manifests) {
      const files = await readdir(join(project, 'node_modules', name), { recursive: true });
      const own = files.filter((file) => !file.startsWith('node_modules'));
      expect(own).toContain('dist/index.d.ts');
      expect(own.filter((file) => /^src|\.spec\.|tsbuildinfo/.test(file))).toEqual([]);
    }
  });

  it('should compile and run in an empty project, each with its declared dependencies only', async () => {
    await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project]).catch(
      ({ stdout }: { readonly stdout: string }) => {
        throw new Error(stdout);
      },
    );
    const { stdout } = await run(process.execPath, ['consumer.js'], { cwd: project });

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
});

/** Packs every lib and unpacks it where npm would install it. */
async function installLibs(project: string): Promise<readonly Manifest[]> {
  const libs = (await readdir(join(root, 'libs'))).flatMap((name) => ['--workspace', `libs/${name}`]);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project, ...libs], {
    cwd: root,
  });
  const packed = Object.values(JSON.parse(stdout) as Record<string, { readonly filename: string }>);
  return Promise.all(packed.map(({ filename }) => installLib(project, join(project, filename))));
}

async function installLib(project: string, tarball: string): Promise<Manifest> {
  const { stdout } = await run('tar', ['-xzOf', tarball, 'package/package.json']);
  const manifest = JSON.parse(stdout) as Manifest;
  const folder = join(project, 'node_modules', manifest.name);
  await mkdir(folder, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  const dependencies = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
  await linkPackages(
    folder,
    dependencies.filter((name) => !name.startsWith('@cleanmail/')),
  );
  return manifest;
}

/** Other people's packages are those that this repository has installed; only what is asked for can be resolved. */
async function linkPackages(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const link = join(folder, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, 'node_modules', name), link);
  }
}
