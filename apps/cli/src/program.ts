import { readFileSync } from 'node:fs';

import { Command, CommanderError } from 'commander';

import { addAccountCommands } from './commands/account.commands.js';
import { addClocksCommands } from './commands/clocks.commands.js';
import type { CommandContext } from './commands/command-context.js';
import { addConformanceCommand } from './commands/conformance.command.js';
import { addDomainCommands } from './commands/domain.commands.js';
import { addEraseCommands } from './commands/erase.commands.js';
import { addExplainCommand } from './commands/explain.command.js';
import { addEventsCommands } from './commands/events.commands.js';
import { addExamples } from './commands/examples.js';
import { addExportCommand } from './commands/export.command.js';
import { addGuardCommands } from './commands/guard.commands.js';
import { addLogCommands } from './commands/log.commands.js';
import { addPolicyCommands } from './commands/policy.commands.js';
import { addReconcileCommand } from './commands/reconcile.command.js';
import { addRecipientsCommands } from './commands/recipients.commands.js';
import { addReceiverCommands } from './commands/receiver.commands.js';
import { addSchemaCommands } from './commands/schema.commands.js';
import { addSeatCommands } from './commands/seat.commands.js';
import { addServeCommand } from './commands/serve.command.js';
import { addSimulateCommand } from './commands/simulate.command.js';
import { addStatusCommand } from './commands/status.command.js';
import { addTenantCommands } from './commands/tenant.commands.js';
import { addTokenCommands } from './commands/token.commands.js';
import { addVerifyCommand } from './commands/verify.command.js';
import { CommandError, ExitCode } from './terminal/command-error.js';
import { printable } from './terminal/printable.js';

/** The whole command tree; nothing is read or opened before a command runs. */
export function buildProgram(context: CommandContext): Command {
  const { terminal } = context;
  const program = new Command('cleanmail')
    .description(
      'Microsoft Entra ID provisions mailbox accounts: the service, its tenants and tokens, and a simulator.',
    )
    .version(packageVersion())
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.err(text.trimEnd()),
      outputError: (text, write) => write(`cleanmail: ${text.replace(/^error: /, '').trimEnd()} (see --help)`),
    });
  addServeCommand(program, context);
  addTenantCommands(program, context);
  addDomainCommands(program, context);
  addTokenCommands(program, context);
  addSchemaCommands(program, context);
  addAccountCommands(program, context);
  addEraseCommands(program, context);
  addExplainCommand(program, context);
  addPolicyCommands(program, context);
  addSeatCommands(program, context);
  addGuardCommands(program, context);
  addReceiverCommands(program, context);
  addEventsCommands(program, context);
  addLogCommands(program, context);
  addStatusCommand(program, context);
  addClocksCommands(program, context);
  addVerifyCommand(program, context);
  addReconcileCommand(program, context);
  addRecipientsCommands(program);
  addExportCommand(program, context);
  addSimulateCommand(program, context);
  addConformanceCommand(program, context);
  addExamples(
    program,
    'cleanmail tenant create "Contoso AG" --domain contoso.com',
    'cleanmail token issue "Contoso AG" --expires 365',
    'cleanmail simulate --tenant "Contoso AG" --users 100',
  );
  return program.addHelpText(
    'after',
    '\nExit codes: 0 done, 1 failed, 2 called wrongly, 3 not found, 4 conflict, 5 service or database unavailable.',
  );
}

/** Runs one command line (without node and script) and returns its exit code; never throws. */
export async function runCommand(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  try {
    await buildProgram(context).parseAsync(args, { from: 'user' });
    return ExitCode.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    const message = error instanceof Error ? error.message : String(error);
    context.terminal.err(`cleanmail: ${printable(message)}`);
    return error instanceof CommandError ? error.exitCode : ExitCode.failure;
  }
}

function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { version: string }).version;
}
