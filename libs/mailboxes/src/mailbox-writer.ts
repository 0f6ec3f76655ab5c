import { allDone, isDuplicatePrimaryKey, type Session, StaleRowError, type TenantId } from '@cleanmail/database';
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
import { type SeatMove, seatMove, withSeatTime, writeSeatIntervals } from './seat-ledger.js';

export type { MailboxChange } from './recipient-rows.js';

/**
 * Writes changed mailboxes with all that follows from them, in the caller's transaction: addresses, wishes, seats, history,
 * the rows that gateways read, and the events. The tenant's counter is taken last, so that its lock is held shortly; it
 * refuses what was decided under settings, or a number of seats, that are no longer true.
 */
@Injectable()
export class MailboxWriter {
  constructor(
    private readonly repository: MailboxRepository,
    private readonly outbox: Outbox,
  ) {}

  /**
   * `leaver` is counted in the same step, and its events are told.
   * @throws StaleRowError when the tenant's settings, seats or leavers changed since `settings` were read.
   */
  async write(
    tenant: TenantId,
    session: Session,
    changes: readonly MailboxChange[],
    settings: MailSettings,
    cause: EventCause,
    leaver?: CountedLeaver,
  ): Promise<void> {
    const real = await this.store(tenant, session, changes, cause);
    const recipients = changedRecipients(real, settings);
    await this.publish(tenant, session, { changes: real, recipients, leaver }, settings, cause);
  }

  /** Like {@link write}, and brings the recipient rows of all these mailboxes in line with the policy as it now is. */
  async writeAnew(
    tenant: TenantId,
    session: Session,
    changes: readonly MailboxChange[],
    settings: MailSettings,
    cause: EventCause,
  ): Promise<void> {
    const real = await this.store(tenant, session, changes, cause);
    const mailboxes = changes.map(({ after }) => after);
    const recipients = await outdatedRecipients(tenant, session, mailboxes, settings);
    await this.publish(tenant, session, { changes: real, recipients }, settings, cause);
  }

  /** Writes what there was before; new mailboxes are sent with the counter. */
  private async store(
    tenant: TenantId,
    session: Session,
    changes: readonly MailboxChange[],
    cause: EventCause,
  ): Promise<readonly MailboxChange[]> {
    const real = changes
      .filter(({ before, after }) => before === undefined || !isSame(before, after))
      .map((change) => ({ ...change, after: withSeatTime(change, cause.at) }));
    for (const { before, after } of real) {
      if (before !== undefined) {
        await this.repository.update(tenant, session, before, after, cause.at);
      }
    }
    await allDone([writeSeatIntervals(tenant, session, real, cause.at), writeHistory(tenant, session, real, cause)]);
    return real;
  }

  private async publish(
    tenant: TenantId,
    session: Session,
    {
      changes,
      recipients,
      leaver,
    }: {
      readonly changes: readonly MailboxChange[];
      readonly recipients: readonly RecipientRow[];
      readonly leaver?: CountedLeaver | undefined;
    },
    settings: MailSettings,
    cause: EventCause,
  ): Promise<void> {
    const seats = seatMove(settings, changes);
    const events = [...eventsOf(changes, recipients, seats, settings), ...(leaver?.events ?? [])];
    if (events.length === 0 && seats.delta === 0) {
      return;
    }
    const move = { set: 'seats_used = seats_used + ?', setValues: [seats.delta], ...seats };
    const made = changes.filter(({ before }) => before === undefined).map(({ after }) => after);
    const insertions = made.flatMap((mailbox) => this.repository.insertion(tenant, mailbox, cause));
    const writes = [
      ...insertions,
      nextFeedVersion(tenant, withLeaver(move, leaver)),
      ...recipientWrites(tenant, session, recipients, cause.at),
      ...(events.length === 0
        ? []
        : [this.outbox.appending(tenant, { sql: currentFeedVersion, parameters: [tenant] }, cause, events)]),
      ...(leaver === undefined ? [] : [leaverWrite(tenant, { at: leaver.at, seats: seats.delta })]),
    ];
    const matched = await session.runAll(writes).catch((error: unknown) => {
      // Of a version that did not move there are events already.
      throw isDuplicatePrimaryKey(error) ? staleSettings(tenant) : asStale(error);
    });
    if (matched[insertions.length] !== 1) {
      throw staleSettings(tenant);
    }
  }
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

/** Transitions make new objects also where nothing has changed. */
function isSame(before: Mailbox, after: Mailbox): boolean {
  return before === after || JSON.stringify(before) === JSON.stringify(after);
}
