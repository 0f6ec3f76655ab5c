import { setTimeout as delay } from 'node:timers/promises';

import { retryAfterMs } from '../simulate/entra-client.js';
import { objectsAt, type JsonObject } from '../simulate/json.js';
import type { ScimConnection, ScimMethod } from '../simulate/scim-connection.js';
import { exchangeOf, type Exchange } from './exchange.js';
import { OwnedResources } from './owned-resources.js';
import { SampleResources } from './sample-resources.js';
import type { ServerConfig } from './server-config.js';
import { messageSchemas } from './urns.js';
import { NotTried, Violation } from './violation.js';

const mostThrottles = 20;

/** Headers of a request beside the usual ones; an undefined value leaves the header out. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** A resource that the client made; `path` is where the server answers for it. */
export interface Created {
  readonly id: string;
  readonly path: string;
  readonly body: JsonObject;
  readonly exchange: Exchange;
}

/** One operation of a PATCH. */
export interface Operation {
  readonly op: string;
  readonly path?: string;
  readonly value?: unknown;
}

/**
 * The requests of RFC 7644, for the checks. It remembers what was created, so that all of it can be deleted, and every
 * exchange since the check began.
 */
export class ConformanceClient {
  readonly samples: SampleResources;
  readonly owned: OwnedResources;
  requests = 0;
  private exchanges: Exchange[] = [];
  private isCleaning = false;
  private readonly sharedResources = new Map<string, Promise<unknown>>();

  constructor(
    private readonly connection: ScimConnection,
    private readonly signal: AbortSignal | undefined,
    readonly config: ServerConfig,
    domain: string,
  ) {
    this.samples = new SampleResources(domain);
    this.owned = new OwnedResources([config.users.endpoint, config.groups?.endpoint]);
  }

  /** Sends one request; waits out a 429 that says for how long. Rejects with Violation when no answer came. */
  async send(method: ScimMethod, path: string, body?: unknown, headers: Headers = {}): Promise<Exchange> {
    const request = { method, path, headers: { Accept: 'application/scim+json', ...mediaType(body), ...headers } };
    for (let throttles = 0; ; throttles += 1) {
      if (!this.isCleaning) this.signal?.throwIfAborted();
      this.requests += 1;
      const answer = await this.connection.send(body === undefined ? request : { ...request, body });
      const waitMs = answer.status === 429 ? (retryAfterMs(answer.retryAfter) ?? 1000) : undefined;
      if (waitMs !== undefined && throttles < mostThrottles) {
        await delay(waitMs);
        continue;
      }
      const exchange = exchangeOf(method, path, answer);
      this.exchanges.push(exchange);
      this.owned.observe(exchange);
      if (exchange.status === 0) throw new Violation(`no answer: ${exchange.text}`, exchange);
      return exchange;
    }
  }

