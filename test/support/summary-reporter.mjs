import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SKIPPED_SHOWN = 20;

/**
 * Ends the run with what ran on which engine, what did not and why, and `N passed, N failed` as the very last line. Where
 * `CLEANMAIL_TEST_SUMMARY` names a file, the lines go there, and the starting command prints them after Jest has ended.
 */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const text = summaryLines(results).join('\n');
    const file = process.env.CLEANMAIL_TEST_SUMMARY;
    // Jest adds its own summary after all reporters; the end of the process comes after that.
    if (file === undefined) process.once('exit', () => process.stderr.write(`\n${text}\n`));
    else writeFileSync(file, text);
  }
}

function summaryLines(results) {
  const skipped = skippedTests(results);
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const count = `${results.numPassedTests} passed, ${failed} failed`;
  const shown = skipped.slice(0, SKIPPED_SHOWN).map((name) => `  skipped: ${name}`);
  const rest = skipped.length > SKIPPED_SHOWN ? [`  and ${skipped.length - SKIPPED_SHOWN} more`] : [];
  return [
    ...engineLines(),
    ...notes(),
    ...(skipped.length > 0 ? [`Skipped tests: ${skipped.length}`, ...shown, ...rest] : []),
    ...(results.wasInterrupted ? ['The run was interrupted: not every test ran.'] : []),
    skipped.length > 0 ? `${count}, ${skipped.length} skipped` : count,
  ];
}

function engineLines() {
  const { engines, missing } = JSON.parse(process.env.CLEANMAIL_TEST_ENGINES ?? '{"engines":[],"missing":[]}');
  return [
    ...engines.map(({ name, version }) => `Engine ${name}: ran, version ${version}`),
    ...missing.map(({ name, reason }) => `Engine ${name}: NOT RUN: ${reason}`),
  ];
}

function notes() {
  const file = join(process.env.CLEANMAIL_TEST_FOLDER ?? '', 'notes.txt');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function skippedTests(results) {
  return results.testResults.flatMap((file) =>
    file.testResults.filter(({ status }) => status === 'pending' || status === 'todo').map(({ fullName }) => fullName),
  );
}
