import { allDone, Database, DuplicateKeyError, newId, type Session, type TenantId } from '@cleanmail/database';
import {
  applyPatch,
  changedPaths,
  checkImmutable,
  type ElementChange,
  elementValues,
  normaliseOperations,
  parsePatchRequest,
  planElements,
  readResource,
  retainedExtensions,
  type ResourceType,
  ScimError,
  type ScimResource,
} from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { displayNameOf, type Group } from './group.js';
import { GroupMemberRepository } from './group-member.repository.js';
import { GroupMemberChanges } from './group-member-changes.js';
import { GroupRepository } from './group.repository.js';
import type { Neighbours } from './ordered-page.js';
import type { ResourcePage } from './resource.repository.js';
import { ResourceWriter, type WriteCommand } from './resource-writer.js';
import { nextVersion, requireCurrent } from './stored-resource.js';

/** Whether the answer will show the members; they are not read unless it does. */
export interface GroupAnswer {
  readonly withMembers?: boolean;
}

/** A writing request, with the status of its answer when all goes well. */
export interface GroupCommand extends WriteCommand, GroupAnswer {
  readonly groupType: ResourceType;
  readonly status: number;
}

/** Groups of one page, and how many there are in all. */
export interface GroupList extends Neighbours {
  readonly groups: readonly Group[];
  readonly totalResults: number;
}

/** What a request makes of a group: its attributes, and separately its members. */
interface GroupChange {
  readonly next: (resource: ScimResource) => { readonly resource: ScimResource; readonly changed: readonly string[] };
  readonly members: ElementChange;
}

