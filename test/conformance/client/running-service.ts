import type { startService } from '../../support/service.js';

/** A service of this test run, with the addresses of its two listeners and the admin key. */
export type RunningService = Awaited<ReturnType<typeof startService>>;
