import type { BenchReport } from './report.js';
import { aligned } from './table.js';

/** What changed from one report to another: now ÷ before, above 1 is faster for rates. */
export function comparison(before: BenchReport, now: BenchReport): string {
  const known = new Map(before.operations.map((figures) => [figures.operation, figures]));
  const rows = now.operations.flatMap((figures) => {
    const old = known.get(figures.operation);
    if (old === undefined) return [];
    return [
      [
        figures.title,
        quotient(figures.ours.perSecond, old.ours.perSecond),
        quotient(figures.bare.perSecond, old.bare.perSecond),
        quotient(figures.ours.p50, old.ours.p50),
        `${old.ratio.toFixed(2)} → ${figures.ratio.toFixed(2)}`,
        `${old.roundTrips} → ${figures.roundTrips}`,
      ],
    ];
  });
  const values = new Map(before.figures.map((figure) => [figure.name, figure.value]));
  const others = now.figures.flatMap(({ name, title, value }) => {
    const old = values.get(name);
    return old === undefined ? [] : [[title, quotient(value, old)]];
  });
  const intro = `Now (${now.commit}, ${now.engine}, ${now.size}) ÷ before (${before.commit}, ${before.engine}, ${before.size})`;
  const tables = [
    aligned([['what', 'ours/s', 'bare/s', 'p50', 'ours ÷ bare', 'trips'], ...rows]),
    ...(others.length === 0 ? [] : [aligned([['what', 'value'], ...others])]),
  ];
  return `${intro}\n\n${tables.join('\n\n')}\n`;
}

function quotient(now: number, before: number): string {
  return (now / before).toFixed(2);
}
