import { readCommandEnvironment } from '@cleanmail/config';

import type { LocalAdmin } from './admin-client/transport.js';
import { runCommand } from './program.js';
import { processTerminal } from './terminal/terminal.js';

process.exitCode = await runCommand(process.argv.slice(2), {
  terminal: processTerminal(),
  environment: () => readCommandEnvironment(),
  openLocalAdmin: async (): Promise<LocalAdmin> => {
    const { openLocalAdmin } = await import('./serve/local-admin.js');
    return openLocalAdmin();
  },
  verify: async (wanted) => {
    const { verifyConfigured } = await import('./verify/verify-configured.js');
    return verifyConfigured(wanted);
  },
  exportRecipients: async (wanted) => {
    const { exportConfigured } = await import('./export/export-recipients.js');
    return exportConfigured(wanted);
  },
  serve: async () => {
    const { serve } = await import('./serve/serve.js');
    await serve();
  },
  interruption: () => {
    const controller = new AbortController();
    const stop = (): void => controller.abort();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    return controller.signal;
  },
});
