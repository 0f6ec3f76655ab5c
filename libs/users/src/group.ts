import { type StoredResource, textOf } from './stored-resource.js';

/** What a member of a group is. */
export type MemberType = 'User' | 'Group';

/** A member of a group. */
export interface GroupMember {
  readonly id: string;
  readonly type: MemberType;
}

/** A group as one of its members sees it. */
export interface GroupMembership {
  readonly groupId: string;
  readonly displayName: string;
}

/** A SCIM group of a tenant; `resource` is without its members. */
export interface Group extends StoredResource {
  /** In the order of their ids; absent when they were not read. */
  readonly members?: readonly GroupMember[];
}

/** Its displayName, which every group has. */
export function displayNameOf(group: Pick<Group, 'resource'>): string {
  return textOf(group, 'displayName') ?? '';
}
