import { Database, type ListSource, type Session, type TenantId } from '@cleanmail/database';
import type { AttributeTarget, ResolvedFilter, SortOrder } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import type { Group } from './group.js';
import { GroupMemberRepository } from './group-member.repository.js';
import { GroupRepository } from './group.repository.js';
import type { GroupAnswer } from './groups.service.js';
import { type Neighbours, orderedPage, type PageWindow } from './ordered-page.js';
import type { User } from './user.js';
import { UserRepository } from './user.repository.js';
import type { UserAnswer } from './users.service.js';

/** What of one type is looked for; resources of a type without `sortBy` have no value to be sorted by. */
export interface SearchPart {
  readonly filter?: ResolvedFilter;
  readonly sortBy?: AttributeTarget;
}

/** A page of a list of users and groups; a type that is left out is not looked for. */
export interface ResourceFind extends PageWindow {
  /** Absent when the list is in the order of creation. */
  readonly order?: SortOrder;
  readonly users?: SearchPart & UserAnswer;
  readonly groups?: SearchPart & GroupAnswer;
}

/** A user or a group. */
export type FoundResource = { readonly user: User } | { readonly group: Group };

/** Users and groups in one list. */
@Injectable()
export class ResourceSearch {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly groups: GroupRepository,
    private readonly members: GroupMemberRepository,
  ) {}

  async list(
    tenant: TenantId,
    find: ResourceFind,
  ): Promise<Neighbours & { readonly found: readonly FoundResource[]; readonly totalResults: number }> {
    return this.database.read(async (session) => {
      const listed = {
        sources: this.sources(tenant, session, find),
        order: { isSorted: find.order !== undefined, isDescending: find.order === 'descending' },
        count: () => this.count(tenant, session, find),
      };
      const { entries, ...page } = await orderedPage(session, listed, find);
      const idsOf = (wanted: string) => entries.filter(({ kind }) => kind === wanted).map(({ id }) => id);
      const users = await this.readUsers(tenant, session, idsOf(this.users.kind), find);
      const groups = await this.readGroups(tenant, session, idsOf(this.groups.kind), find);
      const found = new Map<string, FoundResource>([
        ...users.map((user) => [user.id, { user }] as const),
        ...groups.map((group) => [group.id, { group }] as const),
      ]);
      return { ...page, found: entries.flatMap(({ id }) => found.get(id) ?? []) };
    });
  }

  private sources(tenant: TenantId, session: Session, { users, groups }: ResourceFind): readonly ListSource[] {
    return [
      ...(users === undefined ? [] : [this.users.source(tenant, session, users)]),
      ...(groups === undefined ? [] : [this.groups.source(tenant, session, groups)]),
    ];
  }

  private async count(tenant: TenantId, session: Session, { users, groups }: ResourceFind): Promise<number> {
    const ofUsers = users === undefined ? 0 : await this.users.count(tenant, session, users.filter);
    return ofUsers + (groups === undefined ? 0 : await this.groups.count(tenant, session, groups.filter));
  }

  private async readUsers(
    tenant: TenantId,
    session: Session,
    ids: readonly string[],
    { users: wanted }: ResourceFind,
  ): Promise<readonly User[]> {
    const users = [...(await this.users.findByIds(tenant, session, ids)).values()];
    return wanted?.withGroups === true ? this.members.addGroups(tenant, session, users) : users;
  }

  private async readGroups(
    tenant: TenantId,
    session: Session,
    ids: readonly string[],
    { groups: wanted }: ResourceFind,
  ): Promise<readonly Group[]> {
    const groups = [...(await this.groups.findByIds(tenant, session, ids)).values()];
    return wanted?.withMembers === true ? this.members.addMembers(tenant, session, groups) : groups;
  }
}
