import { setTimeout as delay } from 'node:timers/promises';
import { Metrics } from '@cleanmail/listener';
import { GuardBatches } from '@cleanmail/mailboxes';
import { Injectable } from '@nestjs/common';

/** Metrics are wanted just when the database is away, and must then tell the rest soon. */
const patience = 2000;

/** What the deprovision guard contributes to the metrics: how many batches wait for support. */
@Injectable()
export class GuardMetrics {
  constructor(
    private readonly batches: GuardBatches,
    metrics: Metrics,
  ) {
    metrics.addGauge(
      'cleanmail_guard_batches_open',
      'Batches of leavers, of all tenants, whose effect on mail waits for support; NaN while the database does not answer.',
      () => this.countOpen(),
    );
  }

  private async countOpen(): Promise<number> {
    const timer = new AbortController();
    const unknown = delay(patience, Number.NaN, { signal: timer.signal, ref: false }).catch(() => Number.NaN);
    const open = this.batches.countOpen().catch(() => Number.NaN);
    try {
      return await Promise.race([open, unknown]);
    } finally {
      timer.abort();
    }
  }
}
