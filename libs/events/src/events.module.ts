import { JournalModule } from '@cleanmail/journal';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { DeadLetters } from './dead-letters.js';
import { DeliveryRepository } from './delivery/delivery.repository.js';
import { Relay } from './delivery/relay.js';
import { Settlement } from './delivery/settlement.js';
import { StreamRepository } from './delivery/stream.repository.js';
import { EventRetentionJob } from './event-retention.job.js';
import { EventFeed } from './feed/event-feed.js';
import { ReceiptRepository } from './receipts/receipt.repository.js';
import { ReceiptsService } from './receipts/receipts.service.js';
import { ReceiverRepository } from './receiver.repository.js';
import { ReceiverSecrets } from './receiver-secrets.js';
import { ReceiversService } from './receivers.service.js';
import { AddressPolicy } from './sending/address-policy.js';
import { SecurityEventTokens } from './sending/security-event-tokens.js';
import { Sender } from './sending/sender.js';

const exported = [
  DeadLetters,
  EventFeed,
  EventRetentionJob,
  ReceiptsService,
  ReceiversService,
  Relay,
  SecurityEventTokens,
];
const repositories = [DeliveryRepository, ReceiptRepository, ReceiverRepository, StreamRepository];

/** Receivers, delivery, receipts and feeds; needs a Database among the application's global providers. */
@Module({})
export class EventsModule {
  /** `settings` provides EVENT_SETTINGS. */
  static with(settings: Provider): DynamicModule {
    return {
      module: EventsModule,
      imports: [JournalModule],
      providers: [settings, ...exported, ...repositories, AddressPolicy, ReceiverSecrets, Sender, Settlement],
      exports: exported,
    };
  }
}
