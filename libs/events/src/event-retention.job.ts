import { Database } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, cutoff, leastIdOf } from '@cleanmail/journal';
import { Inject, Injectable } from '@nestjs/common';
import { EVENT_SETTINGS, type EventSettings } from './event-settings.js';
import { ReceiptRepository } from './receipts/receipt.repository.js';

const perTransaction = 200;
const oldestDead = `SELECT MAX(id) AS last FROM (SELECT id FROM event_delivery WHERE receiver_id = ? AND state = 'dead' AND id < ? ORDER BY id LIMIT ${perTransaction}) AS oldest`;

/** Ends receipts and dead letters that are older than they are to be kept. */
@Injectable()
export class EventRetentionJob implements ClockJob {
  readonly name = 'event-retention';
  readonly every = 3_600_000;

  constructor(
    private readonly database: Database,
    private readonly receipts: ReceiptRepository,
    @Inject(EVENT_SETTINGS) private readonly settings: EventSettings,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const { receiptDays, deadLetterDays } = this.settings;
    const receipts = await this.each(pass, cutoff(receiptDays, pass.cause.at), (before) =>
      this.database.write((session) => this.receipts.endBefore(session, before, perTransaction)),
    );
    const dead = await this.each(pass, cutoff(deadLetterDays, pass.cause.at), (before) => this.endDead(before));
    return { done: receipts + dead, skipped: 0, failed: 0 };
  }

  private async each(
    pass: ClockPass,
    before: number | undefined,
    end: (before: number) => Promise<number>,
  ): Promise<number> {
    let ended = 0;
    for (let some = 1; before !== undefined && some > 0 && (await pass.goesOn()); ended += some) {
      some = await end(before);
    }
    return ended;
  }

  private async endDead(before: number): Promise<number> {
    const least = leastIdOf(before);
    const receivers = await this.database.read((session) =>
      session.all<{ readonly id: string }>('SELECT id FROM event_receiver'),
    );
    const counts = await this.database.writeEach(receivers, async (session, { id }) => {
      const row = await session.first<{ readonly last: string | null }>(oldestDead, [id, least]);
      return (row?.last ?? null) === null
        ? 0
        : session.run("DELETE FROM event_delivery WHERE receiver_id = ? AND state = 'dead' AND id <= ?", [
            id,
            row?.last ?? '',
          ]);
    });
    return counts.reduce((sum, count) => sum + count, 0);
  }
}
