import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

/** What a package says of itself, as far as it is looked at here. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** An empty project of another team, into which the packed libs are installed. */
export interface PackedProject {
  readonly folder: string;
  readonly manifests: readonly Manifest[];
  /** Runs the TypeScript compiler on a configuration in the project; throws what it says. */
  compile(configuration: string): Promise<void>;
}

const run = promisify(execFile);
const root = process.cwd();
/** What the programs and the documented code import beside the libs. */
const own = ['@nestjs/common', '@nestjs/core', '@nestjs/platform-fastify', '@types/node', 'reflect-metadata'];
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
  include: ['consumer.ts', 'documented'],
};

/** Packs every lib and installs it into a new folder, with the consumer, the documented code and the example service. */
export async function packedProject(): Promise<PackedProject> {
  const folder = await mkdtemp(join(tmpdir(), 'cleanmail-consumer-'));
  const manifests = await installLibs(folder);
  await linkPackages(folder, own);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module', private: true }));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
  await cp(join(root, 'test/packages/consumer.ts'), join(folder, 'consumer.ts'));
  await cp(join(root, 'examples/quarantine-service'), join(folder, 'quarantine-service'), { recursive: true });
  await mkdir(join(folder, 'documented'));
  for (const { name, code } of await documentedCode()) {
    await writeFile(join(folder, 'documented', name), code);
  }
  return { folder, manifests, compile: (configuration) => compile(join(folder, configuration)) };
}

/** Each block of TypeScript in the documentation of the libs. */
export async function documentedCode(): Promise<readonly { readonly name: string; readonly code: string }[]> {
  const libs = (await readdir(join(root, 'libs'))).map((lib) => `libs/${lib}/README.md`);
  const files = ['README.md', 'docs/libraries.md', ...libs];
  const blocks = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(root, file), 'utf8');
      const name = file.replace(/\.md$/, '').replaceAll('/', '-').toLowerCase();
      return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = ''], index) => ({ name: `${name}-${index + 1}.ts`, code }));
    }),
  ); // prettier-ignore
  return blocks.flat();
}

async function compile(configuration: string): Promise<void> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, '-p', configuration]).catch(({ stdout }: { readonly stdout: string }) => {
    throw new Error(stdout);
  });
}

async function installLibs(project: string): Promise<readonly Manifest[]> {
  const libs = (await readdir(join(root, 'libs'))).flatMap((name) => ['--workspace', `libs/${name}`]);
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', project, ...libs], {
    cwd: root,
  });
  const packed = Object.values(JSON.parse(stdout) as Record<string, { readonly filename: string }>);
  return Promise.all(packed.map(({ filename }) => installLib(project, join(project, filename))));
}

/** Unpacks a lib where npm would install it. */
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
