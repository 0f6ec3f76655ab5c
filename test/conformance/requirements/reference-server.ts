import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  compareCodePoints,
  errorMessage,
  foldCase,
  type ListQueryParameters,
  listResponse,
  matches,
  MESSAGE_URNS,
  parseFilter,
  parseListQuery,
  parseProjection,
  renderResourceType,
  renderSchema,
  resolveFilter,
  type ResourceType,
  ScimError,
  serviceProviderConfig,
  userResourceType,
} from '@cleanmail/scim';
import { ResourceStore, type Stored } from './resource-store.js';

export type Json = Record<string, unknown>;

/** A request as the server reads it; `path` has neither base path nor query. */
export interface ServerRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An answer; `body` is sent as JSON. */
export interface ServerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** Changes an answer before it is sent, to make the server misbehave. */
export type Misbehaviour = (
  answer: ServerAnswer,
  request: ServerRequest,
  store: ResourceStore,
) => ServerAnswer | 'hang up';

const basePath = '/scim/v2';
const bulkLimits = { maxOperations: 20, maxPayloadSize: 200_000 };

/** A SCIM server in memory that offers everything of RFC 7643, 7644 and 9865, and misbehaves as it is told. */
export class ReferenceServer {
  readonly token = 'token-of-the-reference-server';
  readonly store: ResourceStore;
  private readonly server: Server;

