import { type ResourceType, ScimError } from '@cleanmail/scim';
import { noMe } from './me.controller.js';
import type { ResourceEndpoint } from './resource.controller.js';

/** The operations on a type of resource. */
export interface BulkTarget {
  readonly resourceType: ResourceType;
  readonly endpoint: ResourceEndpoint;
}

/** What the path of a bulk operation addresses: a type of resource, and one of them unless it is to be created. */
export interface BulkAddress {
  readonly target: BulkTarget;
  readonly id?: string;
}

const readOnlyEndpoints = ['ServiceProviderConfig', 'ResourceTypes', 'Schemas'];

/**
 * Reads the path of a bulk operation: `/Users/{id}`, also without the slash at its start, with one at its end, with
 * the base path of the service or as an absolute URL.
 * @throws ScimError the error that a request of its own would be answered with.
 */
export function parseBulkPath(path: string, basePath: string, targets: readonly BulkTarget[]): BulkAddress {
  const segments = segmentsOf(path, basePath);
  const [endpoint = '', id, ...rest] = segments;
  const target = targets.find(({ resourceType }) => resourceType.endpoint === `/${endpoint}`);
  if (target !== undefined && rest.length === 0 && id !== '.search') {
    return { target, ...(id === undefined ? {} : { id }) };
  }
  if (endpoint === 'Me') {
    throw noMe();
  }
  if (endpoint === 'Bulk' || segments.at(-1) === '.search') {
    throw ScimError.invalidValue(`The path ${shown(path)} cannot be that of an operation of a bulk request.`);
  }
  throw readOnlyEndpoints.includes(endpoint)
    ? ScimError.methodNotAllowed(`${shown(path)} can only be read.`)
    : ScimError.notFound(`There is no SCIM endpoint at ${shown(path)}; use a path such as /Users or /Users/{id}.`);
}

function segmentsOf(path: string, basePath: string): readonly string[] {
  const isAbsolute = path.startsWith('https://') || path.startsWith('http://');
  const local = isAbsolute ? path.split('/').slice(3).join('/') : path;
  const segments = local.split('/').filter((segment) => segment !== '');
  const base = basePath.split('/').filter((segment) => segment !== '');
  const hasBase = base.every((segment, index) => segments[index] === segment);
  return (hasBase ? segments.slice(base.length) : segments).map(decoded);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function shown(path: string): string {
  return `"${path.slice(0, 128)}"`;
}
