import type { Session, SqlValue, TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';

/** By what entries of a person are told: ids and folded userNames are indexed, texts are looked for. */
export interface ErasedPerson {
  /** Ids of users: entries about them lose their names. */
  readonly resourceIds: readonly string[];
  /** userNames as the log folds them. */
  readonly userNameKeys: readonly string[];
  /** Whether a text says something that identifies the person. */
  readonly mentions: (text: string) => boolean;
}

/** How far a walk through a journal has come: the last id that was looked at, undefined at its end; what was changed. */
export interface ErasureStep {
  readonly last: string | undefined;
  readonly changed: number;
}

const entriesPerStep = 200;
const nameless =
  'UPDATE provisioning_log SET user_name = NULL, user_name_key = NULL, detail = NULL WHERE tenant_id = ?';
const isNamed = '(user_name IS NOT NULL OR detail IS NOT NULL)';
const failuresAfter = `SELECT id, user_name, detail FROM provisioning_log WHERE tenant_id = ? AND outcome = 'failure' AND id > ? ORDER BY id LIMIT ${entriesPerStep}`;
const auditAfter = `SELECT id, target, details FROM audit_entry WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ${entriesPerStep}`;

/** What stands in the place of an erased text. */
const erased = '[erased]';

/** Takes a person's names out of the journals, some entries in the caller's transaction; ids, times and outcomes stay. */
@Injectable()
export class JournalErasure {
  /** Entries that name the person by id or userName; answers how many were changed, less than a step at the end. */
  async eraseLogged(tenant: TenantId, session: Session, { resourceIds, userNameKeys }: ErasedPerson): Promise<number> {
    const found = [
      ...(await this.entries(tenant, session, 'resource_id', resourceIds)),
      ...(await this.entries(tenant, session, 'user_name_key', userNameKeys)),
    ];
    return this.eraseEntries(tenant, session, [...new Set(found)]);
  }

  /** The userNames under which the users of these ids are in the log, those that they no longer have among them. */
  async namesOf(tenant: TenantId, session: Session, resourceIds: readonly string[]): Promise<readonly string[]> {
    if (resourceIds.length === 0) {
      return [];
    }
    const rows = await session.list<{ readonly user_name: string }>(
      `SELECT DISTINCT user_name FROM provisioning_log WHERE tenant_id = ? AND resource_id IN (${marks(resourceIds)}) AND outcome = 'success' AND user_name IS NOT NULL LIMIT 100`,
      [tenant, ...resourceIds],
    );
    return rows.map(({ user_name: name }) => name);
  }

  /** Failures tell in words what was wrong, and may name somebody whom they are not about. */
  async eraseFailures(
    tenant: TenantId,
    session: Session,
    { mentions }: ErasedPerson,
    after: string,
  ): Promise<ErasureStep> {
    const rows = await session.all<{
      readonly id: string;
      readonly user_name: string | null;
      readonly detail: string | null;
    }>(failuresAfter, [tenant, after]);
    const found = rows.filter(({ user_name: name, detail }) => mentions(`${name ?? ''}\n${detail ?? ''}`));
    const changed = await this.eraseEntries(
      tenant,
      session,
      found.map(({ id }) => id),
    );
    return { last: rows.length < entriesPerStep ? undefined : rows.at(-1)?.id, changed };
  }

  /** Audit entries stay what they are; the values in them that name the person go. */
  async eraseAudit(
    tenant: TenantId,
    session: Session,
    { mentions }: ErasedPerson,
    after: string,
  ): Promise<ErasureStep> {
    const rows = await session.all<{ readonly id: string; readonly target: string; readonly details: string }>(
      auditAfter,
      [tenant, after],
    );
    let changed = 0;
    for (const { id, target, details } of rows) {
      const next = JSON.stringify(withoutMentions(JSON.parse(details), mentions));
      const nextTarget = mentions(target) ? erased : target;
      if (next !== details || nextTarget !== target) {
        changed += await session.run('UPDATE audit_entry SET details = ?, target = ? WHERE tenant_id = ? AND id = ?', [
          next,
          nextTarget,
          tenant,
          id,
        ]);
      }
    }
    return { last: rows.length < entriesPerStep ? undefined : rows.at(-1)?.id, changed };
  }

  private async entries(
    tenant: TenantId,
    session: Session,
    column: 'resource_id' | 'user_name_key',
    values: readonly string[],
  ): Promise<readonly string[]> {
    if (values.length === 0) {
      return [];
    }
    const parameters: SqlValue[] = [tenant, ...values];
    const rows = await session.list<{ readonly id: string }>(
      `SELECT id FROM provisioning_log WHERE tenant_id = ? AND ${column} IN (${marks(values)}) AND ${isNamed} LIMIT ${entriesPerStep}`,
      parameters,
    );
    return rows.map(({ id }) => id);
  }

  private async eraseEntries(tenant: TenantId, session: Session, ids: readonly string[]): Promise<number> {
    for (const id of ids) {
      await session.run(`${nameless} AND id = ?`, [tenant, id]);
    }
    return ids.length;
  }
}

/** The same value without the texts that mention the person. */
function withoutMentions(value: unknown, mentions: (text: string) => boolean): unknown {
  if (typeof value === 'string') {
    return mentions(value) ? erased : value;
  }
  if (Array.isArray(value)) {
    return value.map((each: unknown) => withoutMentions(each, mentions));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutMentions(member, mentions)]));
  }
  return value;
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ');
}
