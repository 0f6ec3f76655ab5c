import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { Relay } from '@cleanmail/events';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';

/** Has this process look at an interval for events to deliver, once it is started; deliveries are drained on shutdown. */
@Injectable()
export class RelayTimer implements BeforeApplicationShutdown {
  private readonly logger = new Logger(RelayTimer.name);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isStopped = false;
  private isFailing = false;

  constructor(
    private readonly relay: Relay,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  /** Nothing else starts it: the command line's own application ends after one command. */
  start(): void {
    if (this.configuration.events.pollMilliseconds > 0) {
      this.schedule();
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await this.relay.stop();
  }

  /** Nodes that were started together drift apart. */
  private schedule(): void {
    const begin = () => {
      this.looking = this.look();
    };
    const { pollMilliseconds } = this.configuration.events;
    this.timer = setTimeout(begin, pollMilliseconds * (0.8 + Math.random() * 0.4)).unref();
  }

  /** A database that is away is told of once, not twice a second. */
  private async look(): Promise<void> {
    try {
      await this.relay.look();
      this.isFailing = false;
    } catch (error) {
      if (!this.isFailing) {
        this.logger.warn(`events are not delivered: ${(error as Error).name}; this is tried again`);
      }
      this.isFailing = true;
    } finally {
      if (!this.isStopped) {
        this.schedule();
      }
    }
  }
}
