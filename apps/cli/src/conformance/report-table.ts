import { printable } from '../terminal/printable.js';
import { formatTable } from '../terminal/table.js';
import { summaryLines, type ConformanceReport, type RequirementResult } from './conformance-report.js';

/** The report for a person: a table per section, then the evidence of what failed, then the numbers. */
export function formatConformance(report: ConformanceReport): readonly string[] {
  const failed = report.results.filter(({ outcome }) => outcome === 'fail' || outcome === 'not tried');
  return [
    ...formatTable(
      [
        { heading: 'SECTION', cell: ({ section }: RequirementResult) => section },
        { heading: 'LEVEL', cell: ({ level }) => level },
        { heading: 'RESULT', cell: ({ outcome }) => outcome },
        { heading: 'REQUIREMENT', cell: ({ title }) => title },
        { heading: 'EVIDENCE', cell: ({ evidence }) => shortened(evidence) },
      ],
      report.results,
    ),
    '',
    ...failed.flatMap(describeFailure),
    ...(failed.length > 0 ? [''] : []),
    ...summaryLines(report),
  ];
}

function describeFailure({ section, level, outcome, id, title, evidence }: RequirementResult): readonly string[] {
  return [`${outcome}: ${level} ${id} (${section}): ${title}`, `  ${printable(evidence)}`];
}

function shortened(text: string): string {
  return text.length > 90 ? `${text.slice(0, 89)}…` : text;
}
