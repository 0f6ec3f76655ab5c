import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { applyOperation, type Resource } from './stub-patch.js';

/** What the stub does wrong; nothing by default. */
export interface Misbehaviour {
  readonly contentType?: string;
  readonly hideDisabled?: boolean;
  readonly stringBooleans?: boolean;
  readonly nullMembers?: boolean;
  /** Number of the request that is answered 500. */
  readonly failAt?: number;
  /** Number of the request whose socket is cut after it was carried out. */
  readonly cutAt?: number;
  /** Number of the PATCH that is answered 204 and forgotten. */
  readonly dropPatchAt?: number;
  /** Number of the request that is answered 429 with `retryAfter`. */
  readonly throttleAt?: number;
  readonly retryAfter?: string;
  readonly groupsMissing?: boolean;
  readonly bareErrors?: boolean;
  readonly softDelete?: boolean;
  readonly ignoresFilter?: boolean;
}

/** What a client sent. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A SCIM server of one tenant in memory, for the specs of the simulator. */
export class ScimStub {
  readonly requests: SeenRequest[] = [];
  readonly users = new Map<string, Resource>();
  openSockets = 0;
  mostSockets = 0;
  private readonly server: Server;
  private patches = 0;

  constructor(private readonly misbehaviour: Misbehaviour = {}) {
    this.server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        this.requests.push({ method, url, headers, body });
        const number = this.requests.length;
        const answer = this.misconduct(number) ?? this.answer(method, url, body);
        if (number === this.misbehaviour.cutAt) {
          request.socket.destroy();
          return;
        }
        response.writeHead(answer.status, {
          ...(answer.body === undefined
            ? {}
            : { 'content-type': this.misbehaviour.contentType ?? 'application/scim+json' }),
          ...answer.headers,
        });
        response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
      });
    });
    this.server.on('connection', (socket) => {
      this.openSockets += 1;
      this.mostSockets = Math.max(this.mostSockets, this.openSockets);
      socket.on('close', () => (this.openSockets -= 1));
    });
  }

  /** Listens on a free port; resolves with a tenant URL of the given path. */
  async start(path = '/api/v3/scim2'): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${path}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private misconduct(number: number): StubAnswer | undefined {
    if (number === this.misbehaviour.failAt) return this.error(500, 'boom');
    if (number !== this.misbehaviour.throttleAt) return undefined;
    return { ...this.error(429, 'slow down'), headers: { 'retry-after': this.misbehaviour.retryAfter ?? '0' } };
  }

  private answer(method: string, url: string, body: string): StubAnswer {
    const { pathname, searchParams } = new URL(url.replace('//Users', '/Users'), 'http://stub');
    const [, resource, id] = /\/(Users|Groups)(?:\/([^/]+))?$/.exec(pathname) ?? [];
    if (resource === 'Groups')
      return this.misbehaviour.groupsMissing ? this.error(404, 'no groups') : list([], searchParams);
    if (resource === undefined) return this.error(404, 'no such route');
    if (id === undefined) return method === 'POST' ? this.create(body) : this.list(searchParams);
    const user = this.users.get(id);
    if (user === undefined) return this.error(404, 'no such user');
    if (method === 'PATCH') return this.patch(user, body);
    if (method !== 'DELETE') return this.show(user, 200);
    if (this.misbehaviour.softDelete) user['active'] = false;
    else this.users.delete(id);
    return { status: 204 };
  }

  private create(body: string): StubAnswer {
    const sent = JSON.parse(body) as Resource;
    delete sent['roles'];
    if (this.byUserName(String(sent['userName'])) !== undefined) return this.error(409, 'taken', 'uniqueness');
    const id = randomUUID();
    const location = `http://stub/Users/${id}`;
    const user = { ...sent, id, meta: { resourceType: 'User', created: new Date(0).toISOString(), location } };
    this.users.set(id, user);
    return this.show(user, 201);
  }

  private list(query: URLSearchParams): StubAnswer {
    const filter = this.misbehaviour.ignoresFilter ? null : query.get('filter');
    const userName = filter === null ? undefined : /^userName eq "(.*)"$/.exec(filter)?.[1];
    if (filter !== null && userName === undefined) return this.error(400, 'bad filter', 'invalidFilter');
    const found = userName === undefined ? [...this.users.values()] : [this.byUserName(userName)];
    const visible = found
      .filter((user) => user !== undefined)
      .filter((user) => !(this.misbehaviour.hideDisabled && user['active'] === false));
    return list(
      visible.map((user) => this.rendered(user)),
      query,
    );
  }

  private patch(user: Resource, body: string): StubAnswer {
    this.patches += 1;
    if (this.patches === this.misbehaviour.dropPatchAt) return { status: 204 };
    const { Operations } = JSON.parse(body) as { Operations: Resource[] };
    Operations.forEach((operation) => applyOperation(user, operation));
    return this.show(user, 200);
  }

  private byUserName(userName: string): Resource | undefined {
    return [...this.users.values()].find((user) => String(user['userName']).toLowerCase() === userName.toLowerCase());
  }

  private show(user: Resource, status: number): StubAnswer {
    return { status, body: this.rendered(user) };
  }

  private rendered(user: Resource): Resource {
    return {
      ...user,
      ...(this.misbehaviour.stringBooleans ? { active: user['active'] === true ? 'True' : 'False' } : {}),
      ...(this.misbehaviour.nullMembers ? { profileUrl: null } : {}),
    };
  }

  private error(status: number, detail: string, scimType?: string): StubAnswer {
    if (this.misbehaviour.bareErrors) return { status, body: { error: detail } };
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
    return {
      status,
      body: { schemas, status: String(status), detail, ...(scimType === undefined ? {} : { scimType }) },
    };
  }
}

interface StubAnswer {
  readonly status: number;
  readonly body?: Resource;
  readonly headers?: Readonly<Record<string, string>>;
}

function list(resources: readonly Resource[], query: URLSearchParams): StubAnswer {
  const page = resources.slice(0, Number(query.get('count') ?? 100));
  return {
    status: 200,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: resources.length,
      startIndex: 1,
      itemsPerPage: page.length,
      Resources: page,
    },
  };
}
