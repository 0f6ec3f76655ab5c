import './node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare, ROOT, runCommand } from './prepare.mjs';

let lastLines = 'No test ran.\n0 passed, 1 failed';

await runCommand(async () => {
  await prepare();
  const folder = mkdtempSync(join(tmpdir(), 'cleanmail-summary-'));
  const summary = join(folder, 'summary.txt');
  process.exitCode = await runJest(process.argv.slice(2), summary);
  if (existsSync(summary)) lastLines = readFileSync(summary, 'utf8');
  rmSync(folder, { recursive: true, force: true });
});
console.log(`\n${lastLines}`);

/** Runs Jest on this terminal with its ES module support (experimental in Node, hence the flags); answers its exit code. */
function runJest(args, summary) {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const child = spawn(process.execPath, [...flags, jest, ...args], {
    cwd: ROOT,
    env: { ...process.env, CLEANMAIL_TEST_SUMMARY: summary },
    stdio: 'inherit',
  });
  // Ctrl-C reaches Jest by itself; a signal to this process alone is passed on, and what was asked for is waited for.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
