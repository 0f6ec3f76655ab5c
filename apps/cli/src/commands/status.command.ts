import type { Command } from 'commander';

import { isRecord } from '../admin-client/admin-error.js';
import type { Health } from '../admin-client/admin-client.js';
import { CommandError, ExitCode } from '../terminal/command-error.js';
import { formatFields } from '../terminal/table.js';
import { addAdminOptions, withAdmin, type AdminOptions, type OutputOptions } from './admin-session.js';
import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';
import { printJson } from './output.js';

/** `cleanmail status`: liveness and readiness; exit code 5 when the service cannot work. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('status')
    .description('say whether the service is alive and ready (database, migrations)')
    .option('--json', 'print JSON');
  addAdminOptions(command).action(async (options: AdminOptions & OutputOptions) => {
    const { live, ready } = await withAdmin(context, options, async (client) => ({
      live: await client.health('live'),
      ready: await client.health('ready'),
    }));
    if (options.json === true)
      printJson(context.terminal, { live: live.body ?? live.ok, ready: ready.body ?? ready.ok });
    else formatFields({ live: shown(live), ready: shown(ready) }).forEach((line) => context.terminal.out(line));
    if (!live.ok || !ready.ok) {
      throw new CommandError('the service is not ready: see the failed check above and its log', ExitCode.unavailable);
    }
  });
  addExamples(command, 'cleanmail status', 'cleanmail status --admin-url http://127.0.0.1:3001');
}

function shown(health: Health): string {
  const checks = isRecord(health.body)
    ? Object.entries(health.body).map(
        ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
      )
    : [];
  return [health.ok ? 'yes' : `no (${health.status})`, ...checks].join('  ');
}
