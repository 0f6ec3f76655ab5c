import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { asTenantId } from '@cleanmail/database';
import type { FeedRecipient, RelayDomain } from '@cleanmail/mailboxes';
import { RecipientCopy } from './recipient-copy.js';

const format = 'cleanmail-recipients-1';
const linesPerChunk = 2000;

interface Header {
  readonly format: string;
  readonly freshAt: number;
  /** In the order of their numbers in the rows. */
  readonly tenants: readonly { readonly id: string; readonly version: number; readonly isComplete: boolean }[];
}

interface DomainLine {
  readonly domain: string;
  readonly owner: RelayDomain | null;
}

interface EndLine {
  readonly rows: number;
  readonly sha256: string;
}

/** A copy that was read from a file, and when the database was last in agreement with it. */
export interface StoredCopy {
  readonly copy: RecipientCopy;
  readonly freshAt: number;
}

/**
 * The copy on disk, as lines of text: a header with the version of each tenant's feed, domains with their rows, and a
 * checksum. Versions stand first, so that what changes while the rows are written is read from the feed once more. The
 * file is replaced in one step: there is always a whole one.
 */
export class SnapshotFile {
  constructor(private readonly path: string) {}

  async write(copy: RecipientCopy, freshAt: number): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 });
    const fresh = `${this.path}.new`;
    await pipeline(Readable.from(chunksOf(copy, freshAt)), createWriteStream(fresh, { mode: 0o600 }));
    const file = await open(fresh, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, this.path);
  }

  /** The copy of the file; undefined when there is none. @throws Error when it is not whole. */
  async read(): Promise<StoredCopy | undefined> {
    const file = await open(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') {
        return undefined;
      }
      throw error;
    });
    if (file === undefined) {
      return undefined;
    }
    const input = file.createReadStream();
    const lines = createInterface({ input, crlfDelay: Infinity });
    // What cannot be read on is not whole.
    input.on('error', () => lines.close());
    try {
      return await readLines(lines);
    } finally {
      input.destroy();
      if (!input.closed) {
        await once(input, 'close');
      }
    }
  }
}

function* chunksOf(copy: RecipientCopy, freshAt: number): Generator<string, void, void> {
  const hash = createHash('sha256');
  let rows = 0;
  let chunk = '';
  let lines = 0;
  const flush = (): string => {
    const full = chunk;
    hash.update(full);
    chunk = '';
    lines = 0;
    return full;
  };
  const tenants = copy.tenants.map(({ id, version, isComplete }) => ({ id, version, isComplete }));
  chunk += `${JSON.stringify({ format, freshAt, tenants } satisfies Header)}\n`;
  for (const [domain, { owner, recipients }] of copy.domains) {
    chunk += `${JSON.stringify({ domain, owner: owner ?? null } satisfies DomainLine)}\n`;
    for (const [local, index] of recipients) {
      const [high, low] = copy.rows.fingerprint(index);
      chunk += `${local} ${copy.rows.tenant(index)} ${copy.rows.action(index)} ${high.toString(16)} ${low.toString(16)}\n`;
      rows += 1;
      lines += 1;
      if (lines === linesPerChunk) {
        yield flush();
      }
    }
  }
  yield flush();
  yield `${JSON.stringify({ rows, sha256: hash.digest('hex') } satisfies EndLine)}\n`;
}

/** Rows are told from the other lines by their beginning: no local part has a `"`. */
async function readLines(lines: AsyncIterable<string>): Promise<StoredCopy> {
  const copy = new RecipientCopy();
  const hash = createHash('sha256');
  let header: Header | undefined;
  let domain = '';
  let rows = 0;
  let end: EndLine | undefined;
  for await (const line of lines) {
    if (end !== undefined) {
      throw new Error('the snapshot goes on behind its end');
    }
    if (line.startsWith('{"rows":')) {
      end = JSON.parse(line) as EndLine;
      continue;
    }
    hash.update(`${line}\n`);
    if (header === undefined) {
      header = readHeader(copy, line);
    } else if (line.startsWith('{"domain":')) {
      domain = readDomain(copy, line);
    } else {
      readRow(copy, domain, line);
      rows += 1;
    }
  }
  return { copy, freshAt: checked(header, end, { rows, hash }) };
}

function checked(
  header: Header | undefined,
  end: EndLine | undefined,
  { rows, hash }: { readonly rows: number; readonly hash: Hash },
): number {
  if (header === undefined || end?.rows !== rows || end.sha256 !== hash.digest('hex')) {
    throw new Error('the snapshot is not whole');
  }
  return header.freshAt;
}

function readHeader(copy: RecipientCopy, line: string): Header {
  const header = JSON.parse(line) as Header;
  if (header.format !== format) {
    throw new Error('the snapshot is of another version');
  }
  for (const { id, version, isComplete } of header.tenants) {
    Object.assign(copy.tenant(asTenantId(id)), { version, isComplete });
  }
  return header;
}

function readDomain(copy: RecipientCopy, line: string): string {
  const { domain, owner } = JSON.parse(line) as DomainLine;
  if (owner !== null) {
    copy.addDomain(copy.tenant(asTenantId(owner.tenantId)), owner);
  }
  return domain;
}

function readRow(copy: RecipientCopy, domain: string, line: string): void {
  const [local = '', tenantIndex = '', action = '', high = '', low = ''] = line.split(' ');
  const tenant = copy.tenants[Number(tenantIndex)];
  if (tenant === undefined) {
    throw new Error('the snapshot is not whole');
  }
  const fingerprint = action === 'gone' ? undefined : ([BigInt(`0x${high}`), BigInt(`0x${low}`)] as const);
  copy.put(tenant, domain, local, action as FeedRecipient['action'], fingerprint);
}
