import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecipientsConfiguration } from '@cleanmail/config';
import { type RunningRecipients, startRecipients } from '@cleanmail/recipients-app';
import { SocketmapClient } from './socketmap-client.js';

/** A recipient server under test, on free ports of this machine, with one connection to it. */
export interface RecipientsUnderTest extends RunningRecipients {
  ask(table: string, key: string): Promise<string>;
  client(): Promise<SocketmapClient>;
}

/** A folder for the snapshot of a recipient server, which several of them may use one after the other. */
export function snapshotFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'cleanmail-recipients-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Boots the real recipient server on a database; `environment` overrides any variable. */
export async function startRecipientsUnderTest(
  options: {
    readonly databaseUrl: string;
    readonly folder: string;
    readonly environment?: Readonly<Record<string, string>>;
  },
  further: Parameters<typeof startRecipients>[1] = {},
): Promise<RecipientsUnderTest> {
  const configuration = readRecipientsConfiguration({
    RECIPIENTS_PORT: '0',
    RECIPIENTS_STATUS_PORT: '0',
    RECIPIENTS_POLL_MILLISECONDS: '50',
    DATABASE_URL: options.databaseUrl,
    DATA_DIR: options.folder,
    LOG_LEVEL: 'silent',
    ...options.environment,
  });
  const running = await startRecipients(configuration, further);
  const client = () => SocketmapClient.connect({ host: configuration.host, port: running.port });
  const first = await client();
  return {
    ...running,
    client,
    ask: (table, key) => first.ask(table, key),
    stop: async () => {
      await running.stop();
      await first.close();
    },
  };
}
