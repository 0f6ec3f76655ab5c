import { type Delivery, type Receiver, type ReceiverFormat, receiverFormats } from '@cleanmail/events';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsISO8601,
  IsString,
  IsUUID,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { PageQuery } from '../page.js';

const receiverName = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const eventType = /^[a-z]+(?:[._-][a-z]+){1,5}$/;
const statuses = ['active', 'paused', 'disabled'] as const;
const changeable = ['active', 'paused'] as const;
const starts = ['now', 'horizon'] as const;
const isGiven = (_request: object, value: unknown) => value !== undefined && value !== null;

/** What adds a receiver. */
export class AddReceiverDto {
  @ApiProperty({ example: 'quarantine', description: 'Lower-case letters, digits, dot, dash and underscore.' })
  @Matches(receiverName, { message: 'name must be up to 64 lower-case letters, digits, dots, dashes or underscores' })
  readonly name!: string;

  @ApiPropertyOptional({ maxLength: 1000, description: 'Where events are posted to; without one they are fetched.' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(1000)
  readonly url?: string;

  @ApiPropertyOptional({ enum: receiverFormats, default: 'standard-webhooks' })
  @MayBeLeftOut()
  @IsIn(receiverFormats)
  readonly format?: ReceiverFormat;

  @ApiPropertyOptional({ type: [String], format: 'uuid', description: 'Only events of these tenants.' })
  @MayBeLeftOut()
  @IsUUID('all', { each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  readonly tenants?: readonly string[];

  @ApiPropertyOptional({ type: [String], example: ['mailbox.suspended'], description: 'Only events of these types.' })
  @MayBeLeftOut()
  @Matches(eventType, { each: true, message: 'types must be names of events, such as mailbox.suspended' })
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  readonly types?: readonly string[];

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 64, default: 8 })
  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(64)
  readonly concurrency?: number;

  @ApiPropertyOptional({ enum: starts, default: 'now', description: 'horizon: with all events that are kept.' })
  @MayBeLeftOut()
  @IsIn(starts)
  readonly start?: 'now' | 'horizon';
}

/** What changes a receiver. */
export class ChangeReceiverDto {
  @ApiPropertyOptional()
  @MayBeLeftOut()
  @Matches(receiverName, { message: 'name must be up to 64 lower-case letters, digits, dots, dashes or underscores' })
  readonly name?: string;

  @ApiPropertyOptional({ maxLength: 1000 })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(1000)
  readonly url?: string;

  @ApiPropertyOptional({ enum: changeable, description: 'active also ends that it is disabled.' })
  @MayBeLeftOut()
  @IsIn(changeable)
  readonly status?: 'active' | 'paused';

  @ApiPropertyOptional({ type: [String], nullable: true, description: 'null: of all tenants.' })
  @ValidateIf(isGiven)
  @IsUUID('all', { each: true })
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  readonly tenants?: readonly string[] | null;

  @ApiPropertyOptional({ type: [String], nullable: true, description: 'null: of all types.' })
  @ValidateIf(isGiven)
  @Matches(eventType, { each: true, message: 'types must be names of events, such as mailbox.suspended' })
  @ArrayMinSize(1)
  @ArrayMaxSize(100)
  readonly types?: readonly string[] | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 64 })
  @MayBeLeftOut()
  @IsInt()
  @Min(1)
  @Max(64)
  readonly concurrency?: number;
}

/** What replaces a receiver's secret. */
export class RotateReceiverDto {
  @ApiPropertyOptional({
    ...{ type: 'integer', minimum: 0, maximum: 2_592_000, default: 86_400 },
    description: 'For how long deliveries are signed with the secret before, too.',
  })
  @MayBeLeftOut()
  @IsInt()
  @Min(0)
  @Max(2_592_000)
  readonly overlapSeconds?: number;
}

/** What to send again. */
export class ReplayDto {
  @ApiPropertyOptional({ description: 'What was given up; also when nothing else is said.' })
  @MayBeLeftOut()
  @IsBoolean()
  readonly dead?: boolean;

