import type { AddressInfo } from 'node:net';
import { createAdminApplication } from '@cleanmail/admin-app';
import { CONFIGURATION, type Configuration, ConfigurationError } from '@cleanmail/config';
import { Database, migrate, openDatabase } from '@cleanmail/database';
import { createLogger, Drain, type ListenerEnvironment, Metrics, ScimAddress } from '@cleanmail/listener';
import { createScimApplication } from '@cleanmail/scim-app';
import { TOKEN_PEPPER, TokenCache } from '@cleanmail/tenants';
import type { Provider } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { entities } from './entities.js';

/** Both listeners of a process, on one database. */
export interface RunningService {
  /** Where the SCIM listener answers: scheme, host and port. */
  readonly scimUrl: string;
  /** Where the admin listener answers. */
  readonly adminUrl: string;
  /** Lets what is in flight end, then closes listeners and database. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** The longest that requests in flight may take while the service stops, in milliseconds. */
const drainLimit = 20_000;

/**
 * Migrates the database and serves both surfaces.
 * @throws ConfigurationError naming the variable when the database or a port cannot be had.
 */
export async function startService(configuration: Configuration): Promise<RunningService> {
  const logger = createLogger(configuration.logLevel);
  const database = await openDatabase({
    location: configuration.database,
    entities,
    poolSize: configuration.databasePoolSize,
  });
  try {
    await migrate(database);
    const environment: ListenerEnvironment = {
      logger,
      metrics: new Metrics(),
      drain: new Drain(),
      trustedProxies: configuration.trustedProxies,
    };
    return await listen(configuration, database, environment);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function listen(
  configuration: Configuration,
  database: Database,
  environment: ListenerEnvironment,
): Promise<RunningService> {
  const address = { url: listenerUrl(configuration, configuration.scimPort) };
  const providers = sharedProviders(configuration, database, environment, address);
  environment.metrics.addGauge(
    'cleanmail_database_retries',
    'Units of work that had to be run again.',
    () => database.retries,
  );
  const scim = await createScimApplication(environment, providers);
  const admin = await createAdminApplication(environment, providers);
  scim.flushLogs();
  const scimPort = await bind(scim, 'SCIM_PORT', configuration.scimPort, configuration.host);
  const adminPort = await bind(admin, 'ADMIN_PORT', configuration.adminPort, configuration.host).catch(
    async (error: unknown) => {
      await scim.close();
      throw error;
    },
  );
  const scimUrl = listenerUrl(configuration, scimPort);
  address.url = configuration.publicScimUrl ?? scimUrl;
  let stopping: Promise<void> | undefined;
  return {
    scimUrl,
    adminUrl: listenerUrl(configuration, adminPort),
    stop: () => (stopping ??= drain([scim, admin], environment, database)),
  };
}

/** What both applications share: one database, one configuration, one cache, so that a revocation is seen at once. */
export function sharedProviders(
  configuration: Configuration,
  database: Database,
  { metrics, drain: draining }: Pick<ListenerEnvironment, 'metrics' | 'drain'>,
  address: ScimAddress,
): readonly Provider[] {
  return [
    { provide: CONFIGURATION, useValue: configuration },
    { provide: Database, useValue: database },
    { provide: TokenCache, useValue: new TokenCache() },
    { provide: TOKEN_PEPPER, useValue: configuration.tokenPepper },
    { provide: Metrics, useValue: metrics },
    { provide: Drain, useValue: draining },
    { provide: ScimAddress, useValue: address },
  ];
}

/** The address of a listener, as a client on this machine would write it. */
export function listenerUrl({ host }: Configuration, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

async function bind(
  application: NestFastifyApplication,
  variable: string,
  port: number,
  host: string,
): Promise<number> {
  try {
    await application.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) {
      throw error;
    }
    const problem = code === 'EADDRINUSE' ? `${port} is already in use` : `${host}:${port} cannot be bound (${code})`;
    throw new ConfigurationError([{ variable, problem, example: String(port + 100) }]);
  }
  return (application.getHttpServer().address() as AddressInfo).port;
}

async function drain(
  applications: readonly NestFastifyApplication[],
  { drain: draining, logger }: ListenerEnvironment,
  database: Database,
): Promise<void> {
  draining.begin();
  const deadline = setTimeout(() => {
    logger.warn('requests in flight were cut: they took longer than the service waits while stopping');
    applications.forEach((application) => application.getHttpServer().closeAllConnections());
  }, drainLimit);
  try {
    await Promise.all(applications.map((application) => application.close()));
  } finally {
    clearTimeout(deadline);
    await database.close();
  }
}
