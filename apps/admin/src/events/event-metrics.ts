import { setTimeout as delay } from 'node:timers/promises';
import { DeadLetters, Relay } from '@cleanmail/events';
import { Metrics } from '@cleanmail/listener';
import { Injectable } from '@nestjs/common';
import { Counter, Gauge } from 'prom-client';

/** Metrics are wanted just when the database is away, and must then tell the rest soon. */
const patience = 2000;

/** What the delivery of events contributes to the metrics, by the names of receivers. */
@Injectable()
export class EventMetrics {
  constructor(relay: Relay, deadLetters: DeadLetters, metrics: Metrics) {
    metrics.registry.registerMetric(
      new Counter({
        name: 'cleanmail_events_total',
        help: 'Attempts of this process to deliver events, by their outcome; dead: given up.',
        labelNames: ['receiver', 'outcome'],
        registers: [],
        collect() {
          this.reset();
          for (const [receiver, tally] of relay.tallies) {
            for (const [outcome, count] of Object.entries(tally)) {
              this.inc({ receiver, outcome }, Number(count));
            }
          }
        },
      }),
    );
    metrics.registry.registerMetric(
      new Gauge({
        name: 'cleanmail_events_oldest_waiting_seconds',
        help: 'For how long the oldest event has waited that a receiver did not take, on all nodes.',
        labelNames: ['receiver'],
        registers: [],
        async collect() {
          this.reset();
          for (const [receiver, age] of await waiting(deadLetters)) {
            this.set({ receiver }, age / 1000);
          }
        },
      }),
    );
  }
}

async function waiting(deadLetters: DeadLetters): Promise<ReadonlyMap<string, number>> {
  const timer = new AbortController();
  const none = new Map<string, number>();
  const unknown = delay(patience, none, { signal: timer.signal, ref: false }).catch(() => none);
  try {
    return await Promise.race([deadLetters.oldestWaiting().catch(() => none), unknown]);
  } finally {
    timer.abort();
  }
}
