import type { GroupMembership } from './group.js';
import { type StoredResource, textOf } from './stored-resource.js';

/** A SCIM user of a tenant. */
export interface User extends StoredResource {
  /** The groups that it is directly in; absent when they were not read. */
  readonly groups?: readonly GroupMembership[];
}

/** Its userName, which every user has. */
export function userNameOf(user: Pick<User, 'resource'>): string {
  return textOf(user, 'userName') ?? '';
}

/** Whether the user is active; one that was never told otherwise is. */
export function isActive({ resource }: Pick<User, 'resource'>): boolean {
  return resource['active'] !== false;
}