  get(path: string, headers?: Headers): Promise<Exchange> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: unknown, headers?: Headers): Promise<Exchange> {
    return this.send('POST', path, body, headers);
  }

  put(path: string, body: unknown, headers?: Headers): Promise<Exchange> {
    return this.send('PUT', path, body, headers);
  }

  patch(path: string, operations: readonly Operation[], headers?: Headers): Promise<Exchange> {
    return this.send('PATCH', path, { schemas: [messageSchemas.patch], Operations: operations }, headers);
  }

  delete(path: string, headers?: Headers): Promise<Exchange> {
    return this.send('DELETE', path, undefined, headers);
  }

  /** GET of an endpoint with query parameters. */
  query(endpoint: string, parameters: Readonly<Record<string, string | number>>, headers?: Headers): Promise<Exchange> {
    const pairs = Object.entries(parameters).map(
      ([name, value]) => `${name}=${encodeURIComponent(value).replaceAll('%20', '+')}`,
    );
    return this.get(`${endpoint}?${pairs.join('&')}`, headers);
  }

  /** Users by query parameters. */
  users(parameters: Readonly<Record<string, string | number>>, headers?: Headers): Promise<Exchange> {
    return this.query(this.config.users.endpoint, parameters, headers);
  }

  /** The body of a user that was never sent; see SampleResources. */
  newUser(overrides?: JsonObject): JsonObject {
    return this.samples.user(this.config, overrides);
  }

  /** Makes a user; rejects with NotTried when the server does not answer 201 with an id. */
  createUser(overrides?: JsonObject): Promise<Created> {
    return this.create(this.config.users.endpoint, this.newUser(overrides));
  }

  /** Makes a group; rejects with NotTried as createUser does. */
  createGroup(overrides?: JsonObject): Promise<Created> {
    return this.create(this.groupsEndpoint, this.samples.group(overrides));
  }

  /** Where groups are; only for checks that apply to servers with groups. */
  get groupsEndpoint(): string {
    return this.config.groups?.endpoint ?? '/Groups';
  }

  /** What several checks look at without changing it: made once, deleted at the end. */
  shared<T>(key: string, make: () => Promise<T>): Promise<T> {
    const existing = this.sharedResources.get(key) as Promise<T> | undefined;
    if (existing !== undefined) return existing;
    const made = this.owned.keeping(make);
    this.sharedResources.set(key, made);
    return made;
  }

  /** Forgets the exchanges of the check before. */
  startCheck(): void {
    this.exchanges = [];
  }

  /** The last exchange of this check. */
  get lastExchange(): Exchange | undefined {
    return this.exchanges.at(-1);
  }

  /** Deletes what the last check made and no other looks at. */
  async discard(which: 'check' | 'all'): Promise<void> {
    for (const path of this.owned.paths(which)) {
      await this.attempt(() => this.delete(path));
    }
  }

  /**
   * Deletes everything that this run made, also what a lost or wrong answer did not tell; works after an abort as well.
   * Resolves with the names of what is still there.
   */
  async cleanUp(): Promise<readonly string[]> {
    this.isCleaning = true;
    await this.discard('all');
    const groups = this.config.groups === undefined ? [] : await this.sweep(this.config.groups.endpoint, 'displayName');
    return [...groups, ...(await this.sweep(this.config.users.endpoint, 'userName'))];
  }

  /** A text of the report without the random names and ids of this run. */
  withoutNames(text: string): string {
    const withoutIds = this.owned.ids.reduce((shorter, id) => shorter.replaceAll(id, '{id}'), text);
    return withoutIds.replace(new RegExp(`${this.samples.prefix}(-[0-9]+)?`, 'gi'), '{name}');
  }

  private async sweep(endpoint: string, attribute: string): Promise<readonly string[]> {
    const filter = `${attribute} sw "${this.samples.prefix}"`;
    const filtered = await this.attempt(() => this.query(endpoint, { filter, count: 200 }));
    const found = filtered?.status === 200 ? filtered : await this.attempt(() => this.get(endpoint));
    const left: string[] = [];
    for (const resource of objectsAt(found?.body ?? {}, 'Resources').filter((one) => this.samples.isOurs(one))) {
      const answer = await this.attempt(() => this.delete(`${endpoint}/${encodeURIComponent(String(resource['id']))}`));
      if (![200, 204, 404].includes(answer?.status ?? 0)) left.push(String(resource[attribute]));
    }
    return left;
  }

  /** An exchange whose failure is looked at elsewhere; undefined when no answer came. */
  private async attempt(send: () => Promise<Exchange>): Promise<Exchange | undefined> {
    try {
      return await send();
    } catch (error) {
      if (error instanceof Violation) return undefined;
      throw error;
    }
  }

  private async create(endpoint: string, body: JsonObject): Promise<Created> {
    const exchange = await this.post(endpoint, body);
    const id = exchange.body?.['id'];
    if (exchange.status !== 201 || exchange.body === undefined || typeof id !== 'string' || id === '') {
      throw new NotTried('a resource could not be made for this check', exchange);
    }
    return { id, path: `${endpoint}/${encodeURIComponent(id)}`, body: exchange.body, exchange };
  }
}

function mediaType(body: unknown): Headers {
  return body === undefined ? {} : { 'Content-Type': 'application/scim+json' };
}
