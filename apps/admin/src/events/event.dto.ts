import type { FeedEvent, Receipt, RelayTally } from '@cleanmail/events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsString, IsUUID, Matches, MaxLength, Min } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { PageQuery } from '../page.js';

/** An event: ids and codes, no names. */
export class EventView {
  @ApiProperty() readonly id!: string;
  @ApiProperty() readonly type!: string;
  @ApiProperty() readonly tenantId!: string;
  @ApiProperty({ type: 'integer', description: 'Grows within the tenant.' }) readonly version!: number;
  @ApiProperty({ type: 'integer' }) readonly position!: number;
  @ApiProperty({ type: String, nullable: true }) readonly mailboxId!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly userId!: string | null;
  @ApiProperty({ format: 'date-time' }) readonly at!: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) readonly data!: Readonly<Record<string, unknown>>;
}

/** A piece of a tenant's feed. */
export class EventFeedView {
  @ApiProperty({ type: [EventView] }) readonly items!: readonly EventView[];
  @ApiProperty({ description: 'Where to go on, also when there is nothing more for now.' }) readonly cursor!: string;
  @ApiProperty() readonly hasMore!: boolean;
  @ApiProperty({ description: 'Events behind the cursor have ended: read the tenant anew.' }) readonly reset!: boolean;
}

/** What a receiver is to fetch. */
export class FetchedEventsView {
  @ApiProperty({ type: [EventView] }) readonly items!: readonly EventView[];
  @ApiProperty({ description: 'To be acknowledged when everything of it is done, also when it has no items.' })
  readonly upTo!: string;
  @ApiProperty() readonly hasMore!: boolean;
}

/** What was fetched and done. */
export class AcknowledgeUpToDto {
  @ApiProperty({ description: 'upTo of the answer.' })
  @IsString()
  @MaxLength(20_000)
  readonly upTo!: string;
}

/** What a receiver says of an event that it answered 202. */
export class AcknowledgementDto {
  @ApiProperty({ description: 'webhook-id of the delivery.' })
  @IsString()
  @MaxLength(64)
  readonly eventId!: string;

  @ApiProperty({ enum: ['done', 'failed'] })
  @IsIn(['done', 'failed'])
  readonly status!: 'done' | 'failed';

  @ApiPropertyOptional({ maxLength: 64, description: 'A code of your own, never a name or an address.' })
  @MayBeLeftOut()
  @Matches(/^[A-Za-z0-9_.:-]{1,64}$/, { message: 'detail must be a code of letters, digits, dots, colons and dashes' })
  readonly detail?: string;

  @ApiPropertyOptional({ format: 'uuid', description: 'To record the failure of an event that ends no access.' })
  @MayBeLeftOut()
  @IsUUID()
  readonly tenantId?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'As tenantId.' })
  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  readonly version?: number;
}

/** Whether what a receiver said is kept. */
export class AcknowledgedView {
  @ApiProperty() readonly eventId!: string;
  @ApiProperty({ description: 'Only of events that end access, and of failures.' }) readonly recorded!: boolean;
}

/** Which receipts to list. */
export class ReceiptQueryDto extends PageQuery {
  @ApiPropertyOptional({ description: 'Id of the user.' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(36)
  readonly user?: string;

  @ApiPropertyOptional({ description: 'Id of the mailbox.' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(36)
  readonly mailbox?: string;
}

/** What one receiver said. */
export class ReceiptAnswerView {
  @ApiProperty() readonly receiver!: string;
  @ApiProperty({ enum: ['open', 'accepted', 'done', 'failed'] }) readonly state!: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) readonly deliveredAt!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) readonly acknowledgedAt!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly detail!: string | null;
}

/** One event of a leaver with what every receiver said. */
export class ReceiptView {
  @ApiProperty() readonly eventId!: string;
  @ApiProperty() readonly type!: string;
  @ApiProperty({ type: 'integer' }) readonly version!: number;
  @ApiProperty({ type: String, nullable: true }) readonly mailboxId!: string | null;
  @ApiProperty({ type: String, nullable: true }) readonly userId!: string | null;
  @ApiProperty({ format: 'date-time', description: 'When it was asked for.' }) readonly requestedAt!: string;
  @ApiProperty() readonly complete!: boolean;
  @ApiProperty({ type: 'integer', nullable: true, description: 'From the request to the last acknowledgement.' })
  readonly durationMs!: number | null;
  @ApiProperty({ type: [ReceiptAnswerView] }) readonly acknowledgements!: readonly ReceiptAnswerView[];
}

/** What one run delivered to one receiver. */
export class DeliveredView {
  @ApiProperty() readonly receiver!: string;
  @ApiProperty({ type: 'integer' }) readonly delivered!: number;
  @ApiProperty({ type: 'integer' }) readonly failed!: number;
  @ApiProperty({ type: 'integer', description: 'Given up.' }) readonly dead!: number;
}

/** What one run delivered. */
export class DeliveriesView {
  @ApiProperty({ type: [DeliveredView] }) readonly items!: readonly DeliveredView[];
}

/** Keys by which tokens are verified (RFC 7517). */
export class EventKeysView {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  readonly keys!: readonly object[];
}

/** Renders an event. */
export function eventView(event: FeedEvent): EventView {
  const { id, type, tenantId, version, position, mailboxId, userId, at, data } = event;
  return { id, type, tenantId, version, position, mailboxId, userId, at: instant(at), data };
}

/** Renders a receipt. */
export function receiptView(receipt: Receipt): ReceiptView {
  const { eventId, type, version, mailboxId, userId, requestedAt, isComplete, durationMs, acknowledgements } = receipt;
  return {
    ...{
      eventId,
      type,
      version,
      mailboxId,
      userId,
      requestedAt: instant(requestedAt),
      complete: isComplete,
      durationMs,
    },
    acknowledgements: acknowledgements.map(({ receiver, state, deliveredAt, acknowledgedAt, detail }) => ({
      ...{ receiver, state, detail, deliveredAt: instant(deliveredAt), acknowledgedAt: instant(acknowledgedAt) },
    })),
  };
}

/** Renders what a run delivered. */
export function deliveriesView(tallies: ReadonlyMap<string, RelayTally>): DeliveriesView {
  return { items: [...tallies].map(([receiver, tally]) => ({ receiver, ...tally })) };
}
