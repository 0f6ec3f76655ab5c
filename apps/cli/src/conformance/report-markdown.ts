import { printable } from '../terminal/printable.js';
import { levels } from './requirement.js';
import { outcomes, type ConformanceReport, type RequirementResult } from './conformance-report.js';

/** The report as a page: numbers, what failed, then a table per section. It holds neither dates nor random names. */
export function conformanceMarkdown(report: ConformanceReport): string {
  const failed = report.results.filter(({ outcome }) => outcome === 'fail' || outcome === 'not tried');
  const scope =
    report.section === undefined ? 'RFC 7643, RFC 7644, RFC 9865 and RFC 9110' : `section ${report.section}`;
  return [
    '# SCIM conformance',
    '',
    `What \`cleanmail conformance\` found at \`${new URL(report.url).pathname}\`, requirement by requirement of ${scope}.`,
    'This page is written by the command: `npm run conformance -- --url <base URL> --token <token> --write docs/conformance.md`.',
    '',
    ...table(
      ['Level', ...outcomes],
      levels.map((level) => [level, ...outcomes.map((outcome) => String(report.counts[level][outcome]))]),
    ),
    '',
    '`n/a`: the server does not advertise what the requirement is about. `not tried`: a step on the way to it failed.',
    '',
    ...(failed.length === 0 ? [] : ['## Not met', '', ...table(headings, failed.map(row)), '']),
    ...sectionsOf(report.results).flatMap(([section, results]) => [
      `## ${section}`,
      '',
      ...table(headings, results.map(row)),
      '',
    ]),
  ].join('\n');
}

const headings = ['Requirement', 'Level', 'Result', 'What the server does', 'Evidence'];

function row({ id, level, outcome, title, evidence }: RequirementResult): readonly string[] {
  return [`\`${id}\``, level, outcome === 'fail' ? '**fail**' : outcome, title, evidence];
}

function sectionsOf(
  results: readonly RequirementResult[],
): readonly (readonly [string, readonly RequirementResult[]])[] {
  const names = [...new Set(results.map(({ section }) => section))];
  return names.map((name) => [name, results.filter(({ section }) => section === name)] as const);
}

/** A table whose columns are aligned, as formatters of Markdown leave it. */
function table(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [heads, ...rows.map((cells) => cells.map(escapeCell))];
  const widths = heads.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const [head, ...body] = lines.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return [head ?? [], widths.map((width) => '-'.repeat(width)), ...body].map((cells) => `| ${cells.join(' | ')} |`);
}

function escapeCell(text: string): string {
  return text.startsWith('`') || text === '**fail**' ? text : printable(text).replace(/[\\|*_`<[\]]/g, '\\$&');
}
