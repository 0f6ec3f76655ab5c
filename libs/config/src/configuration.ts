import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigurationError } from './configuration-error.js';
import { type DatabaseLocation, parseDatabaseUrl } from './database-url.js';
import { type Environment, parseEnvironment } from './environment.js';
import { type GeneratedSecret, readOrGenerateSecret } from './generated-secret.js';

/** Everything the service is told from outside, parsed once at start. */
export interface Configuration {
  readonly host: string;
  readonly scimPort: number;
  readonly adminPort: number;
  readonly database: DatabaseLocation;
  readonly databasePoolSize: number;
  readonly dataDirectory: string;
  readonly adminKey: string;
  /** Where the admin key was written, when this service made one. */
  readonly adminKeyFile?: GeneratedSecret;
  readonly tokenPepper: string;
  readonly publicScimUrl?: string;
  readonly trustedProxies?: readonly string[];
  readonly rateLimitPerSecond: number;
  readonly cursorTimeoutSeconds: number;
  readonly accessTokenSeconds: number;
  /** DNS servers to ask instead of the system's. */
  readonly dnsServers?: readonly string[];
  /** Seconds between two looks at what is due; 0: this node never looks. */
  readonly clockIntervalSeconds: number;
  /** Days for which the journals are kept; 0: for ever. */
  readonly retention: {
    readonly provisioningLogDays: number;
    readonly auditLogDays: number;
    readonly outboxDays: number;
  };
  /** Delivery of events to receivers. */
  readonly events: {
    /** Milliseconds between two looks at what is to be delivered; 0: this node never looks. */
    readonly pollMilliseconds: number;
    /** Private addresses, networks and host names that may be delivered to. */
    readonly allowPrivate: readonly string[];
    readonly disableDays: number;
  };
  readonly logLevel: string;
}

/**
 * Reads the process's environment, generates what may be generated into DATA_DIR, and checks what belongs together.
 * @throws ConfigurationError naming the variable.
 */
export function readConfiguration(raw: Readonly<Record<string, string | undefined>> = process.env): Configuration {
  const environment = parseEnvironment(raw);
  const dataDirectory = resolve(environment.DATA_DIR);
  const database = databaseLocation(environment);
  const adminKeyFile = environment.ADMIN_KEY === undefined ? secretFile(dataDirectory, 'admin.key') : undefined;
  return {
    host: environment.HOST,
    scimPort: environment.SCIM_PORT,
    adminPort: environment.ADMIN_PORT,
    database,
    databasePoolSize: environment.DATABASE_POOL_SIZE,
    dataDirectory,
    adminKey: environment.ADMIN_KEY ?? adminKeyFile?.value ?? '',
    ...(adminKeyFile === undefined ? {} : { adminKeyFile }),
    tokenPepper: tokenPepper(environment.TOKEN_PEPPER, database, dataDirectory),
    ...(environment.PUBLIC_SCIM_URL === undefined
      ? {}
      : { publicScimUrl: environment.PUBLIC_SCIM_URL.replace(/\/+$/, '') }),
    ...(environment.TRUST_PROXY === undefined
      ? {}
      : { trustedProxies: environment.TRUST_PROXY.split(',').map((network) => network.trim()) }),
    rateLimitPerSecond: environment.RATE_LIMIT_PER_SECOND,
    cursorTimeoutSeconds: environment.CURSOR_TIMEOUT_SECONDS,
    accessTokenSeconds: environment.ACCESS_TOKEN_SECONDS,
    ...(environment.DNS_SERVERS === undefined
      ? {}
      : { dnsServers: environment.DNS_SERVERS.split(',').map((server) => server.trim()) }),
    clockIntervalSeconds: environment.CLOCK_INTERVAL_SECONDS,
    retention: {
      provisioningLogDays: environment.PROVISIONING_LOG_DAYS,
      auditLogDays: environment.AUDIT_LOG_DAYS,
      outboxDays: environment.OUTBOX_DAYS,
    },
    events: {
      pollMilliseconds: environment.EVENTS_POLL_MILLISECONDS,
      allowPrivate: environment.EVENTS_ALLOW_PRIVATE?.split(',').map((entry) => entry.trim()) ?? [],
      disableDays: environment.EVENTS_DISABLE_DAYS,
    },
    logLevel: environment.LOG_LEVEL,
  };
}

/**
 * Where the data lives, for tools that need nothing else of the configuration; makes no secrets.
 * @throws ConfigurationError naming the variable.
 */
export function readDatabaseLocation(
  raw: Readonly<Record<string, string | undefined>> = process.env,
): DatabaseLocation {
  return databaseLocation(parseEnvironment(raw));
}

/** The database of an environment; the embedded one in DATA_DIR unless another is named. */
export function databaseLocation({ DATABASE_URL: url, DATA_DIR: directory }: Environment): DatabaseLocation {
  return parseDatabaseUrl(url ?? `sqlite:${join(resolve(directory), 'cleanmail.db')}`);
}

function tokenPepper(given: string | undefined, database: DatabaseLocation, dataDirectory: string): string {
  if (given !== undefined) {
    return given;
  }
  if (database.kind === 'mysql') {
    throw new ConfigurationError([
      {
        variable: 'TOKEN_PEPPER',
        problem: 'is required with MySQL, and the same on every node, so that each can read the tokens of the others',
        example: 'a-random-string-of-32-characters-or-more',
      },
    ]);
  }
  return secretFile(dataDirectory, 'token.pepper').value;
}

function secretFile(dataDirectory: string, name: string): GeneratedSecret {
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    accessSync(dataDirectory, constants.W_OK);
    return readOrGenerateSecret(join(dataDirectory, name));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([
      { variable: 'DATA_DIR', problem: `cannot be written (${reason})`, example: './data' },
    ]);
  }
}
