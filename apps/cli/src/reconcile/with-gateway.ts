import { statSync } from 'node:fs';
import type { AdminClient } from '../admin-client/admin-client.js';
import type { Recipient } from '../admin-client/reconcile-types.js';
import { usageError } from '../terminal/command-error.js';
import type { Compared, Difference, ReconcileWatch } from './difference.js';
import { gatewayRowsOf } from './gateway-file.js';

/** What is kept of a gateway's rows, in as little memory as possible. */
export interface GatewayRows {
  readonly size: number;
  set(address: string, value: number): void;
  get(address: string): number | undefined;
}

/** A sum over fingerprints, as the feed has it. */
export interface Digest {
  readonly digest: string;
  add(fingerprint: readonly [bigint, bigint]): void;
}

const actions = ['accept', 'reject', 'defer', 'hold'];
/** Added to the number of an action once the mapping was seen to have the address. */
const seen = 10;
const recipientsPerRequest = 1000;
const reload =
  'have the gateway load a snapshot anew (restart it without its file), or look why it does not follow the feed';

/**
 * Compares what a gateway has with what it should have: a digest alone, or a file, by its digest first where it has one
 * and row by row when that differs. Nothing is repaired: the gateway is to read the feed again.
 */
export async function reconcileWithGateway(
  client: AdminClient,
  tenantId: string,
  source: string,
  { rows, digest }: { readonly rows: GatewayRows; readonly digest: Digest },
  watch: ReconcileWatch,
): Promise<Compared> {
  if (/^[0-9a-f]{32}$/i.test(source)) {
    return compareDigest(client, tenantId, source.toLowerCase(), watch);
  }
  if (statSync(source, { throwIfNoEntry: false })?.isFile() !== true)
    throw usageError(`--gateway ${source} is neither a file nor a digest of 32 hexadecimal digits`);
  let hasDigest = true;
  for await (const { key, action, fingerprint } of gatewayRowsOf(source, tenantId)) {
    rows.set(key, actions.indexOf(action));
    if (fingerprint === undefined) hasDigest = false;
    else digest.add(fingerprint);
    if (rows.size % 10_000 === 0) watch.progress('gateway', rows.size);
  }
  const own = hasDigest ? await client.recipientsDigest(tenantId) : undefined;
  if (own?.digest === digest.digest && own.count === rows.size) {
    return { recipients: rows.size, gateway: rows.size };
  }
  return compareRows(client, tenantId, { source, rows, isMap: !hasDigest }, watch);
}

async function compareDigest(
  client: AdminClient,
  tenantId: string,
  source: string,
  { add }: ReconcileWatch,
): Promise<Compared> {
  const { digest, count, version } = await client.recipientsDigest(tenantId);
  if (digest !== source) {
    const text =
      digest === null
        ? 'the tenant changes faster than its digest can be made; try again'
        : `the digest is ${digest} at version ${version}, the gateway’s is ${source}`;
    add({ kind: 'digest', subject: source, text, remedy: 'compare its snapshot: --gateway FILE shows what differs' });
  }
  return { recipients: count ?? 0 };
}

async function compareRows(
  client: AdminClient,
  tenantId: string,
  { source, rows, isMap }: { readonly source: string; readonly rows: GatewayRows; readonly isMap: boolean },
  { add, progress, signal }: ReconcileWatch,
): Promise<Compared> {
  let recipients = 0;
  for await (const recipient of client.recipients(tenantId, recipientsPerRequest)) {
    recipients += 1;
    const found = rows.get(recipient.key);
    if (found !== undefined) rows.set(recipient.key, found + seen);
    const difference = differenceOf(recipient, found, isMap);
    if (difference !== undefined) add(difference);
    if (recipients % recipientsPerRequest === 0) progress('recipients', recipients);
    if (signal.aborted) return { recipients, gateway: rows.size };
  }
  for await (const { key, action } of gatewayRowsOf(source, tenantId)) {
    if ((rows.get(key) ?? seen) < seen) {
      const text = `the gateway knows ${key} (${action}), which no mailbox of the tenant has`;
      add({ kind: 'onlyAtGateway', subject: key, text, remedy: reload });
    }
  }
  return { recipients, gateway: rows.size };
}

/** In a map of Postfix mail on hold looks like mail that is accepted. */
function differenceOf({ key, action }: Recipient, found: number | undefined, isMap: boolean): Difference | undefined {
  if (found === undefined) {
    return {
      kind: 'missingAtGateway',
      subject: key,
      text: `the gateway does not know ${key}, and must ${action} mail for it`,
      remedy: reload,
    };
  }
  const expected = isMap && action === 'hold' ? 'accept' : action;
  return actions[found] === expected
    ? undefined
    : {
        kind: 'action',
        subject: key,
        text: `the gateway does ${actions[found] ?? 'nothing'} for ${key}, and must ${action}`,
        remedy: reload,
      };
}
