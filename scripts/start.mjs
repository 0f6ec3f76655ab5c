import './node-version.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { prepare, PrepareError, ROOT, runCommand } from './prepare.mjs';

// The service runs in this very process, so that signals, the terminal and the exit code are its own.
await runCommand(async () => {
  await prepare();
  const command = join(ROOT, 'apps/cli/bin/cleanmail.js');
  if (!existsSync(command)) throw new PrepareError(`${command} is missing: the checkout is not complete.`);
  process.chdir(ROOT);
  process.argv = [process.execPath, command, 'serve', ...process.argv.slice(2)];
  await import(pathToFileURL(command).href);
});
