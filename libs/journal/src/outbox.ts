import { newId, runAll, type Session, type SqlValue, type TenantId, type Write } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';

/** Something that other services must hear of. `data` carries ids and states, never names or addresses of people. */
export interface OutboxEvent {
  readonly mailboxId?: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** On whose behalf an event happened, for the history of a mailbox. */
export interface EventCause {
  readonly actor: string;
  readonly requestId: string;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
}

/** A version as SQL, for a statement that is sent together with the one that moves it. */
export interface SqlVersion {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

const columns = 'tenant_id, version, position, id, mailbox_id, type, actor, request_id, data, at';

const eventsPerStatement = 10;

/** Events on their way to other services, written in the transaction of the change that they tell of. */
@Injectable()
export class Outbox {
  /** Appends the events of one change under a version of the tenant's feed that the caller has just taken. */
  async append(
    tenant: TenantId,
    session: Session,
    version: number,
    cause: EventCause,
    events: readonly OutboxEvent[],
  ): Promise<void> {
    await runAll(session, this.appending(tenant, { sql: '?', parameters: [version] }, cause, events));
  }

  /** The statements that append events, some in each: few texts, as they are kept prepared. */
  appending(
    tenant: TenantId,
    version: SqlVersion,
    cause: EventCause,
    events: readonly OutboxEvent[],
  ): readonly Write[] {
    const parts = Math.ceil(events.length / eventsPerStatement);
    return Array.from({ length: parts }, (_, part) => {
      const from = part * eventsPerStatement;
      return this.insertion(tenant, version, cause, events.slice(from, from + eventsPerStatement), from);
    });
  }

  /** The statement that appends at least one event; `from` is the position of the first one under the version. */
  private insertion(
    tenant: TenantId,
    version: SqlVersion,
    { actor, requestId, at }: EventCause,
    events: readonly OutboxEvent[],
    from: number,
  ): Write {
    const row = `(?, ${version.sql}, ?, ?, ?, ?, ?, ?, ?, ?)`;
    return {
      statement: `INSERT INTO outbox_event (${columns}) VALUES ${events.map(() => row).join(', ')}`,
      parameters: events.flatMap(({ mailboxId, type, data }, position): SqlValue[] => [
        ...[tenant, ...version.parameters, from + position, newId(), mailboxId ?? null, type],
        ...[actor.slice(0, 160), requestId.slice(0, 64), JSON.stringify(data), at],
      ]),
    };
  }

  /** On whose behalf a version of the tenant's feed was written; undefined when its events are no longer kept. */
  async causeOf(tenant: TenantId, session: Session, version: number): Promise<EventCause | undefined> {
    const row = await session.first<{
      readonly actor: string;
      readonly request_id: string | null;
      readonly at: number;
    }>('SELECT actor, request_id, at FROM outbox_event WHERE tenant_id = ? AND version = ? AND position = 0', [
      tenant,
      version,
    ]);
    return row === undefined ? undefined : { actor: row.actor, requestId: row.request_id ?? '', at: row.at };
  }
}