  @ApiPropertyOptional({ format: 'date-time', description: 'Everything since then, or what was given up since then.' })
  @MayBeLeftOut()
  @IsISO8601({ strict: true })
  readonly since?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @MayBeLeftOut()
  @IsUUID()
  readonly tenantId?: string;
}

/** How much is sent again. */
export class ReplayView {
  @ApiProperty({ type: 'integer', description: 'Dead events, or tenants in which the receiver goes back.' })
  readonly replayed!: number;
}

/** What became of a trial. */
export class AttemptView {
  @ApiProperty() readonly ok!: boolean;
  @ApiProperty({ type: 'integer', nullable: true }) readonly status!: number | null;
  @ApiProperty({ type: String, nullable: true }) readonly error!: string | null;
  @ApiProperty({ type: 'integer' }) readonly durationMs!: number;
}

/** A receiver as the admin REST shows it: never its secret. */
export class ReceiverView {
  @ApiProperty() readonly id!: string;
  @ApiProperty() readonly name!: string;
  @ApiProperty({ type: String, nullable: true }) readonly url!: string | null;
  @ApiProperty({ enum: receiverFormats }) readonly format!: ReceiverFormat;
  @ApiProperty({ enum: statuses, description: 'disabled: nothing was answered well for days.' })
  readonly status!: string;
  @ApiProperty({ type: [String], nullable: true }) readonly tenants!: readonly string[] | null;
  @ApiProperty({ type: [String], nullable: true }) readonly types!: readonly string[] | null;
  @ApiProperty({ type: 'integer' }) readonly concurrency!: number;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) readonly failingSince!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) readonly formerSecretUntil!: string | null;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ format: 'date-time' }) readonly updatedAt!: string;
}

/** A receiver at the one time when its secret is seen. */
export class IssuedReceiverView extends ReceiverView {
  @ApiProperty({ description: 'Verifies deliveries, as Standard Webhooks have it; shown this once.' })
  readonly secret!: string;
}

/** Which events that were not delivered to list. */
export class DeliveryQueryDto extends PageQuery {
  @ApiPropertyOptional({ enum: ['waiting', 'dead'], default: 'dead' })
  @MayBeLeftOut()
  @IsIn(['waiting', 'dead'])
  readonly state: 'waiting' | 'dead' = 'dead';
}

/** An event that waits for another attempt, or was given up. */
export class DeliveryView {
  @ApiProperty() readonly id!: string;
  @ApiProperty() readonly eventId!: string;
  @ApiProperty() readonly type!: string;
  @ApiProperty() readonly tenantId!: string;
  @ApiProperty({ type: String, nullable: true }) readonly mailboxId!: string | null;
  @ApiProperty({ type: 'integer' }) readonly version!: number;
  @ApiProperty({ enum: ['waiting', 'dead'] }) readonly state!: string;
  @ApiProperty({ type: 'integer' }) readonly attempts!: number;
  @ApiProperty({ type: String, nullable: true }) readonly error!: string | null;
  @ApiProperty({ format: 'date-time' }) readonly firstFailedAt!: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) readonly nextAttemptAt!: string | null;
}

/** Renders a receiver. */
export function receiverView(receiver: Receiver): ReceiverView {
  const { id, name, url, format, status, tenants, types, concurrency } = receiver;
  return {
    ...{ id, name, url, format, status, tenants, types, concurrency },
    failingSince: instant(receiver.failingSince),
    formerSecretUntil: instant(receiver.formerUntil),
    createdAt: instant(receiver.createdAt),
    updatedAt: instant(receiver.updatedAt),
  };
}

/** Renders an event that was not delivered. */
export function deliveryView({ id, event, state, attempts, error, ...times }: Delivery): DeliveryView {
  return {
    ...{ id, eventId: event.id, type: event.type, tenantId: event.tenantId, mailboxId: event.mailboxId },
    ...{ version: event.version, state, attempts, error },
    firstFailedAt: instant(times.firstFailedAt),
    nextAttemptAt: state === 'dead' ? null : instant(times.nextAttemptAt),
  };
}
