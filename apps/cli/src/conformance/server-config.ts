import { isObject, objectAt, objectsAt, type JsonObject } from '../simulate/json.js';
import type { Exchange } from './exchange.js';
import { groupSchema, userSchema } from './urns.js';

/** A resource type that a server lists; `endpoint` is relative to the base URL and starts with a slash. */
export interface ListedResourceType {
  readonly name: string;
  readonly endpoint: string;
  readonly schema: string;
  readonly extensions: readonly string[];
}

/** What a server says of itself; what it does not say is not offered. */
export interface ServerConfig {
  readonly patch: boolean;
  readonly filter: boolean;
  /** The largest page; undefined when nothing is said. */
  readonly maxResults: number | undefined;
  readonly sort: boolean;
  readonly etag: boolean;
  readonly changePassword: boolean;
  readonly bulk: { readonly supported: boolean; readonly maxOperations: number; readonly maxPayloadSize: number };
  /** Pagination by cursor (RFC 9865). */
  readonly cursor: boolean;
  /** Pagination by index; a server without RFC 9865 has no other. */
  readonly index: boolean;
  /** Users, at `/Users` unless /ResourceTypes says otherwise. */
  readonly users: ListedResourceType;
  readonly groups: ListedResourceType | undefined;
  /** The answers to the three discovery requests, for the requirements about them. */
  readonly documents: DiscoveryDocuments;
  /** Schema documents by URN in lower case; empty when /Schemas gave none. */
  readonly schemas: ReadonlyMap<string, JsonObject>;
}

/** The answers to `GET /ServiceProviderConfig`, `/ResourceTypes` and `/Schemas`. */
export interface DiscoveryDocuments {
  readonly serviceProviderConfig: Exchange;
  readonly resourceTypes: Exchange;
  readonly schemas: Exchange;
}

const defaultUsers: ListedResourceType = { name: 'User', endpoint: '/Users', schema: userSchema, extensions: [] };

/** Reads the discovery documents; never throws, whatever they hold. */
export function readServerConfig(documents: DiscoveryDocuments, usersOnly: boolean): ServerConfig {
  const config = documents.serviceProviderConfig.body ?? {};
  const bulk = objectAt(config, 'bulk');
  const pagination = objectAt(config, 'pagination');
  const types = objectsAt(documents.resourceTypes.body ?? {}, 'Resources').map(readResourceType);
  const maxResults = objectAt(config, 'filter')['maxResults'];
  return {
    patch: isSupported(config, 'patch'),
    filter: isSupported(config, 'filter'),
    maxResults: typeof maxResults === 'number' ? maxResults : undefined,
    sort: isSupported(config, 'sort'),
    etag: isSupported(config, 'etag'),
    changePassword: isSupported(config, 'changePassword'),
    bulk: {
      supported: isSupported(config, 'bulk'),
      maxOperations: Number(bulk['maxOperations'] ?? 0),
      maxPayloadSize: Number(bulk['maxPayloadSize'] ?? 0),
    },
    cursor: pagination['cursor'] === true,
    index: pagination['index'] !== false,
    users: types.find(({ schema }) => sameUrn(schema, userSchema)) ?? defaultUsers,
    groups: usersOnly ? undefined : types.find(({ schema }) => sameUrn(schema, groupSchema)),
    documents,
    schemas: new Map(
      objectsAt(documents.schemas.body ?? {}, 'Resources').map((schema) => [text(schema['id']).toLowerCase(), schema]),
    ),
  };
}

/** Whether two schema URNs are the same; they are compared without regard to case. */
export function sameUrn(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function readResourceType(type: JsonObject): ListedResourceType {
  const endpoint = text(type['endpoint']).replace(/\/+$/, '');
  return {
    name: text(type['name']),
    endpoint: endpoint.startsWith('/') ? endpoint : `/${endpoint.split('/').at(-1) ?? ''}`,
    schema: text(type['schema']),
    extensions: objectsAt(type, 'schemaExtensions').map((extension) => text(extension['schema'])),
  };
}

function isSupported(config: JsonObject, feature: string): boolean {
  const value = config[feature];
  return isObject(value) && value['supported'] === true;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
