import { join } from 'node:path';
import type { Database, TenantId } from '@cleanmail/database';
import { RecipientFeed, type RelayDomain } from '@cleanmail/mailboxes';
import { withConfiguredDatabase } from '../serve/configured-database.js';
import { CommandError } from '../terminal/command-error.js';
import type { Progress } from '../terminal/progress-bar.js';
import { type ExportManifest, readManifest, requireFewLost, sumOf } from './export-manifest.js';
import { type ExportFormat, MapFiles } from './map-files.js';
import { domainEntries, isExpressible, recipientEntries } from './postfix-entries.js';

/** Where recipients are exported to, and how. */
export interface WantedExport {
  readonly format: ExportFormat;
  readonly folder: string;
  /** Replaces also what lost many rows. */
  readonly force: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

/** What an export holds. */
export interface ExportSummary {
  readonly tenants: number;
  readonly domains: number;
  /** Addresses, removed ones included. */
  readonly recipients: number;
  /** Addresses that no map can have: they begin with a `#`. */
  readonly leftOut: number;
}

const partSize = 5000;

/** Exports the recipients of the configured database; see {@link exportRecipients}. */
export async function exportConfigured(wanted: WantedExport): Promise<ExportSummary> {
  return withConfiguredDatabase((database) => exportRecipients(database, wanted));
}

/**
 * Writes what gateways need to know as maps of Postfix, tenant by tenant and without holding the rows in memory.
 * @throws CommandError when it is interrupted, or when too many rows are missing; the maps before then stay.
 */
export async function exportRecipients(
  database: Database,
  { format, folder, force, onProgress, signal }: WantedExport,
): Promise<ExportSummary> {
  const feed = new RecipientFeed(database);
  const files = await MapFiles.in(folder);
  try {
    const before = force ? undefined : await readManifest(join(folder, 'export.json'));
    // Counting a large table takes longer than a statement may.
    const expected = sumOf(before?.recipients ?? {});
    const domains = await feed.relayDomains();
    for (const domain of domains) await files.add(domainEntries(domain));
    const byName = new Map(domains.map((domain) => [domain.name, domain]));
    const { items } = await feed.heads();
    const recipients: Record<string, number> = {};
    let [done, leftOut] = [0, 0];
    for (const { tenantId } of items) {
      const counted = (count: number) =>
        onProgress?.({ phase: 'recipients', total: Math.max(expected, done + count), done: done + count });
      const exported = await exportTenant(feed, tenantId, { byName, files, counted, signal });
      recipients[tenantId] = exported.count;
      done += exported.count;
      leftOut += exported.leftOut;
    }
    requireFewLost(before, recipients);
    const manifest: ExportManifest = { at: new Date().toISOString(), recipients };
    await files.replace(format, manifest);
    return { tenants: items.length, domains: domains.length, recipients: done, leftOut };
  } finally {
    await files.close();
  }
}

interface TenantExport {
  readonly byName: ReadonlyMap<string, RelayDomain>;
  readonly files: MapFiles;
  readonly counted: (count: number) => void;
  readonly signal: AbortSignal;
}

async function exportTenant(
  feed: RecipientFeed,
  tenant: TenantId,
  { byName, files, counted, signal }: TenantExport,
): Promise<{ readonly count: number; readonly leftOut: number }> {
  let [count, leftOut] = [0, 0];
  for await (const { rows } of feed.walk(tenant, partSize)) {
    for (const row of rows) {
      const domain = byName.get(row.key.slice(row.key.lastIndexOf('@') + 1));
      // What a tenant has at a domain that it does not own, no gateway relays.
      if (!isExpressible(row)) leftOut += 1;
      else if (domain?.tenantId === tenant) await files.add(recipientEntries(row, domain));
    }
    count += rows.length;
    counted(count);
    if (signal.aborted) throw new CommandError('interrupted: nothing was replaced');
  }
  return { count, leftOut };
}