/** SCIM groups: what a request changes is one transaction, with the group's row locked. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly database: Database,
    private readonly groups: GroupRepository,
    private readonly members: GroupMemberRepository,
    private readonly memberChanges: GroupMemberChanges,
    private readonly writer: ResourceWriter,
  ) {}

  /** @throws ScimError invalidValue for a body that is no group or names unknown members, uniqueness when the displayName is taken. */
  async create(tenant: TenantId, command: GroupCommand, body: unknown): Promise<Group> {
    const { request, groupType } = command;
    const { resource, members, whole } = readGroup(body, groupType);
    const group: Group = { id: newId(), version: 1, createdAt: request.at, lastModified: request.at, resource };
    return this.write(tenant, command, group, async (session) => {
      const wanted = await this.memberChanges.wantedBy(tenant, session, members);
      await this.groups.insert(tenant, session, group, groupType);
      const work = { change: members, wanted, groupType, now: request.at };
      await this.memberChanges.apply(tenant, session, group, work);
      await this.record(tenant, session, command, group, changedPaths({}, whole, groupType));
      const created = await this.withMembers(tenant, session, group, command);
      await this.groups.directory.add(tenant, session, group.id);
      return created;
    });
  }

  /** @throws ScimError not found, also for another tenant's group. */
  async get(tenant: TenantId, id: string, answer: GroupAnswer = {}): Promise<Group> {
    return this.database.read(async (session) => {
      const group = requireCurrent(await this.groups.findById(tenant, session, id), { name: 'Group', id });
      return this.withMembers(tenant, session, group, answer);
    });
  }

  async list(tenant: TenantId, page: ResourcePage & GroupAnswer): Promise<GroupList> {
    return this.database.read(async (session) => {
      const { resources, ...list } = await this.groups.query(tenant, session, page);
      const groups = page.withMembers === true ? await this.members.addMembers(tenant, session, resources) : resources;
      return { ...list, groups };
    });
  }

  /** Replaces a group (RFC 7644 section 3.5.1); a body without `members` leaves it without any. */
  async replace(tenant: TenantId, command: GroupCommand, id: string, body: unknown): Promise<Group> {
    const { groupType } = command;
    const { resource, members } = readGroup(body, groupType);
    const next = (before: ScimResource) => {
      checkImmutable(before, resource, groupType);
      const after = { ...resource, ...retainedExtensions(before, groupType) };
      return { resource: after, changed: changedPaths(before, after, groupType) };
    };
    return this.change(tenant, command, id, { next, members });
  }

  /** Applies a PATCH, all of it or nothing (RFC 7644 section 3.5.2). */
  async modify(tenant: TenantId, command: GroupCommand, id: string, body: unknown): Promise<Group> {
    const { groupType } = command;
    const operations = normaliseOperations(parsePatchRequest(body), groupType);
    const { attributes, elements } = planElements(operations, 'members', groupType);
    const next = (before: ScimResource) => applyPatch(before, attributes, groupType);
    return this.change(tenant, command, id, { next, members: elements });
  }

  /** Ends a group, its members' memberships and its own; its displayName is free at once. */
  async delete(tenant: TenantId, command: GroupCommand, id: string): Promise<void> {
    await this.write(tenant, command, undefined, async (session) => {
      const group = await this.lock(tenant, session, command, id);
      await allDone([
        this.groups.delete(tenant, session, group),
        this.members.removeAll(tenant, session, id),
        this.record(tenant, session, command, group, []),
        this.members.end(tenant, session, id, command.request.at),
      ]);
      await this.groups.directory.remove(tenant, session, id);
    });
  }

  private async change(
    tenant: TenantId,
    command: GroupCommand,
    id: string,
    { next, members }: GroupChange,
  ): Promise<Group> {
    const { request, groupType } = command;
    return this.write(tenant, command, undefined, async (session) => {
      const wanted = await this.memberChanges.wantedBy(tenant, session, members);
      const before = await this.lock(tenant, session, command, id);
      const { resource, changed: attributes } = next(before.resource);
      const work = { change: members, wanted, groupType, now: request.at };
      const haveMembersChanged = await this.memberChanges.apply(tenant, session, before, work);
      const changed = [...attributes, ...(haveMembersChanged ? ['members'] : [])].sort();
      const after = changed.length === 0 ? before : nextVersion(before, resource, request.at);
      await allDone([
        after !== before && this.groups.update(tenant, session, before, after, groupType),
        this.record(tenant, session, command, after, changed),
      ]);
      return this.withMembers(tenant, session, after, command);
    });
  }

  private async write<T>(
    tenant: TenantId,
    command: GroupCommand,
    group: Group | undefined,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    return this.writer.write(tenant, command, work).catch((error: unknown) => rethrowUniqueness(error, group));
  }

  private async lock(tenant: TenantId, session: Session, command: GroupCommand, id: string): Promise<Group> {
    return requireCurrent(await this.groups.findForUpdate(tenant, session, id), { ...command, name: 'Group', id });
  }

  private async withMembers(tenant: TenantId, session: Session, group: Group, answer: GroupAnswer): Promise<Group> {
    if (answer.withMembers !== true) {
      return group;
    }
    const members = await this.members.membersOf(tenant, session, [group.id]);
    return { ...group, members: members.get(group.id) ?? [] };
  }

  private async record(
    tenant: TenantId,
    session: Session,
    { request, status }: GroupCommand,
    { id }: Group,
    changes: readonly string[],
  ): Promise<void> {
    await this.writer.record(tenant, session, request, { status, resourceId: id, changes });
  }
}

/** A group from a request's body: `whole` with its members, `resource` without them. */
function readGroup(
  body: unknown,
  groupType: ResourceType,
): { readonly whole: ScimResource; readonly resource: ScimResource; readonly members: ElementChange } {
  const whole = readResource(body, groupType);
  const { members, ...resource } = whole;
  return { whole, resource, members: { kind: 'whole', values: elementValues(members, 'members') } };
}

function rethrowUniqueness(error: unknown, group: Group | undefined): never {
  if (error instanceof DuplicateKeyError && error.key === 'uq_scim_group_name') {
    const name = group === undefined ? 'this displayName' : `the displayName "${displayNameOf(group)}"`;
    throw ScimError.uniqueness(`A group with ${name} exists already; displayName is compared without regard to case.`);
  }
  throw error;
}
