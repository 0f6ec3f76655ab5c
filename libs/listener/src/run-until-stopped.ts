import { ConfigurationError } from '@cleanmail/config';

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * Starts something, announces it on standard output and runs it until SIGINT or SIGTERM, then stops it. Under npm a
 * Ctrl-C arrives twice, once from the terminal and once from npm, so repeated signals change nothing.
 */
export async function runUntilStopped<Running extends Stoppable>(
  start: () => Promise<Running>,
  announce: (running: Running) => string,
): Promise<void> {
  const signalled = new Promise<void>((resolve) => {
    process.on('SIGINT', () => resolve());
    process.on('SIGTERM', () => resolve());
  });
  const running = await start();
  process.stdout.write(announce(running));
  await signalled;
  process.stdout.write('Stopping: letting requests in flight end …\n');
  await running.stop();
}

/** The same as a whole process: a wrong configuration is one line on standard error and exit code 1. */
export async function runProcess<Running extends Stoppable>(
  start: () => Promise<Running>,
  announce: (running: Running) => string,
): Promise<void> {
  try {
    await runUntilStopped(start, announce);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) {
      throw error;
    }
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
