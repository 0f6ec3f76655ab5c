import { readRecipientsConfiguration } from '@cleanmail/config';
import { runUntilStopped } from '@cleanmail/listener';
import type { Command } from 'commander';

import { addExamples } from './examples.js';

/** `cleanmail recipients`: what runs beside a mail gateway. */
export function addRecipientsCommands(program: Command): void {
  const recipients = program.command('recipients').description('recipients for mail gateways');
  const serve = recipients
    .command('serve')
    .description(
      'answer Postfix’s socketmap lookups from a copy in memory until SIGTERM or Ctrl-C; configured by the environment',
    )
    .action(async () => {
      // Loaded for this command alone: all others have no use for it.
      const { recipientsBanner, startRecipients } = await import('@cleanmail/recipients-app');
      const configuration = readRecipientsConfiguration();
      await runUntilStopped(
        () => startRecipients(configuration),
        (running) => recipientsBanner(configuration, running),
      );
    });
  addExamples(
    serve,
    'cleanmail recipients serve',
    'DATABASE_URL=mysql://gateway:secret@db.internal:3306/cleanmail cleanmail recipients serve',
    'RECIPIENTS_SOCKET=/var/spool/postfix/cleanmail/recipients.sock cleanmail recipients serve',
  );
}
