import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { CommandError, usageError } from '../terminal/command-error.js';

/** A recipient as a gateway has it; the fingerprint where its file has one. */
export interface GatewayRow {
  readonly key: string;
  readonly action: string;
  readonly fingerprint?: readonly [high: bigint, low: bigint];
}

const snapshotFormat = 'cleanmail-recipients-1';

interface SnapshotHeader {
  readonly format: string;
  readonly tenants: readonly { readonly id: string }[];
}

/**
 * The recipients of a tenant in a gateway's file, but for those that are gone: the snapshot of the recipient server, or
 * the text of a map of Postfix (an address and what is answered in each line).
 */
export async function* gatewayRowsOf(path: string, tenantId: string): AsyncGenerator<GatewayRow> {
  let header: SnapshotHeader | undefined;
  let isSnapshot = false;
  let domain = '';
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    if (number === 1 && line.startsWith('{"')) {
      header = headerOf(path, line);
      isSnapshot = true;
    } else if (line.startsWith('{"domain":')) {
      domain = (JSON.parse(line) as { readonly domain: string }).domain;
    } else if (isSnapshot && !line.startsWith('{"')) {
      const [local, tenant, action = '', high, low] = line.split(' ');
      const isOwn = header?.tenants[Number(tenant)]?.id === tenantId;
      if (isOwn && action !== 'gone') {
        yield { key: `${local}@${domain}`, action, fingerprint: [BigInt(`0x${high}`), BigInt(`0x${low}`)] };
      }
    } else if (!isSnapshot) {
      const row = mapRow(line);
      if (row !== undefined) yield row;
    }
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, { encoding: 'utf8', highWaterMark: 256 * 1024 });
  try {
    yield* createInterface({ input: stream, crlfDelay: Infinity });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw usageError(`${path} cannot be read (${code ?? message})`);
  }
}

function headerOf(path: string, line: string): SnapshotHeader {
  const header = parsed(line);
  if (header?.format !== snapshotFormat) {
    throw new CommandError(
      `${path} is no snapshot that this version reads: take one of a recipient server of this version`,
    );
  }
  return header;
}

function parsed(line: string): SnapshotHeader | undefined {
  try {
    return JSON.parse(line) as SnapshotHeader;
  } catch {
    return undefined;
  }
}

/** Domains and remarks are no recipients. */
function mapRow(line: string): GatewayRow | undefined {
  const [, key = '', answer = ''] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
  if (key.startsWith('#') || key.lastIndexOf('@') < 1) {
    return undefined;
  }
  const action = actionOf(answer);
  return action === undefined ? undefined : { key: key.toLowerCase(), action };
}

/** What an answer of Postfix comes to; undefined when the recipient is gone. */
function actionOf(answer: string): string | undefined {
  if (answer.startsWith('550 5.1.1')) return undefined;
  if (answer.startsWith('5')) return 'reject';
  return answer.startsWith('4') ? 'defer' : 'accept';
}
