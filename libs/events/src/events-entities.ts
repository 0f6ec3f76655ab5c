import { EventCursorEntity } from './delivery/event-cursor.entity.js';
import { EventDeliveryEntity } from './delivery/event-delivery.entity.js';
import { EventReceiverEntity } from './receiver.entity.js';
import { EventReceiptEntity } from './receipts/event-receipt.entity.js';

/** The tables of this package, for a TypeORM DataSource. */
export const eventEntities = [EventReceiverEntity, EventCursorEntity, EventDeliveryEntity, EventReceiptEntity] as const;
