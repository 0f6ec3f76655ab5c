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

/** The value of a string attribute; undefined when it is not assigned. */
export function textOf(
  { resource }: Pick<User, 'resource'>,
  attribute: 'userName' | 'externalId' | 'displayName',
): string | undefined {
  const value = resource[attribute];
  return typeof value === 'string' ? value : undefined;
}

/** Its userName, which every user has. */
export function userNameOf(user: Pick<User, 'resource'>): string {
  return textOf(user, 'userName') ?? '';
}

/** Whether the user is active; one that was never told otherwise is. */
export function isActive({ resource }: Pick<User, 'resource'>): boolean {
  return resource['active'] !== false;
}
