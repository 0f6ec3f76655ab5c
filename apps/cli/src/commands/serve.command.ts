import type { Command } from 'commander';

import type { CommandContext } from './command-context.js';
import { addExamples } from './examples.js';

/** `cleanmail serve`: both listeners in one process, configured by the environment. */
export function addServeCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('serve')
    .description('run the SCIM and the admin listener until SIGTERM or Ctrl-C; configured by the environment')
    .action(() => context.serve());
  addExamples(
    command,
    'cleanmail serve',
    'DATABASE_URL=mysql://cleanmail:secret@127.0.0.1:3306/cleanmail cleanmail serve',
  );
}
