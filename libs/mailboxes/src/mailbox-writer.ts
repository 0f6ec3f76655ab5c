import {
  allDone,
  isDuplicatePrimaryKey,
  runAll,
  type Session,
  StaleRowError,
  type TenantId,
} from '@cleanmail/database';
import { type EventCause, Outbox, type OutboxEvent } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { currentFeedVersion, nextFeedVersion } from './feed-version.js';
import { type CountedLeaver, leaverWrite, withLeaver } from './guard/leaver-ledger.js';
import { writeHistory } from './history/history-rows.js';
import type { MailSettings } from './mail-policy.js';
import type { Mailbox } from './mailbox.js';
import { eventOf, mailboxEvents } from './mailbox-events.js';
import { asStale, MailboxRepository } from './mailbox.repository.js';
import {
  changedRecipients,
  type MailboxChange,
  outdatedRecipients,
  type RecipientRow,
  recipientWrites,
} from './recipient-rows.js';
import { type SeatMove, seatMove, withSeatTime, writeSeatIntervals } from './seat-moves.js';

export type { MailboxChange } from './recipient-rows.js';

/** What else is written together with mailboxes. */
export interface WrittenAlong {
  /** Counted in the same step, and its events are told. */
  readonly leaver?: CountedLeaver | undefined;
  /** Asks for statements that lock rows which even more requests share; called when all others have been asked for. */
  readonly last?: (() => Promise<void>) | undefined;
}

/**
 * Writes changed mailboxes with all that follows from them, in the caller's transaction: addresses, wishes, seats, history,
 * the rows that gateways read, and the events. All of it is asked for together, one round trip to the server; the tenant's
 * counter comes behind the mailboxes, so that its lock is held shortly. It refuses what was decided under settings, or a
 * number of seats, that are no longer true.
 */
@Injectable()
export class MailboxWriter {
  constructor(
    private readonly repository: MailboxRepository,
    private readonly outbox: Outbox,
  ) {}

  /** @throws StaleRowError when a mailbox, or the tenant's settings, seats or leavers, changed since they were read. */
  async write(
    tenant: TenantId,
    session: Session,
    changes: readonly MailboxChange[],
    settings: MailSettings,
    cause: EventCause,
    along: WrittenAlong = {},
  ): Promise<void> {
    const real = realChanges(changes, cause.at);
    const recipients = changedRecipients(real, settings);
    await this.settled(tenant, [
      this.store(tenant, session, real, cause),
      this.publish(tenant, session, { changes: real, recipients, leaver: along.leaver }, settings, cause),
      along.last?.(),
    ]);
  }

  /** Like {@link write}, and brings the recipient rows of all these mailboxes in line with the policy as it now is. */
  async writeAnew(
    tenant: TenantId,
    session: Session,
    changes: readonly MailboxChange[],
    settings: MailSettings,
    cause: EventCause,
  ): Promise<void> {
    const real = realChanges(changes, cause.at);
    const mailboxes = changes.map(({ after }) => after);
    const [recipients] = await this.settled(tenant, [
      outdatedRecipients(tenant, session, mailboxes, settings),
      this.store(tenant, session, real, cause),
    ]);
    await this.settled(tenant, [this.publish(tenant, session, { changes: real, recipients }, settings, cause)]);
  }

  /** Waits for what was asked for together; that something is no longer as it was read shows in the keys that are met. */
  private settled<T extends readonly unknown[]>(tenant: TenantId, asked: T) {
    return allDone(asked).catch((error: unknown) => {
      // Of a version that did not move there are events already.
      throw isDuplicatePrimaryKey(error) ? staleSettings(tenant) : asStale(error);
    });
  }

  /** Asks for everything but what carries the version of the tenant's feed. */
  private async store(
    tenant: TenantId,
    session: Session,
    changes: readonly MailboxChange[],
    cause: EventCause,
  ): Promise<void> {
    const made = changes.flatMap(({ before, after }) => (before === undefined ? [after] : []));
    await allDone([
      ...changes.flatMap(({ before, after }) =>
        before === undefined ? [] : [this.repository.update(tenant, session, before, after, cause.at)],
      ),
      // What others give up must be free before.
      this.repository.insert(tenant, session, made, cause),
      writeSeatIntervals(tenant, session, changes, cause.at),
      writeHistory(tenant, session, changes, cause),
    ]);
  }

  private async publish(
    tenant: TenantId,
    session: Session,
    { changes, recipients, leaver }: Published,
    settings: MailSettings,
    cause: EventCause,
  ): Promise<void> {
    const seats = seatMove(settings, changes);
    const events = [...eventsOf(changes, recipients, seats, settings), ...(leaver?.events ?? [])];
    if (events.length === 0 && seats.delta === 0) {
      return;
    }
    const move = { set: 'seats_used = seats_used + ?', setValues: [seats.delta], ...seats };
    const version = { sql: currentFeedVersion, parameters: [tenant] };
    const writes = [
      nextFeedVersion(tenant, withLeaver(move, leaver)),
      ...recipientWrites(tenant, session, recipients, cause.at),
      ...this.outbox.appending(tenant, version, cause, events),
      ...(leaver === undefined ? [] : [leaverWrite(tenant, { at: leaver.at, seats: seats.delta })]),
    ];
    const [moved] = await runAll(session, writes);
    if (moved !== 1) {
      throw staleSettings(tenant);
    }
  }
}

/** What follows from changes, for those who read the tenant's feed. */
interface Published {
  readonly changes: readonly MailboxChange[];
  readonly recipients: readonly RecipientRow[];
  readonly leaver?: CountedLeaver | undefined;
}

/** Leaves out what is no change; transitions make new objects also where nothing has changed. */
function realChanges(changes: readonly MailboxChange[], at: number): readonly MailboxChange[] {
  return changes
    .filter(({ before, after }) => before === undefined || !isSame(before, after))
    .map((change) => ({ ...change, after: withSeatTime(change, at) }));
}

function staleSettings(tenant: TenantId): StaleRowError {
  return new StaleRowError(`the settings, seats or leavers of tenant ${tenant} changed meanwhile`);
}

/** Every version of the feed has an event: rows that change without any other are told of by one of their own. */
function eventsOf(
  changes: readonly MailboxChange[],
  recipients: readonly RecipientRow[],
  { overLimit }: SeatMove,
  { seatLimit }: MailSettings,
): readonly OutboxEvent[] {
  const events = changes.flatMap(({ before, after }) => mailboxEvents(before, after));
  const told = new Set(events.map(({ mailboxId }) => mailboxId));
  const untold = new Map<string, Mailbox>(
    recipients.flatMap(({ mailbox }) => (told.has(mailbox.id) ? [] : [[mailbox.id, mailbox]])),
  );
  return [
    ...events,
    ...[...untold.values()].map((mailbox) => eventOf(mailbox, 'mailbox.recipients_changed')),
    ...overLimit.map((mailbox) => eventOf(mailbox, 'seat.over_limit', { seatLimit })),
  ];
}

function isSame(before: Mailbox, after: Mailbox): boolean {
  return before === after || JSON.stringify(before) === JSON.stringify(after);
}
