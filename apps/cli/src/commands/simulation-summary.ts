import type { LatencySummary, SimulationReport, UnexpectedAnswer } from '../simulate/simulation-report.js';
import { printable } from '../terminal/printable.js';
import { formatFields, formatTable } from '../terminal/table.js';

const shownAnswers = 20;

/** The report for a person: totals, one line per phase, status counts, the first unexpected answers. */
export function formatReport(report: SimulationReport): readonly string[] {
  const phases = report.phases.map((phase) => ({ ...phase.latency, ...phase }));
  return [
    ...formatFields({
      'tenant URL': report.tenantUrl,
      run: `${report.users} users, ${report.concurrency} at once, dialect ${report.dialect}, seed ${report.seed}`,
      requests: `${report.requests} in ${(report.durationMs / 1000).toFixed(1)} s, ${report.requestsPerSecond}/s`,
      latency: latencyText(report.latency),
      status: statusText(report),
      throttled: report.throttled === 0 ? undefined : `${report.throttled} answers 429 waited out`,
    }),
    '',
    ...formatTable(
      [
        { heading: 'PHASE', cell: (row) => row.name },
        { heading: 'REQUESTS', cell: (row) => row.requests },
        { heading: 'P50 MS', cell: (row) => row.p50 },
        { heading: 'P95', cell: (row) => row.p95 },
        { heading: 'P99', cell: (row) => row.p99 },
        { heading: 'MAX', cell: (row) => row.max },
        { heading: '', cell: (row) => (row.skipped === undefined ? '' : `skipped: ${row.skipped}`) },
      ],
      phases,
    ),
    '',
    ...unexpectedLines(report),
  ];
}

function latencyText(latency: LatencySummary): string {
  return `p50 ${latency.p50} ms, p95 ${latency.p95} ms, p99 ${latency.p99} ms, max ${latency.max} ms`;
}

function statusText(report: SimulationReport): string {
  const counts = Object.entries(report.statusCounts);
  return counts.map(([status, count]) => `${status === '0' ? 'no answer' : status} × ${count}`).join(', ');
}

function unexpectedLines(report: SimulationReport): readonly string[] {
  if (report.unexpectedCount === 0) return ['Every answer was as Entra needs it.'];
  const shown = report.unexpected.slice(0, shownAnswers);
  return [
    `Unexpected answers (${shown.length} of ${report.unexpectedCount}):`,
    ...shown.flatMap((answer) => describeAnswer(answer)),
  ];
}

function describeAnswer(answer: UnexpectedAnswer): readonly string[] {
  const status = answer.status === 0 ? 'no answer' : String(answer.status);
  return [
    `  [${answer.phase}] ${answer.method} ${printable(answer.path)} → ${status}`,
    `    expected: ${answer.expected}`,
    `    found:    ${printable(answer.detail)}`,
  ];
}
