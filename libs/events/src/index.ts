export { eventClockJobs } from './clock-jobs.js';
export { DeadLetters, type Replay } from './dead-letters.js';
export type { Delivery } from './delivery/delivery.repository.js';
export { EventCursorEntity } from './delivery/event-cursor.entity.js';
export { EventDeliveryEntity } from './delivery/event-delivery.entity.js';
export { Relay, type RelayTally } from './delivery/relay.js';
export { defaultTimeouts, EVENT_SETTINGS, type EventSettings } from './event-settings.js';
export { EventReceiverEntity } from './receiver.entity.js';
export { EventRetentionJob } from './event-retention.job.js';
export { eventEntities } from './events-entities.js';
export { EventsModule } from './events.module.js';
export { EventFeed, type FeedPage, type FetchedEvents } from './feed/event-feed.js';
export type { FeedEvent } from './feed/feed-event.js';
export type { Acknowledgement, Receipt, ReceiptState } from './receipts/receipt.js';
export { EventReceiptEntity } from './receipts/event-receipt.entity.js';
export { type LaterAcknowledgement, ReceiptsService } from './receipts/receipts.service.js';
export { type Receiver, type ReceiverFormat, receiverFormats, type ReceiverStatus } from './receiver.js';
export {
  InvalidFeedCursorError,
  InvalidReceiverError,
  ReceiverExistsError,
  ReceiverNotFoundError,
} from './receivers.errors.js';
export { type IssuedReceiver, type NewReceiver, type ReceiverChange, ReceiversService } from './receivers.service.js';
export { SecurityEventTokens } from './sending/security-event-tokens.js';
export type { Attempt } from './sending/sender.js';
