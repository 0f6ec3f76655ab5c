import { Database, newId, type TenantId } from '@cleanmail/database';
import {
  DeadLetters,
  EVENT_SETTINGS,
  EventFeed,
  EventRetentionJob,
  type EventSettings,
  EventsModule,
  ReceiptsService,
  ReceiversService,
  Relay,
  SecurityEventTokens,
} from '@cleanmail/events';
import { Outbox, type OutboxEvent } from '@cleanmail/journal';
import { NestFactory } from '@nestjs/core';

/** A node that delivers events from a database. */
export interface EventsNode {
  readonly relay: Relay;
  readonly receivers: ReceiversService;
  readonly receipts: ReceiptsService;
  readonly feed: EventFeed;
  readonly deadLetters: DeadLetters;
  readonly tokens: SecurityEventTokens;
  readonly retention: EventRetentionJob;
  close(): Promise<void>;
}

const settings: EventSettings = {
  pepper: 'pepper-of-the-contract-tests',
  allowPrivate: ['127.0.0.0/8'],
  disableAfterDays: 5,
  issuer: 'https://cloud.cleanmail.example',
  timeouts: { connect: 1000, headers: 400, whole: 400 },
  receiptDays: 30,
  deadLetterDays: 30,
};

/** Puts the classes of the package together as the service does. */
export async function openNode(database: Database, changes: Partial<EventSettings> = {}): Promise<EventsNode> {
  const provider = { provide: Database, useValue: database };
  class SharedModule {}
  class NodeModule {}
  const shared = { module: SharedModule, global: true, providers: [provider], exports: [provider] };
  const events = EventsModule.with({ provide: EVENT_SETTINGS, useValue: { ...settings, ...changes } });
  const context = await NestFactory.createApplicationContext(
    { module: NodeModule, imports: [shared, events] },
    { logger: false },
  );
  return {
    relay: context.get(Relay),
    receivers: context.get(ReceiversService),
    receipts: context.get(ReceiptsService),
    feed: context.get(EventFeed),
    deadLetters: context.get(DeadLetters),
    tokens: context.get(SecurityEventTokens),
    retention: context.get(EventRetentionJob),
    close: () => context.close(),
  };
}

/** Appends events to the feed of a tenant as a change does, each under a version of its own; answers their ids by version. */
export async function publish(
  database: Database,
  tenant: TenantId,
  ...events: readonly (Pick<OutboxEvent, 'mailboxId'> & { readonly type?: string; readonly userId?: string })[]
): Promise<void> {
  const outbox = new Outbox();
  for (const { mailboxId, type = 'mailbox.activated', userId } of events) {
    await database.write(async (session) => {
      const counter = { table: 'tenant_mail_counter', column: 'feed_version' };
      const version = await session.increment(counter, tenant, 1);
      const cause = { actor: 'test', requestId: 'request-of-a-test', at: Date.now() };
      const data = { status: 'active', userId: userId ?? null, displayName: 'Anna Muster' };
      const about = mailboxId === undefined ? {} : { mailboxId };
      await outbox.append(tenant, session, version, cause, [{ ...about, type, data }]);
    });
  }
}

/** An id for a mailbox that only events know of. */
export function someMailbox(): string {
  return newId();
}
