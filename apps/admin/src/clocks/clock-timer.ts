import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { DatabaseUnavailableError } from '@cleanmail/database';
import { Clocks } from '@cleanmail/journal';
import { Metrics } from '@cleanmail/listener';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';

/** Runs the clocks of this process at an interval, once it is started; a run in progress is drained on shutdown. */
@Injectable()
export class ClockTimer implements BeforeApplicationShutdown {
  private readonly logger = new Logger(ClockTimer.name);
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly clocks: Clocks,
    private readonly metrics: Metrics,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Nothing else starts it: the command line's own application ends after one command. */
  start(): void {
    if (this.configuration.clockIntervalSeconds > 0) {
      this.schedule();
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
  }

  /** Nodes that were started together drift apart, so that they do not ask for the same leases in the same moment. */
  private schedule(): void {
    const interval = this.configuration.clockIntervalSeconds * 1000;
    const begin = () => {
      this.running = this.runOnce();
    };
    this.timer = setTimeout(begin, interval * (0.8 + Math.random() * 0.4)).unref();
  }

  private async runOnce(): Promise<void> {
    try {
      for (const run of await this.clocks.run({ signal: this.stopping.signal })) {
        this.metrics.observeClock(run);
      }
    } catch (error) {
      const kind = error instanceof DatabaseUnavailableError ? 'the database does not answer' : (error as Error).name;
      this.logger.warn(`the clocks did not run: ${kind}; they try again`);
    } finally {
      if (!this.stopping.signal.aborted) {
        this.schedule();
      }
    }
  }
}
