import type { AddressInfo } from 'node:net';
import { type Configuration, ConfigurationError } from '@cleanmail/config';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Drain } from './drain.js';
import type { ListenerEnvironment } from './listener.js';
import { createLogger } from './logger.js';
import { Metrics } from './metrics.js';

/** An application, and the port it is to answer on. */
export interface Binding {
  readonly application: NestFastifyApplication;
  /** The variable that is named when the port cannot be had. */
  readonly variable: 'SCIM_PORT' | 'ADMIN_PORT';
  readonly port: number;
}

/** Listeners that answer. */
export interface OpenListeners {
  /** Scheme, host and port of each, in the order of the bindings. */
  readonly urls: readonly string[];
  /** Lets what is in flight end, then closes the listeners. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** The longest that requests in flight may take while a process stops, in milliseconds. */
const drainLimit = 20_000;

/** The environment of a process's listeners, from its configuration. */
export function listenerEnvironment(configuration: Configuration): ListenerEnvironment {
  return {
    logger: createLogger(configuration.logLevel),
    metrics: new Metrics(),
    drain: new Drain(),
    scimAddress: { url: configuration.publicScimUrl ?? listenerUrl(configuration, configuration.scimPort) },
    trustedProxies: configuration.trustedProxies,
  };
}

/** The address of a listener, as a client on this machine would write it. */
function listenerUrl({ host }: Pick<Configuration, 'host'>, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/**
 * Lets applications answer; with one that cannot, none does. `release` gives back what they stand on, such as their
 * database, when they have stopped and also when they could not start.
 * @throws ConfigurationError naming the variable when a port cannot be had.
 */
export async function openListeners(
  { host, publicScimUrl }: Configuration,
  environment: ListenerEnvironment,
  { create, release }: { readonly create: () => Promise<readonly Binding[]>; readonly release: () => Promise<void> },
): Promise<OpenListeners> {
  let bindings: readonly Binding[] = [];
  const urls: string[] = [];
  try {
    bindings = await create();
    for (const binding of bindings) {
      const url = listenerUrl({ host }, await bind(binding, host));
      urls.push(url);
      if (binding.variable === 'SCIM_PORT') {
        environment.scimAddress.url = publicScimUrl ?? url;
      }
    }
  } catch (error) {
    await Promise.all(bindings.map(({ application }) => application.close()));
    await release();
    throw error;
  }
  const applications = bindings.map(({ application }) => application);
  let stopping: Promise<void> | undefined;
  return { urls, stop: () => (stopping ??= drain(applications, environment).finally(release)) };
}

async function bind({ application, variable, port }: Binding, host: string): Promise<number> {
  try {
    await application.listen(port, host);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) {
      throw error;
    }
    throw new ConfigurationError([
      code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND'
        ? { variable: 'HOST', problem: `${host} is no address of this machine (${code})`, example: '127.0.0.1' }
        : { variable, problem: bindProblem(host, port, code), example: String(port + 100) },
    ]);
  }
  return (application.getHttpServer().address() as AddressInfo).port;
}

function bindProblem(host: string, port: number, code: string): string {
  return code === 'EADDRINUSE' ? `${port} is already in use` : `${host}:${port} cannot be bound (${code})`;
}

async function drain(
  applications: readonly NestFastifyApplication[],
  { drain: draining, logger }: ListenerEnvironment,
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
  }
}
