import { readFile } from 'node:fs/promises';

import type { Command } from 'commander';

import { AdminClient } from '../admin-client/admin-client.js';
import { createHttpTransport } from '../admin-client/http-transport.js';
import { usageError } from '../terminal/command-error.js';
import type { CommandContext } from './command-context.js';

/** Options of every command that uses the admin REST. */
export interface AdminOptions {
  readonly adminUrl?: string;
  readonly adminKeyFile?: string;
}

/** Options of a command whose result a machine may want. */
export interface OutputOptions {
  readonly json?: true;
}

/** Adds `--admin-url` and `--admin-key-file`. */
export function addAdminOptions(command: Command): Command {
  return command
    .option('--admin-url <url>', 'admin listener to use instead of the configured database (env CLEANMAIL_ADMIN_URL)')
    .option('--admin-key-file <file>', 'file that holds the admin key (else env CLEANMAIL_ADMIN_KEY or ADMIN_KEY)');
}

/** Runs `work` with an admin client, over HTTP when an admin URL is known and on the configured database otherwise. */
export async function withAdmin<Result>(
  context: CommandContext,
  options: AdminOptions,
  work: (client: AdminClient) => Promise<Result>,
): Promise<Result> {
  const environment = context.environment();
  const adminUrl = options.adminUrl ?? environment.adminUrl;
  if (adminUrl !== undefined) {
    const adminKey = await readAdminKey(options.adminKeyFile, environment.adminKey);
    return work(new AdminClient(createHttpTransport({ adminUrl, adminKey, actor: `cli:${environment.user}` })));
  }
  const local = await context.openLocalAdmin();
  try {
    return await work(new AdminClient(local.transport));
  } finally {
    await local.close();
  }
}

async function readAdminKey(file: string | undefined, fromEnvironment: string | undefined): Promise<string> {
  const adminKey = file === undefined ? fromEnvironment : await readSecret(file, '--admin-key-file');
  if (adminKey === undefined) {
    throw usageError('no admin key for the admin URL: set ADMIN_KEY in the environment or give --admin-key-file');
  }
  return adminKey;
}

/** The secret in a file, without surrounding blanks; an unreadable or empty file is a usage error naming the option. */
export async function readSecret(file: string, option: string): Promise<string> {
  const secret = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => {
      throw usageError(`${option} ${file} cannot be read (${error.code ?? error.message}): give a readable file`);
    },
  );
  if (secret === '') throw usageError(`${option} ${file} is empty: put the secret on its first line`);
  return secret;
}
