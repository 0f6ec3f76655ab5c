import { Database, databaseTime, newId, type Session, type TenantId } from '@cleanmail/database';
import { Injectable, Logger } from '@nestjs/common';
import type { FeedEvent } from '../feed/feed-event.js';
import { type SealedReceiver, wantsType } from '../receiver.js';
import { type DueReceiver, ReceiverRepository } from '../receiver.repository.js';
import { deprovisioningTypes } from '../receipts/receipt.js';
import { ReceiptRepository } from '../receipts/receipt.repository.js';
import { Sender } from '../sending/sender.js';
import { type BatchResult, BatchRun, mostFailuresInARow, type Waiting } from './batch-run.js';
import { type Delivery, DeliveryRepository } from './delivery.repository.js';
import { Lane } from './lane.js';
import { Settlement } from './settlement.js';
import { type StreamBatch, streamLease, type StreamPlace, StreamRepository } from './stream.repository.js';

/** How much a receiver was given by this process. */
export interface RelayTally {
  delivered: number;
  failed: number;
  dead: number;
}

const eventsPerBatch = 200;
const batchesPerTurn = 10;
const streamsAtOnce = 32;
/** With so many rows that wait, the outbox itself is the queue: nothing new is taken. */
const mostWaiting = 1000;
/** A feed in which nothing happened is looked at again after this time, for what another node left. */
const certainty = 5000;

/** One receiver in one tenant, as this node has it. */
interface Stream {
  readonly receiver: SealedReceiver;
  readonly tenant: TenantId;
  readonly lane: Lane;
  readonly holder: string;
}

interface Work {
  readonly place: StreamPlace;
  readonly waiting: Waiting;
  readonly next: StreamBatch;
}

interface Looked {
  readonly versions: string;
  readonly at: number;
}

/**
 * Brings events from the outbox to receivers: at least once, those of a mailbox in their order. Any number of nodes may
 * run it; a stream (one receiver, one tenant) and a retry are leased by one at a time, on the database's clock.
 */
@Injectable()
export class Relay {
  private readonly logger = new Logger('Events');
  private readonly lanes = new Map<string, Lane>();
  private readonly quiet = new Map<string, Looked>();
  private readonly lastTenant = new Map<string, string>();
  private stopping = false;
  /** By the names of receivers. */
  readonly tallies = new Map<string, RelayTally>();

  constructor(
    private readonly database: Database,
    private readonly receivers: ReceiverRepository,
    private readonly streams: StreamRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly receipts: ReceiptRepository,
    private readonly settlement: Settlement,
    private readonly sender: Sender,
  ) {}

  /** Begins what is due and that nobody is at; answers how much that was. It goes on by itself. */
  async look({ thorough = false }: { readonly thorough?: boolean } = {}): Promise<number> {
    const [due, now] = await this.database.read(async (session) => {
      const receivers = await this.receivers.due(session);
      return [receivers, receivers.length === 0 ? 0 : await databaseTime(session)] as const;
    });
    if (this.stopping) {
      return 0;
    }
    const begun = await Promise.all(
      due
        .filter(({ receiver }) => receiver.notBefore <= now)
        .map(async (each) => {
          this.endRest(each.receiver);
          return (await this.beginRetries(each, now)) + (await this.beginStreams(each, now, thorough));
        }),
    );
    return begun.reduce((sum, count) => sum + count, 0);
  }

  /** Delivers until nothing is due any more; answers what this did, by the names of receivers. */
  async deliverDue(): Promise<ReadonlyMap<string, RelayTally>> {
    const before = new Map([...this.tallies].map(([name, tally]) => [name, { ...tally }]));
    do {
      await this.settled();
    } while ((await this.look({ thorough: true })) > 0);
    return new Map(
      [...this.tallies].map(([name, { delivered, failed, dead }]) => {
        const was = before.get(name) ?? { delivered: 0, failed: 0, dead: 0 };
        return [name, { delivered: delivered - was.delivered, failed: failed - was.failed, dead: dead - was.dead }];
      }),
    );
  }

  /** Resolves when nothing that was begun is on its way. */
  async settled(): Promise<void> {
    await Promise.all([...this.lanes.values()].map((lane) => lane.settled()));
  }

  /** Begins nothing more; what is on its way has some time left, and is cut and left to another node then. */
  async stop(graceMs = 2000): Promise<void> {
    this.stopping = true;
    const timer = setTimeout(() => void this.sender.abort(), graceMs);
    await this.settled();
    clearTimeout(timer);
  }

  /** A receiver that has rested is tried as if it had never failed. */
  private endRest(receiver: SealedReceiver): void {
    const lane = this.laneOf(receiver);
    if (receiver.notBefore > 0 && lane.failuresInARow >= mostFailuresInARow) {
      lane.failuresInARow = 0;
    }
  }

  private async beginStreams(
    { receiver, waiting, versions }: DueReceiver,
    now: number,
    thorough: boolean,
  ): Promise<number> {
    const lane = this.laneOf(receiver);
    const looked = this.quiet.get(receiver.id);
    const isQuiet = looked?.versions === versions && performance.now() - looked.at < certainty;
    const room = streamsAtOnce - lane.count('stream');
    if ((isQuiet && !thorough) || room <= 0 || waiting >= mostWaiting) {
      return 0;
    }
    const after = this.lastTenant.get(receiver.id) ?? '';
    const tenants = await this.database.read((session) =>
      this.streams.behind(session, receiver, { after, limit: room, now }),
    );
    // Taking turns: tenants that always have something do not keep the others waiting.
    this.lastTenant.set(receiver.id, tenants.length < room ? '' : (tenants.at(-1) ?? ''));
    if (tenants.length === 0 && after === '') {
      this.quiet.set(receiver.id, { versions, at: performance.now() });
    } else {
      this.quiet.delete(receiver.id);
    }
    const begun = tenants.filter((tenant) =>
      lane.begin(`stream ${tenant}`, () => this.logged(this.stream(receiver, tenant, lane))),
    );
    return begun.length + (tenants.length === 0 && after !== '' && thorough ? 1 : 0);
  }

