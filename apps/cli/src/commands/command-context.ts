import type { CommandEnvironment } from '@cleanmail/config';
import type { VerificationSummary } from '@cleanmail/database';

import type { ExportSummary, WantedExport } from '../export/export-recipients.js';
import type { LocalAdmin } from '../admin-client/transport.js';
import type { Terminal } from '../terminal/terminal.js';
import type { WantedVerification } from '../verify/verify-configured.js';

/** Everything a command touches outside itself; tests hand in their own. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: () => CommandEnvironment;
  /** Opens the admin application in this process, on the configured database. */
  readonly openLocalAdmin: () => Promise<LocalAdmin>;
  /** Checks the invariants of the model on the configured database. */
  readonly verify: (wanted: WantedVerification) => Promise<VerificationSummary>;
  /** Writes what gateways read of the configured database as maps of Postfix. */
  readonly exportRecipients: (wanted: WantedExport) => Promise<ExportSummary>;
  /** Runs both listeners until the process is told to stop. */
  readonly serve: () => Promise<void>;
  /** A signal that Ctrl-C or SIGTERM aborts; from its first call on they no longer end the process by themselves. */
  readonly interruption: () => AbortSignal;
}
