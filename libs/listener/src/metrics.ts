import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Latency buckets in seconds, for requests that take from a fraction of a millisecond to the request timeout. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];

/** Why a request was refused; the last two are of the OAuth token endpoint. */
export type RefusalReason =
  'invalid_token' | 'rate_limit' | 'rate_limit_leavers' | 'invalid_client' | 'rate_limit_clients';

/** The process's metrics in Prometheus's text format. Labels are route templates and codes, never tenants or people. */
export class Metrics {
  readonly registry = new Registry();

  private readonly duration = new Histogram({
    name: 'cleanmail_http_request_duration_seconds',
    help: 'Duration of HTTP requests.',
    labelNames: ['surface', 'method', 'route', 'status'],
    buckets,
    registers: [this.registry],
  });

  private readonly refused = new Counter({
    name: 'cleanmail_requests_refused_total',
    help: 'Requests that were refused before they did anything.',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  private readonly clockItems = new Counter({
    name: 'cleanmail_clock_items_total',
    help: 'What the clocks of this process ended, skipped or failed to end.',
    labelNames: ['job', 'outcome'],
    registers: [this.registry],
  });

  private readonly clockLastRun = new Gauge({
    name: 'cleanmail_clock_last_run_timestamp_seconds',
    help: 'When a clock job last ran on this process, by outcome.',
    labelNames: ['job', 'outcome'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  observeRequest(
    labels: { readonly surface: string; readonly method: string; readonly route: string; readonly status: number },
    seconds: number,
  ): void {
    this.duration.observe({ ...labels }, seconds);
  }

  countRefusal(reason: RefusalReason): void {
    this.refused.inc({ reason });
  }

  /** A run of a clock job. */
  observeClock(run: {
    readonly name: string;
    readonly outcome: string;
    readonly done: number;
    readonly skipped: number;
    readonly failed: number;
  }): void {
    const { name: job, outcome, done, skipped, failed } = run;
    for (const [what, count] of Object.entries({ done, skipped, failed })) {
      this.clockItems.inc({ job, outcome: what }, count);
    }
    this.clockLastRun.set({ job, outcome }, Date.now() / 1000);
  }

  /** A value that is read when metrics are collected. */
  addGauge(name: string, help: string, read: () => number | Promise<number>): void {
    this.registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        async collect() {
          this.set(await read());
        },
      }),
    );
  }

  render(): Promise<string> {
    return this.registry.metrics();
  }
}
