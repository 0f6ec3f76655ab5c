import { Metrics } from '@cleanmail/listener';
import { GuardBatches } from '@cleanmail/mailboxes';
import { Injectable } from '@nestjs/common';

/** What the deprovision guard contributes to the metrics: how many batches wait for support. */
@Injectable()
export class GuardMetrics {
  constructor(batches: GuardBatches, metrics: Metrics) {
    metrics.addGauge(
      'cleanmail_guard_batches_open',
      'Batches of leavers, of all tenants, whose effect on mail waits for support.',
      // Metrics are read just when the database is away, and must then tell the rest.
      () => batches.countOpen().catch(() => Number.NaN),
    );
  }
}
