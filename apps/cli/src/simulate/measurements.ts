import {
  unexpectedKept,
  type LatencySummary,
  type PhaseReport,
  type SimulationReport,
  type UnexpectedAnswer,
} from './simulation-report.js';

interface PhaseMeasurement {
  readonly name: string;
  readonly startedAt: number;
  readonly latencies: number[];
  endedAt: number;
  skipped?: string;
}

/** Collects what the requests of a run took and brought; phases run one after another. */
export class Measurements {
  private readonly startedAt = performance.now();
  private readonly phases: PhaseMeasurement[] = [];
  private readonly statuses = new Map<number, number>();
  private readonly unexpected: UnexpectedAnswer[] = [];
  private throttled = 0;
  private unexpectedTotal = 0;

  get unexpectedCount(): number {
    return this.unexpectedTotal;
  }

  startPhase(name: string): void {
    const now = performance.now();
    this.phases.push({ name, startedAt: now, endedAt: now, latencies: [] });
  }

  endPhase(): void {
    const phase = this.phases.at(-1);
    if (phase !== undefined) phase.endedAt = performance.now();
  }

  skipPhase(name: string, reason: string): void {
    const now = performance.now();
    this.phases.push({ name, startedAt: now, endedAt: now, latencies: [], skipped: reason });
  }

  request(status: number, latencyMs: number): void {
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    this.phases.at(-1)?.latencies.push(latencyMs);
  }

  throttle(): void {
    this.throttled += 1;
  }

  report(answer: Omit<UnexpectedAnswer, 'phase'>): void {
    this.unexpectedTotal += 1;
    if (this.unexpected.length < unexpectedKept) {
      this.unexpected.push({ phase: this.phases.at(-1)?.name ?? '', ...answer });
    }
  }

  summary(): Omit<SimulationReport, 'tenantUrl' | 'seed' | 'users' | 'concurrency' | 'dialect'> {
    const latencies = this.phases.flatMap((phase) => phase.latencies);
    const durationMs = performance.now() - this.startedAt;
    return {
      requests: latencies.length,
      durationMs: round(durationMs),
      requestsPerSecond: round((latencies.length / durationMs) * 1000),
      latency: summarise(latencies),
      statusCounts: Object.fromEntries([...this.statuses].sort(([left], [right]) => left - right)),
      throttled: this.throttled,
      phases: this.phases.map(phaseReport),
      unexpectedCount: this.unexpectedTotal,
      unexpected: [...this.unexpected],
    };
  }
}

function phaseReport(phase: PhaseMeasurement): PhaseReport {
  return {
    name: phase.name,
    requests: phase.latencies.length,
    durationMs: round(phase.endedAt - phase.startedAt),
    latency: summarise(phase.latencies),
    ...(phase.skipped === undefined ? {} : { skipped: phase.skipped }),
  };
}

/** Percentiles by the nearest-rank method. */
export function summarise(latencies: readonly number[]): LatencySummary {
  const sorted = latencies.toSorted((left, right) => left - right);
  const rank = (share: number): number => round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
  return { p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
