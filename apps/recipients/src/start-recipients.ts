import type { RecipientsConfiguration } from '@cleanmail/config';
import { createLogger } from '@cleanmail/listener';
import { DatabaseFeed } from './following/feed-source.js';
import { type RecipientsEnvironment, RecipientsServer } from './recipients-server.js';
import { StatusServer } from './status-server.js';

/** A recipient server that answers. */
export interface RunningRecipients {
  readonly recipients: RecipientsServer;
  /** The TCP port of the socketmap server. */
  readonly port: number;
  /** Where health and metrics are. */
  readonly statusUrl: string;
  stop(): Promise<void>;
}

/**
 * Starts the recipient server of a gateway, whether or not the database can be reached.
 * @throws ConfigurationError naming the variable when a port or the socket cannot be had.
 */
export async function startRecipients(
  configuration: RecipientsConfiguration,
  options: Pick<RecipientsEnvironment, 'limits' | 'following'> = {},
): Promise<RunningRecipients> {
  const feed = new DatabaseFeed(configuration.database);
  const logger = createLogger(configuration.logLevel);
  const recipients = new RecipientsServer(configuration, { logger, connect: () => feed.connect(), ...options });
  const status = new StatusServer(recipients);
  const statusPort = await status.listen(configuration.statusPort, configuration.host);
  const stop = async () => {
    await recipients.stop();
    await Promise.all([status.close(), feed.close()]);
  };
  try {
    const port = await recipients.start();
    return { recipients, port, statusUrl: `http://${configuration.host}:${statusPort}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Says where the server answers. */
export function recipientsBanner(
  { host, socket }: RecipientsConfiguration,
  { port, statusUrl }: RunningRecipients,
): string {
  const more = socket === undefined ? '' : ` and socketmap:unix:${socket}:recipients`;
  return `Recipients are answered at socketmap:inet:${host}:${port}:recipients${more}; health and metrics at ${statusUrl}\n`;
}
