import { resolve } from 'node:path';
import { databaseLocation } from './configuration.js';
import type { DatabaseLocation } from './database-url.js';
import { parseEnvironment } from './environment.js';

/** What the recipient server of a gateway is told from outside; it needs no secret of the service. */
export interface RecipientsConfiguration {
  readonly host: string;
  /** TCP port of the socketmap server. */
  readonly port: number;
  /** Path of a unix socket beside the port. */
  readonly socket?: string;
  /** Port of health and metrics. */
  readonly statusPort: number;
  readonly database: DatabaseLocation;
  /** Where the last snapshot is kept. */
  readonly dataDirectory: string;
  readonly pollMilliseconds: number;
  /** For how long the last snapshot is answered from while the database is away. */
  readonly maxStaleHours: number;
  /** Tenants whose lost recipients may be dropped. */
  readonly acceptLossOf: readonly string[];
  readonly logLevel: string;
}

/** Reads the process's environment. @throws ConfigurationError naming the variable. */
export function readRecipientsConfiguration(
  raw: Readonly<Record<string, string | undefined>> = process.env,
): RecipientsConfiguration {
  const environment = parseEnvironment(raw);
  return {
    host: environment.HOST,
    port: environment.RECIPIENTS_PORT,
    ...(environment.RECIPIENTS_SOCKET === undefined ? {} : { socket: resolve(environment.RECIPIENTS_SOCKET) }),
    statusPort: environment.RECIPIENTS_STATUS_PORT,
    database: databaseLocation(environment),
    dataDirectory: resolve(environment.DATA_DIR),
    pollMilliseconds: environment.RECIPIENTS_POLL_MILLISECONDS,
    maxStaleHours: environment.RECIPIENTS_MAX_STALE_HOURS,
    acceptLossOf: (environment.RECIPIENTS_ACCEPT_LOSS ?? '').split(',').flatMap((id) => id.trim() || []),
    logLevel: environment.LOG_LEVEL,
  };
}
