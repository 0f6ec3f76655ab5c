import { type ResourceType, ScimError, type ScimResource } from '@cleanmail/scim';

/** A SCIM resource of a tenant. Times are milliseconds since 1970, UTC; `version` counts its changes from 1. */
export interface StoredResource {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly lastModified: number;
  /** The resource in canonical form, without `schemas`, `id`, `meta` and what is kept as rows of its own. */
  readonly resource: ScimResource;
}

/** The entity tag: weak, because the same version can be rendered with other attributes (RFC 7644 section 3.14). */
export function entityTag({ version }: Pick<StoredResource, 'version'>): string {
  return `W/"${version}"`;
}

/** The absolute URL of a resource. */
export function locationOf({ id }: Pick<StoredResource, 'id'>, { endpoint }: ResourceType, baseUrl: string): string {
  return `${baseUrl}${endpoint}/${id}`;
}

/** Its `meta` (RFC 7643 section 3.1). */
export function metaOf(stored: StoredResource, resourceType: ResourceType, baseUrl: string): ScimResource {
  return {
    resourceType: resourceType.name,
    created: new Date(stored.createdAt).toISOString(),
    lastModified: new Date(stored.lastModified).toISOString(),
    location: locationOf(stored, resourceType, baseUrl),
    version: entityTag(stored),
  };
}

/** `lastModified` grows with every change, also within a millisecond or after the clock was set back. */
export function nextVersion<T extends StoredResource>(before: T, resource: ScimResource, now: number): T {
  return { ...before, resource, version: before.version + 1, lastModified: Math.max(now, before.lastModified + 1) };
}

/** The value of a string attribute; undefined when it is not assigned. */
export function textOf(
  { resource }: Pick<StoredResource, 'resource'>,
  attribute: 'userName' | 'externalId' | 'displayName',
): string | undefined {
  const value = resource[attribute];
  return typeof value === 'string' ? value : undefined;
}

/** The resource if it is there and has a version that the client accepts. @throws ScimError not found, or 412. */
export function requireCurrent<T extends StoredResource>(
  stored: T | undefined,
  { name, id, accepts }: { readonly name: string; readonly id: string; readonly accepts?: EntityTagCondition },
): T {
  if (stored === undefined) {
    throw ScimError.notFound(`${name} ${id} does not exist.`);
  }
  if (accepts !== undefined && !accepts(entityTag(stored))) {
    throw ScimError.preconditionFailed(
      `The version of the ${name.toLowerCase()} is ${entityTag(stored)}, which the request does not accept. Read it again and repeat the request.`,
    );
  }
  return stored;
}

/** Whether a version, as an entity tag, is one that the client is willing to change. */
export type EntityTagCondition = (entityTag: string) => boolean;
