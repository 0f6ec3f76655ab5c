import { type Dialect, forShare, indexedBy, type Session, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { batches, placeholders } from './batches.js';
import type { Group, GroupMember, GroupMembership, MemberType } from './group.js';
import type { User } from './user.js';

const homes: readonly (readonly [table: string, type: MemberType])[] = [
  ['scim_user', 'User'],
  ['scim_group', 'Group'],
];
/** Memberships as they are looked up by the member. */
function membershipsBy(dialect: Dialect): string {
  return `scim_group_member m${indexedBy(dialect, 'ix_scim_group_member_member')}`;
}

const ofGroup = 'DELETE FROM scim_group_member WHERE tenant_id = ? AND group_id = ?';

/**
 * Who is in which group, as rows. Changes are operations on sets; the caller holds the lock on the group's row.
 * Each answers how many members came or went.
 */
@Injectable()
export class GroupMemberRepository {
  /** Those of the ids that are users or groups of the tenant, which then stay to the end of the transaction. */
  async existing(tenant: TenantId, session: Session, ids: Iterable<string>): Promise<readonly GroupMember[]> {
    const found: GroupMember[] = [];
    for (const batch of batches([...ids].sort())) {
      for (const [table, type] of homes) {
        const rows = await session.all<{ readonly id: string }>(
          `SELECT id FROM ${table} WHERE tenant_id = ? AND id IN ${placeholders(batch)}${forShare(session)}`,
          [tenant, ...batch],
        );
        found.push(...rows.map(({ id }) => ({ id, type })));
        if (rows.length === new Set(batch).size) {
          break;
        }
      }
    }
    return found;
  }

  /** Those that are in the group already stay as they are. */
  async add(
    tenant: TenantId,
    session: Session,
    groupId: string,
    members: readonly GroupMember[],
    now: number,
  ): Promise<number> {
    const ignore = session.dialect === 'sqlite' ? 'INSERT OR IGNORE' : 'INSERT IGNORE';
    let added = 0;
    for (const batch of batches(members)) {
      const rows = batch.map(() => '(?, ?, ?, ?, ?)').join(', ');
      added += await session.run(
        `${ignore} INTO scim_group_member (tenant_id, group_id, member_id, member_type, added_at) VALUES ${rows}`,
        batch.flatMap(({ id, type }) => [tenant, groupId, id, type, now]),
      );
    }
    return added;
  }

  async remove(tenant: TenantId, session: Session, groupId: string, ids: Iterable<string>): Promise<number> {
    let removed = 0;
    for (const batch of batches([...ids])) {
      removed += await session.run(`${ofGroup} AND member_id IN ${placeholders(batch)}`, [tenant, groupId, ...batch]);
    }
    return removed;
  }

  async removeAll(tenant: TenantId, session: Session, groupId: string): Promise<number> {
    return session.run(ofGroup, [tenant, groupId]);
  }

  /** Removes all others: in the order of ids, what lies between those of one batch, so that no statement names them all. */
  async keepOnly(tenant: TenantId, session: Session, groupId: string, ids: Iterable<string>): Promise<number> {
    let removed = 0;
    let below = '';
    for (const batch of batches([...ids].sort())) {
      const last = batch.at(-1) ?? below;
      removed += await session.run(
        `${ofGroup} AND member_id > ? AND member_id <= ? AND member_id NOT IN ${placeholders(batch)}`,
        [tenant, groupId, below, last, ...batch],
      );
      below = last;
    }
    return removed + (await session.run(`${ofGroup} AND member_id > ?`, [tenant, groupId, below]));
  }

  /** The members of each group, in the order of their ids. */
  async membersOf(
    tenant: TenantId,
    session: Session,
    groupIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly GroupMember[]>> {
    const members = new Map<string, GroupMember[]>(groupIds.map((id) => [id, []]));
    for (const batch of batches(groupIds)) {
      const rows = await session.all<{ readonly group_id: string; readonly id: string; readonly type: MemberType }>(
        `SELECT group_id, member_id AS id, member_type AS type FROM scim_group_member WHERE tenant_id = ? AND group_id IN ${placeholders(batch)} ORDER BY group_id, member_id`,
        [tenant, ...batch],
      );
      for (const { group_id: groupId, id, type } of rows) {
        members.get(groupId)?.push({ id, type });
      }
    }
    return members;
  }

  /** The groups that each member is directly in, in the order of their ids. */
  async groupsOf(
    tenant: TenantId,
    session: Session,
    memberIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly GroupMembership[]>> {
    const groups = new Map<string, GroupMembership[]>(memberIds.map((id) => [id, []]));
    for (const batch of batches(memberIds)) {
      const read = memberIds.length === 1 ? 'lookUp' : 'all';
      const rows = await session[read]<{ readonly member_id: string; readonly id: string; readonly name: string }>(
        `SELECT m.member_id, g.id, g.display_name AS name FROM ${membershipsBy(session.dialect)} JOIN scim_group g ON g.tenant_id = m.tenant_id AND g.id = m.group_id WHERE m.tenant_id = ? AND m.member_id IN ${placeholders(batch)} ORDER BY m.member_id, g.id`,
        [tenant, ...batch],
      );
      for (const { member_id: memberId, id, name } of rows) {
        groups.get(memberId)?.push({ groupId: id, displayName: name });
      }
    }
    return groups;
  }

  /** The groups, each with its members. */
  async addMembers(tenant: TenantId, session: Session, groups: readonly Group[]): Promise<readonly Group[]> {
    const ids = groups.map(({ id }) => id);
    const members = await this.membersOf(tenant, session, ids);
    return groups.map((group) => ({ ...group, members: members.get(group.id) ?? [] }));
  }

  /** The users, each with the groups that it is directly in. */
  async addGroups(tenant: TenantId, session: Session, users: readonly User[]): Promise<readonly User[]> {
    const ids = users.map(({ id }) => id);
    const groups = await this.groupsOf(tenant, session, ids);
    return users.map((user) => ({ ...user, groups: groups.get(user.id) ?? [] }));
  }

  /** Ends all memberships of a user or group that is deleted; each of its groups moves on to its next version. */
  async end(tenant: TenantId, session: Session, memberId: string, now: number): Promise<void> {
    const rows = await session.all<{ readonly id: string }>(
      `SELECT m.group_id AS id FROM ${membershipsBy(session.dialect)} WHERE m.tenant_id = ? AND m.member_id = ? ORDER BY m.group_id`,
      [tenant, memberId],
    );
    for (const batch of batches(rows.map(({ id }) => id))) {
      await session.run(
        `UPDATE scim_group SET version = version + 1, last_modified = CASE WHEN last_modified < ? THEN ? ELSE last_modified + 1 END WHERE tenant_id = ? AND id IN ${placeholders(batch)}`,
        [now, now, tenant, ...batch],
      );
    }
    if (rows.length > 0) {
      await session.run('DELETE FROM scim_group_member WHERE tenant_id = ? AND member_id = ?', [tenant, memberId]);
    }
  }
}
