import type { ScimResource } from '@cleanmail/scim';

/** A SCIM user of a tenant. Times are milliseconds since 1970, UTC; `version` counts its changes from 1. */
export interface User {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly lastModified: number;
  /** The resource in canonical form, without `schemas`, `id` and `meta`. */
  readonly resource: ScimResource;
}

/** The user's entity tag: weak, because the same version can be rendered with other attributes (RFC 7644 section 3.14). */
export function entityTag({ version }: Pick<User, 'version'>): string {
  return `W/"${version}"`;
}

/** Its userName, which every user has. */
export function userNameOf({ resource }: Pick<User, 'resource'>): string {
  return String(resource['userName']);
}

/** Whether the user is active; one that was never told otherwise is. */
export function isActive({ resource }: Pick<User, 'resource'>): boolean {
  return resource['active'] !== false;
}
