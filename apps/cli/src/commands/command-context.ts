import type { CommandEnvironment } from '@cleanmail/config';

import type { LocalAdmin } from '../admin-client/transport.js';
import type { Terminal } from '../terminal/terminal.js';

/** Everything a command touches outside itself; tests hand in their own. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: () => CommandEnvironment;
  /** Opens the admin application in this process, on the configured database. */
  readonly openLocalAdmin: () => Promise<LocalAdmin>;
  /** Runs both listeners until the process is told to stop. */
  readonly serve: () => Promise<void>;
  /** A signal that Ctrl-C or SIGTERM aborts; from its first call on they no longer end the process by themselves. */
  readonly interruption: () => AbortSignal;
}
