import type { FeedEvent } from '../feed/feed-event.js';
import { orderKey } from '../feed/feed-event.js';
import type { SealedReceiver } from '../receiver.js';
import type { Attempt } from '../sending/sender.js';
import { placeOf } from './delivery.repository.js';
import type { Lane } from './lane.js';

/** What became of the events of a batch. */
export interface BatchResult {
  readonly delivered: readonly { readonly event: FeedEvent; readonly attempt: Attempt }[];
  readonly failed: readonly { readonly event: FeedEvent; readonly attempt: Attempt }[];
  /** Not tried, for an earlier one of the same mailbox waits. */
  readonly behind: readonly FeedEvent[];
  /** Not tried, for the receiver failed too often in a row, or the node stops. */
  readonly untouched: readonly FeedEvent[];
  readonly gaveUp: boolean;
}

/** What a batch needs to know of what waits already. */
export interface Waiting {
  readonly places: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

/** After so many the receiver is left alone for a while. */
export const mostFailuresInARow = 10;

/** Sends the events of a batch: those of one mailbox one after the other, those of different ones side by side. */
export class BatchRun {
  private readonly delivered: { event: FeedEvent; attempt: Attempt }[] = [];
  private readonly failed: { event: FeedEvent; attempt: Attempt }[] = [];
  private readonly behind: FeedEvent[] = [];
  private readonly untouched: FeedEvent[] = [];

  constructor(
    private readonly receiver: SealedReceiver,
    private readonly lane: Lane,
    private readonly send: (receiver: SealedReceiver, event: FeedEvent) => Promise<Attempt>,
    private readonly isStopping: () => boolean,
  ) {}

  async run(events: readonly FeedEvent[], { places, keys }: Waiting): Promise<BatchResult> {
    const groups = new Map<string, FeedEvent[]>();
    for (const event of events.filter((each) => !places.has(placeOf(each)))) {
      const key = orderKey(event);
      groups.set(key, [...(groups.get(key) ?? []), event]);
    }
    await Promise.all([...groups].map(([key, group]) => this.sendGroup(group, keys.has(key))));
    const { delivered, failed, behind, untouched } = this;
    return { delivered, failed, behind, untouched, gaveUp: this.givesUp };
  }

  private get givesUp(): boolean {
    return this.lane.failuresInARow >= mostFailuresInARow;
  }

  private async sendGroup(group: readonly FeedEvent[], isWaiting: boolean): Promise<void> {
    let waits = isWaiting;
    for (const event of group) {
      if (waits) {
        this.behind.push(event);
      } else {
        waits = !(await this.lane.inTurn(() => this.sendOne(event)));
      }
    }
  }

  /** Whether the next event of the mailbox may follow; what is not touched keeps the cursor before it. */
  private async sendOne(event: FeedEvent): Promise<boolean> {
    if (this.givesUp || this.isStopping()) {
      this.untouched.push(event);
      return true;
    }
    const attempt = await this.send(this.receiver, event);
    if (attempt.ok) {
      this.lane.failuresInARow = 0;
      this.delivered.push({ event, attempt });
    } else if (this.isStopping()) {
      this.untouched.push(event);
    } else {
      this.lane.failuresInARow += 1;
      this.failed.push({ event, attempt });
      return false;
    }
    return true;
  }
}
