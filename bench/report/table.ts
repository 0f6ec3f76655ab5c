import type { BenchReport, OperationFigures, OtherFigure } from './report.js';

const headings = [
  'what',
  'ours/s',
  'bare/s',
  'ours ÷ bare',
  '±',
  'target',
  'reached',
  'p50 ms',
  'p99 ms',
  'bare p50',
  'SQL',
  'trips',
];

/** The report as a table of text. */
export function reportTable(report: BenchReport): string {
  const { engine, version, durability, people, machine, rounds, roundSeconds, connections } = report;
  const intro = [
    `${engine} ${version}; ${durability}`,
    `${people} users in the tenant; ${String(machine['cores'])} cores (${String(machine['processor'])}), ${String(machine['memoryGigabytes'])} GB, Node ${String(machine['node'])}`,
    `one server process, one database, one client; ${connections} connections, median of ${rounds} rounds of ${roundSeconds} s on each side in turn`,
  ];
  const rows = report.operations.map(operationCells);
  const tables = [...(rows.length === 0 ? [] : [aligned([headings, ...rows])])];
  const others = report.figures.map(figureCells);
  if (others.length > 0) tables.push(aligned([['what', 'value', 'target', 'reached', ''], ...others]));
  return `${intro.join('\n')}\n\n${tables.join('\n\n')}\n`;
}

function operationCells(figures: OperationFigures): readonly string[] {
  const { title, ours, bare, ratio, spread, target, isReached, statements, roundTrips } = figures;
  return [
    title,
    rate(ours.perSecond),
    rate(bare.perSecond),
    ratio.toFixed(2),
    `${(spread * 100).toFixed(0)} %`,
    target === undefined ? '' : `≥ ${target.toFixed(2)}`,
    reached(isReached),
    latency(ours.p50),
    latency(ours.p99),
    latency(bare.p50),
    String(statements),
    String(roundTrips),
  ];
}

function figureCells({ title, value, unit, atMost, atLeast, isReached, note }: OtherFigure): readonly string[] {
  const target = atMost === undefined ? atLeast : atMost;
  const sign = atMost === undefined ? '≥' : '≤';
  return [
    title,
    `${value.toFixed(value >= 100 ? 0 : 2)}${unit}`,
    target === undefined ? '' : `${sign} ${target}${unit}`,
    reached(isReached),
    note ?? '',
  ];
}

function reached(isReached: boolean | undefined): string {
  return isReached === undefined ? '' : isReached ? 'yes' : 'NO';
}

function rate(perSecond: number): string {
  return perSecond >= 100 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

/** Nothing when the machine was so slow that no request fell into the time. */
function latency(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? milliseconds.toFixed(2) : '-';
}

/** The first column to the left, the others to the right. */
export function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => [...(row[column] ?? '')].length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const blanks = ' '.repeat((widths[column] ?? 0) - [...cell].length);
        return column === 0 ? cell + blanks : blanks + cell;
      })
      .join('  ')
      .trimEnd();
  const [head = [], ...rest] = rows;
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rest.map(line)].join('\n');
}
