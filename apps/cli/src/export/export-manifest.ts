import { readFile } from 'node:fs/promises';
import { CommandError, ExitCode } from '../terminal/command-error.js';

/** What the last export in a folder held; written beside its maps. */
export interface ExportManifest {
  /** ISO 8601. */
  readonly at: string;
  /** Rows of the read model, removed addresses included, by tenant id. */
  readonly recipients: Readonly<Record<string, number>>;
}

/** An export that lost more than this share of its rows, or of a tenant's, does not replace the one before. */
const mostLost = 0.2;

/** The manifest of the export that is there; undefined when there is none. @throws CommandError for a file that is none. */
export async function readManifest(file: string): Promise<ExportManifest | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CommandError(`${file} cannot be read: ${error.message}`);
  });
  if (text === undefined) {
    return undefined;
  }
  try {
    const { at, recipients } = JSON.parse(text) as ExportManifest;
    return { at: String(at), recipients: { ...recipients } };
  } catch {
    throw new CommandError(`${file} says not what the last export held: remove it, or add --force`);
  }
}

/**
 * Removed people stay in the read model as removed, so rows vanish slowly; where they do not, something is wrong.
 * @throws CommandError that names who lost how much.
 */
export function requireFewLost(before: ExportManifest | undefined, now: ExportManifest['recipients']): void {
  if (before === undefined) {
    return;
  }
  const losers = [
    ['all tenants together', sumOf(before.recipients), sumOf(now)] as const,
    ...Object.entries(before.recipients).map(
      ([tenant, count]) => [`tenant ${tenant}`, count, now[tenant] ?? 0] as const,
    ),
  ].filter(([, had, has]) => had - has > had * mostLost);
  const [first] = losers;
  if (first !== undefined) {
    const [who, had, has] = first;
    const others = losers.length > 1 ? `, and ${losers.length - 1} more lost as much` : '';
    throw new CommandError(
      `${who} had ${had} recipients in the export of ${before.at} and would have ${has}${others}: nothing was replaced; if that is right, add --force`,
      ExitCode.conflict,
    );
  }
}

/** The rows of all tenants together. */
export function sumOf(counts: ExportManifest['recipients']): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
