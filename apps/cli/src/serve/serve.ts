import { readConfiguration } from '@cleanmail/config';
import { banner } from './banner.js';
import { startService } from './service.js';

/**
 * Serves both surfaces until SIGINT or SIGTERM, then drains. Under npm a Ctrl-C arrives twice, once from the terminal
 * and once from npm, so repeated signals change nothing: the drain has a deadline of its own.
 */
export async function serve(): Promise<void> {
  const configuration = readConfiguration();
  const signalled = new Promise<void>((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
  const service = await startService(configuration);
  process.stdout.write(banner(configuration, service));
  await signalled;
  process.stdout.write('Stopping: letting requests in flight end …\n');
  await service.stop();
}