  private async beginRetries({ receiver, nextAt }: DueReceiver, now: number): Promise<number> {
    if (nextAt === null || nextAt > now) {
      return 0;
    }
    const lane = this.laneOf(receiver);
    // Half of the places at most: what hangs again does not keep new events waiting.
    const room = Math.max(1, Math.floor(receiver.concurrency / 2)) - lane.count('retry');
    if (room <= 0) {
      return 0;
    }
    const due = await this.database.read((session) => this.deliveries.due(session, receiver.id, now, room));
    const begun = due.filter((delivery) =>
      lane.begin(`retry ${delivery.id}`, () => this.logged(this.retry(receiver, delivery, lane))),
    );
    return begun.length;
  }

  private async stream(receiver: SealedReceiver, tenant: TenantId, lane: Lane): Promise<void> {
    const stream = { receiver, tenant, lane, holder: newId() };
    const { holder } = stream;
    let work = await this.database.read(async (session) => {
      const isMine = await this.streams.take(tenant, session, receiver.id, holder);
      return isMine ? this.readBatch(stream, session) : undefined;
    });
    const renewal = setInterval(() => {
      const renewed = this.database.read((session) => this.streams.renew(tenant, session, receiver.id, holder));
      renewed.catch(() => undefined);
    }, streamLease / 3);
    let isReleased = work === undefined;
    try {
      for (let left = batchesPerTurn; work !== undefined; left -= 1) {
        const goesOn = await this.sendBatch(stream, work, left === 1);
        isReleased = !goesOn;
        work = goesOn ? await this.database.read((session) => this.readBatch(stream, session)) : undefined;
      }
    } finally {
      clearInterval(renewal);
      if (!isReleased) {
        await this.database.read((session) => this.streams.release(tenant, session, receiver.id, holder));
      }
      // What came meanwhile has been seen by a look, which left it to this stream.
      this.quiet.delete(receiver.id);
    }
  }

  private async readBatch({ receiver, tenant }: Stream, session: Session): Promise<Work> {
    const place = await this.streams.place(tenant, session, receiver.id);
    const waiting = await this.deliveries.ofTenant(tenant, session, receiver.id, place.version);
    return { place, waiting, next: await this.streams.next(tenant, session, place, eventsPerBatch) };
  }

  /** Sends one batch of a stream; whether there is another one to be sent at once. If not, the lease is given back. */
  private async sendBatch(stream: Stream, { place, waiting, next }: Work, isLast: boolean): Promise<boolean> {
    const { receiver, tenant, lane, holder } = stream;
    const wanted = next.events.filter(({ type }) => wantsType(receiver, type));
    const leavers = wanted.filter(({ type }) => deprovisioningTypes.includes(type));
    if (leavers.length > 0) {
      await this.database.write((session) => this.receipts.open(session, receiver, leavers));
    }
    const send = (to: SealedReceiver, event: FeedEvent) => this.sender.send(to, event);
    const result = await new BatchRun(receiver, lane, send, () => this.stopping).run(wanted, waiting);
    this.count(receiver, result);
    const untouched = Math.min(...result.untouched.map(({ version }) => version));
    const to = Math.max(place.version, Math.min(next.upTo, untouched - 1));
    const goesOn = next.hasMore && !isLast && !result.gaveUp && !this.stopping && result.failed.length === 0;
    const move = { holder, from: place.version, to, keeps: goesOn };
    const settled = await this.database.write((session) =>
      this.settlement.ofBatch(tenant, session, receiver, result, move),
    );
    return settled && goesOn;
  }

  private async retry(receiver: SealedReceiver, delivery: Delivery, lane: Lane): Promise<void> {
    await lane.inTurn(async () => {
      const holder = newId();
      const { id } = receiver;
      const isTaken =
        !this.stopping && (await this.database.read((session) => this.deliveries.take(session, id, delivery, holder)));
      if (!isTaken) {
        return;
      }
      const attempt = await this.sender.send(receiver, delivery.event);
      if (!attempt.ok && this.stopping) {
        await this.database.read((session) => this.deliveries.release(session, id, delivery, holder));
        return;
      }
      const isDead = await this.database.write((session) =>
        this.settlement.ofDelivery(session, receiver, delivery, { attempt, holder }),
      );
      if (attempt.ok) lane.failuresInARow = 0;
      const tally = this.tallyOf(receiver);
      tally[attempt.ok ? 'delivered' : 'failed'] += 1;
      tally.dead += isDead ? 1 : 0;
    });
  }

  private count(receiver: SealedReceiver, { delivered, failed }: BatchResult): void {
    const tally = this.tallyOf(receiver);
    tally.delivered += delivered.length;
    tally.failed += failed.length;
  }

  private tallyOf({ name }: SealedReceiver): RelayTally {
    const tally = this.tallies.get(name) ?? { delivered: 0, failed: 0, dead: 0 };
    this.tallies.set(name, tally);
    return tally;
  }

  private laneOf({ id, concurrency }: SealedReceiver): Lane {
    const lane = this.lanes.get(id) ?? new Lane(concurrency);
    lane.concurrency = concurrency;
    this.lanes.set(id, lane);
    return lane;
  }

  /** What breaks off is begun again by a later look; messages of errors may quote values, so only the kind is told. */
  private async logged(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.logger.warn(`a delivery broke off: ${(error as Error).name}; it is begun again`);
    }
  }
}