  constructor(private readonly misbehaviour: Misbehaviour = (answer) => answer) {
    this.store = new ResourceStore(() => this.url);
    this.server = createServer((incoming, response) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
      incoming.on('end', () => {
        const url = new URL(incoming.url ?? '', 'http://server');
        const request: ServerRequest = {
          method: incoming.method ?? '',
          path: decodeURIComponent(url.pathname.slice(basePath.length)),
          query: Object.fromEntries(url.searchParams),
          headers: incoming.headers,
          text,
        };
        const answer = this.misbehaviour(this.answer(request), request, this.store);
        if (answer === 'hang up') {
          response.destroy();
          return;
        }
        const media = answer.body === undefined ? {} : { 'content-type': 'application/scim+json' };
        response.writeHead(answer.status, { ...media, ...answer.headers });
        response.end(answer.body === undefined || request.method === 'HEAD' ? undefined : JSON.stringify(answer.body));
      });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${basePath}`;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: ServerRequest): ServerAnswer {
    try {
      if (request.headers.authorization !== `Bearer ${this.token}`) {
        return { ...failure(401, 'Who are you?'), headers: { 'www-authenticate': 'Bearer' } };
      }
      return this.route(request);
    } catch (error) {
      if (!(error instanceof ScimError)) throw error;
      return { status: error.status, headers: {}, body: errorMessage(error) as unknown as Json };
    }
  }

  private route(request: ServerRequest): ServerAnswer {
    const [, endpoint = '', id = ''] = request.path.split('/');
    const read = request.method === 'GET' || request.method === 'HEAD';
    const type = this.store.types.find((one) => one.endpoint === `/${endpoint}`);
    if (endpoint === 'Me') return { status: 308, headers: { location: `${this.url}/Users/me` } };
    if (endpoint === 'Bulk') return this.bulk(request);
    if (endpoint === '.search') return this.search(request, userResourceType);
    if (endpoint === '' && read) return this.list(request.query, userResourceType);
    if (type === undefined) return this.discover(endpoint, request.path.slice(endpoint.length + 2), request, read);
    if (id === '.search') return this.search(request, type);
    if (id === '') return this.collection(request, type, read);
    return this.single(request, this.store.find(type, id), read);
  }

  private discover(endpoint: string, id: string, { query }: ServerRequest, read: boolean): ServerAnswer {
    const documents: Record<string, readonly Json[]> = {
      ServiceProviderConfig: [this.configuration()],
      ResourceTypes: this.store.types.map((type) => renderResourceType(type, this.url)),
      Schemas: this.store.types
        .flatMap((type) => [type.schema, ...type.extensions.map(({ schema }) => schema)])
        .map((schema) => renderSchema(schema, this.url)),
    };
    const found = documents[endpoint];
    if (found === undefined) return failure(404, 'There is no such endpoint.');
    if (!read) return failure(405, 'Read only.', { allow: 'GET, HEAD' });
    if (query['filter'] !== undefined) return failure(403, 'No filters here.');
    if (endpoint === 'ServiceProviderConfig') return ok(found[0] ?? {});
    if (id === '') return ok(listResponse({ totalResults: found.length, startIndex: 1, resources: found }));
    const one = found.find((document) => String(document['id']).toLowerCase() === id.toLowerCase());
    return one === undefined ? failure(404, 'There is no such document.') : ok(one);
  }

  private configuration(): Json {
    const features = { baseUrl: this.url, maxResults: 50, bulk: bulkLimits, etag: true, sort: true };
    const pagination = {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      maxPageSize: 50,
      cursorTimeout: 60,
    };
    return { ...serviceProviderConfig(features), pagination };
  }

  private collection(request: ServerRequest, type: ResourceType, read: boolean): ServerAnswer {
    if (read) return this.list(request.query, type);
    if (request.method !== 'POST') return failure(405, 'No.', { allow: 'GET, HEAD, POST' });
    const projection = projectionOf(request, type);
    const created = this.store.create(type, parse(request));
    const headers = { location: this.store.locationOf(created), etag: tagOf(created) };
    return { status: 201, headers, body: this.store.show(created, projection) };
  }

  private single(request: ServerRequest, stored: Stored, read: boolean): ServerAnswer {
    const { headers, method } = request;
    const projection = projectionOf(request, stored.type);
    const expected = headers['if-match'];
    if (!read && expected !== undefined && expected !== '*' && expected !== tagOf(stored)) {
      return failure(412, 'The resource has changed.');
    }
    if (read && headers['if-none-match'] === tagOf(stored)) return { status: 304, headers: { etag: tagOf(stored) } };
    switch (method) {
      case 'GET':
      case 'HEAD':
        break;
      case 'PUT':
        this.store.replace(stored, parse(request));
        break;
      case 'PATCH':
        this.store.patch(stored, this.checkedPatch(stored, parse(request)));
        break;
      case 'DELETE':
        this.store.delete(stored);
        return { status: 204, headers: {} };
      default:
        return failure(405, 'No.', { allow: 'GET, HEAD, PUT, PATCH, DELETE' });
    }
    return { status: 200, headers: { etag: tagOf(stored) }, body: this.store.show(stored, projection) };
  }

  /** What the product forgives to identity providers, this server does not. */
  private checkedPatch(stored: Stored, body: unknown): unknown {
    const { schemas, Operations } = body as { schemas?: unknown; Operations?: readonly Json[] };
    if (!Array.isArray(schemas)) throw ScimError.invalidSyntax('schemas is missing.');
    for (const { op, path } of Operations ?? []) {
      const [, selection] = /^(\w+\[.*\])/.exec(String(path)) ?? [];
      if (op !== 'replace' || selection === undefined) continue;
      if (!matches(resolveFilter(parseFilter(selection), stored.type), stored.resource)) {
        throw ScimError.noTarget('No value matches.');
      }
    }
    return body;
  }

  private search(request: ServerRequest, type: ResourceType): ServerAnswer {
    const members = Object.entries(parse(request) as Json);
    return this.list(
      Object.fromEntries(members.map(([name, value]) => [name, isNames(name) ? String(value) : value])),
      type,
    );
  }

  private list(parameters: ListQueryParameters & { readonly cursor?: unknown }, type: ResourceType): ServerAnswer {
    const { filter: text = '' } = parameters as { filter?: string };
    if (/ (eq|ne|co|sw|ew|gt|ge|lt|le) (?!true|false|null|"|-?\d)/i.test(text)) {
      throw ScimError.invalidFilter('The value is no JSON.');
    }
    const query = parseListQuery(parameters, type, { defaultCount: 50, maxCount: 50 });
    const { filter } = query;
    const found = this.store.all(type).filter((one) => filter === undefined || matches(filter, this.store.render(one)));
    const sorted = this.sorted(found, parameters);
    const render = (page: readonly Stored[]): readonly unknown[] =>
      page.map((one) => this.store.show(one, query.projection));
    if (typeof parameters.cursor === 'string')
      return this.cursorPage(parameters.cursor, text, sorted, query.count, render);
    const page = sorted.slice(query.startIndex - 1, query.startIndex - 1 + query.count);
    return ok(listResponse({ totalResults: found.length, startIndex: query.startIndex, resources: render(page) }));
  }

  private cursorPage(
    cursor: string,
    filter: string,
    found: readonly Stored[],
    count: number,
    render: (page: readonly Stored[]) => readonly unknown[],
  ): ServerAnswer {
    const offset = cursor === '' ? 0 : offsetOf(cursor, filter);
    if (offset === undefined) return failure(400, 'Not a cursor of this query.', {}, 'invalidCursor');
    const resources = render(found.slice(offset, offset + count));
    return ok({
      schemas: [MESSAGE_URNS.listResponse],
      totalResults: found.length,
      itemsPerPage: resources.length,
      ...(offset + count < found.length ? { nextCursor: cursorOf(offset + count, filter) } : {}),
      ...(offset > 0 ? { previousCursor: cursorOf(Math.max(0, offset - count), filter) } : {}),
      Resources: resources,
    });
  }

  private sorted(found: readonly Stored[], { sortBy, sortOrder }: ListQueryParameters): readonly Stored[] {
    if (typeof sortBy !== 'string') return found;
    const sign = sortOrder === 'descending' ? -1 : 1;
    const keys = new Map(found.map((one) => [one, keyOf(this.store.render(one), sortBy)]));
    return [...found].sort((one, other) => sign * compareKeys(keys.get(one), keys.get(other)));
  }

  private bulk(request: ServerRequest): ServerAnswer {
    if (request.text.length > bulkLimits.maxPayloadSize) return failure(413, 'Too long.');
    const { Operations, failOnErrors = Infinity } = parse(request) as { Operations: Json[]; failOnErrors?: number };
    if (Operations.length > bulkLimits.maxOperations) return failure(413, 'Too many operations.');
    const ids = new Map<string, string>();
    const results: Json[] = [];
    let failures = 0;
    for (const operation of Operations) {
      if (failures >= failOnErrors) break;
      const result = this.bulkOperation(operation, ids, request);
      if (Number(result['status']) >= 400) failures += 1;
      results.push(result);
    }
    return ok({ schemas: [MESSAGE_URNS.bulkResponse], Operations: results });
  }

  private bulkOperation({ method, path, bulkId, data }: Json, ids: Map<string, string>, request: ServerRequest): Json {
    const isMissingId = method === 'POST' && typeof bulkId !== 'string';
    const text = [...ids].reduce((json, [key, id]) => json.replaceAll(`bulkId:${key}`, id), JSON.stringify(data ?? ''));
    const inner = { ...request, method: String(method), path: String(path), query: {}, text };
    const answer = isMissingId ? failure(400, 'A POST needs a bulkId.') : this.answer(inner);
    const id = answer.body?.['id'];
    if (typeof bulkId === 'string' && typeof id === 'string') ids.set(bulkId, id);
    return {
      method,
      ...(bulkId === undefined ? {} : { bulkId }),
      location: answer.headers['location'] ?? `${this.url}${String(path)}`,
      status: String(answer.status),
      ...(answer.status >= 400 ? { response: answer.body } : {}),
    };
  }
}

function ok(body: object): ServerAnswer {
  return { status: 200, headers: {}, body: body as Json };
}

/** A SCIM error; `scimType` may be one that only RFC 9865 knows. */
export function failure(
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
  scimType?: string,
): ServerAnswer {
  const body = { schemas: [MESSAGE_URNS.error], status: String(status), detail };
  return { status, headers, body: scimType === undefined ? body : { ...body, scimType } };
}

function parse({ text, headers }: ServerRequest): unknown {
  if (!/^application\/(scim\+)?json\b/.test(headers['content-type'] ?? '')) {
    throw ScimError.unsupportedMediaType('Send application/scim+json.');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw ScimError.invalidSyntax('The body is no JSON.');
  }
}

function projectionOf({ query }: ServerRequest, type: ResourceType) {
  return parseProjection(query['attributes'], query['excludedAttributes'], type);
}

function tagOf({ version }: Stored): string {
  return `W/"${version}"`;
}

function cursorOf(offset: number, filter: string): string {
  return Buffer.from(JSON.stringify({ offset, filter })).toString('base64url');
}

function offsetOf(cursor: string, filter: string): number | undefined {
  try {
    const read = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as { offset: number; filter: string };
    return read.filter === filter ? read.offset : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(resource: Json, path: string): string | undefined {
  const value = path.split('.').reduce<unknown>((holder, name) => {
    const entry = Object.entries((holder ?? {}) as Json).find(([key]) => key.toLowerCase() === name.toLowerCase());
    return entry?.[1];
  }, resource);
  return typeof value === 'string' ? foldCase(value) : undefined;
}

function compareKeys(one: string | undefined, other: string | undefined): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
  return compareCodePoints(one, other);
}

/** Whether a member of a SearchRequest is a list of names, which a URL would join by commas. */
function isNames(member: string): boolean {
  return member === 'attributes' || member === 'excludedAttributes';
}
