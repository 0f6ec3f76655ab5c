import { readConfiguration } from '@cleanmail/config';
import { runUntilStopped } from '@cleanmail/listener';
import { banner } from './banner.js';
import { startService } from './service.js';

/** Serves both surfaces until SIGINT or SIGTERM, then drains. */
export async function serve(): Promise<void> {
  const configuration = readConfiguration();
  await runUntilStopped(
    () => startService(configuration),
    (service) => banner(configuration, service),
  );
}
