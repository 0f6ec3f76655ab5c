import type { Session, TenantId } from '@cleanmail/database';
import { applyPatch, type ElementChange, elementValues, type ResourceType, ScimError } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import type { Group, GroupMember } from './group.js';
import { GroupMemberRepository } from './group-member.repository.js';

const namedInError = 5;
const nobody: ReadonlySet<string> = new Set();

/** Ids that a request wants as members, and those of them that exist. */
export interface WantedMembers {
  readonly ids: ReadonlySet<string>;
  readonly found: readonly GroupMember[];
}

/** Carries out changes of a group's members, as operations on sets wherever that is possible. */
@Injectable()
export class GroupMemberChanges {
  constructor(private readonly members: GroupMemberRepository) {}

  /**
   * Looks up whom a change adds, and keeps them from being deleted meanwhile. To be called before the group is locked:
   * who deletes a member locks it first, and its groups afterwards.
   */
  async wantedBy(tenant: TenantId, session: Session, change: ElementChange): Promise<WantedMembers> {
    const ids = idsAdded(change);
    return { ids, found: await this.members.existing(tenant, session, ids) };
  }

  /**
   * Changes the members of a locked group. Answers whether anybody came or went.
   * @throws ScimError invalidValue for members that do not exist, and for the group itself.
   */
  async apply(
    tenant: TenantId,
    session: Session,
    group: Group,
    work: {
      readonly change: ElementChange;
      readonly wanted: WantedMembers;
      readonly groupType: ResourceType;
      readonly now: number;
    },
  ): Promise<boolean> {
    const { change, wanted, now } = work;
    requireMembers(wanted, group.id);
    switch (change.kind) {
      case 'none':
        return false;
      case 'delta': {
        const removed = await this.members.remove(tenant, session, group.id, change.removed);
        return (await this.members.add(tenant, session, group.id, wanted.found, now)) + removed > 0;
      }
      case 'whole': {
        const removed = await this.members.keepOnly(tenant, session, group.id, change.values);
        return (await this.members.add(tenant, session, group.id, wanted.found, now)) + removed > 0;
      }
      case 'operations': {
        const delta = await this.deltaOf(tenant, session, group, change, work.groupType);
        const found = await this.wantedBy(tenant, session, delta);
        return this.apply(tenant, session, group, { ...work, change: delta, wanted: found });
      }
    }
  }

  /** What operations that look at more than a member's id come to, by way of all members. */
  private async deltaOf(
    tenant: TenantId,
    session: Session,
    group: Group,
    { operations }: Extract<ElementChange, { kind: 'operations' }>,
    groupType: ResourceType,
  ): Promise<ElementChange> {
    const members = (await this.members.membersOf(tenant, session, [group.id])).get(group.id) ?? [];
    const elements = members.map(({ id, type }) => ({ value: id, type }));
    const before = new Set(members.map(({ id }) => id));
    const { resource } = applyPatch({ ...group.resource, members: elements }, operations, groupType);
    const after = elementValues(resource['members'], 'members');
    return { kind: 'delta', added: difference(after, before), removed: difference(before, after) };
  }
}

function idsAdded(change: ElementChange): ReadonlySet<string> {
  switch (change.kind) {
    case 'delta':
      return change.added;
    case 'whole':
      return change.values;
    case 'none':
    case 'operations':
      return nobody;
  }
}

function requireMembers({ ids, found }: WantedMembers, groupId: string): void {
  if (ids.has(groupId)) {
    throw ScimError.invalidValue(`The group ${groupId} cannot be a member of itself.`);
  }
  const unknown = [...difference(ids, new Set(found.map(({ id }) => id)))];
  if (unknown.length > 0) {
    const named = unknown.slice(0, namedInError).map((id) => `"${id.slice(0, 64)}"`);
    const more = unknown.length > namedInError ? ` and ${unknown.length - namedInError} more` : '';
    throw ScimError.invalidValue(
      `There is no user or group with the id ${named.join(', ')}${more}; nothing was changed.`,
    );
  }
}

function difference(left: ReadonlySet<string>, right: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...left].filter((value) => !right.has(value)));
}
