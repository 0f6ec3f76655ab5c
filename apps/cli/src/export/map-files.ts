import { spawn } from 'node:child_process';
import { type FileHandle, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CommandError, usageError } from '../terminal/command-error.js';
import { exportedMaps, type MapEntry, mapLine } from './postfix-entries.js';

/** What Postfix reads an exported map as. */
export const exportFormats = ['lmdb', 'cdb', 'text'] as const;

/** One of {@link exportFormats}; `text` is what `postmap` and `texthash:` read. */
export type ExportFormat = (typeof exportFormats)[number];

const flushCharacters = 256 * 1024;
const mode = 0o640;

/** Maps that are written beside the ones in use, and take their place only when all are whole. */
export class MapFiles {
  private readonly pending = new Map<string, string[]>();
  private characters = 0;

  private constructor(
    private readonly folder: string,
    private readonly work: string,
    private readonly files: ReadonlyMap<string, FileHandle>,
  ) {}

  /** @throws CommandError when the folder cannot be written to. */
  static async in(folder: string): Promise<MapFiles> {
    try {
      await mkdir(folder, { recursive: true });
      // On the file system of the folder, as files are renamed from one to the other.
      const work = await mkdtemp(join(folder, '.export-'));
      const files = await Promise.all(
        exportedMaps.map(async (map) => [map, await open(join(work, map), 'wx', mode)] as const),
      );
      return new MapFiles(folder, work, new Map(files));
    } catch (error) {
      throw usageError(`--out ${folder} cannot be written to: ${(error as Error).message}`);
    }
  }

  /** Keeps no more than some hundred kilobytes in memory. */
  async add(entries: readonly MapEntry[]): Promise<void> {
    for (const entry of entries) {
      const line = mapLine(entry);
      const lines = this.pending.get(entry[0]) ?? [];
      lines.push(line);
      this.pending.set(entry[0], lines);
      this.characters += line.length;
    }
    if (this.characters > flushCharacters) await this.flush();
  }

  /** Builds the maps and puts them in the place of those that are there, with a note of what they hold. */
  async replace(format: ExportFormat, manifest: object): Promise<void> {
    await this.flush();
    for (const file of this.files.values()) {
      await file.sync();
      await file.close();
    }
    if (format !== 'text') await this.build(format);
    await writeFile(join(this.work, 'export.json'), `${JSON.stringify(manifest)}\n`, { mode });
    for (const map of exportedMaps) {
      const built = format === 'text' ? map : `${map}.${format}`;
      await rename(join(this.work, built), join(this.folder, format === 'text' ? `${map}.txt` : built));
    }
    await rename(join(this.work, 'export.json'), join(this.folder, 'export.json'));
  }

  /** Removes what is no longer needed, or never was used. */
  async close(): Promise<void> {
    await Promise.all([...this.files.values()].map((file) => file.close().catch(() => undefined)));
    await rm(this.work, { recursive: true, force: true });
  }

  private async flush(): Promise<void> {
    for (const [map, lines] of this.pending) await this.files.get(map)?.appendFile(lines.join(''));
    this.pending.clear();
    this.characters = 0;
  }

  private async build(format: string): Promise<void> {
    // Of its own, so that it does not matter what this machine's Postfix is configured to.
    await writeFile(join(this.work, 'main.cf'), 'compatibility_level = 3.6\n');
    for (const map of exportedMaps) await postmap(this.work, `${format}:${join(this.work, map)}`);
  }
}

/** The later one of two lines with one key counts: the walk over the recipients meets again what changed meanwhile. */
async function postmap(configuration: string, map: string): Promise<void> {
  const child = spawn('postmap', ['-c', configuration, '-r', map], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  }).catch((error: Error) => {
    throw new CommandError(
      `postmap does not run (${error.message}): install Debian's postfix, or take --format text and run postmap there`,
    );
  });
  const [words, code] = await Promise.all([text(child.stderr), ended]);
  if (code !== 0) {
    const last = words.trim().split('\n').at(-1) ?? '';
    throw new CommandError(`postmap ${map.slice(0, map.indexOf(':'))} failed: ${last}; nothing was replaced`);
  }
}
