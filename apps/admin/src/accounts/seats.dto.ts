import {
  type MailPolicy,
  type MonthlyPeak,
  monthStart,
  type Period,
  type SeatInterval,
  type SeatUsage,
} from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsISO8601, Max, Min } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { isUuid, PageQuery } from '../page.js';

/** How far back the monthly peaks go. */
export class SeatsQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 60, default: 12 })
  @MayBeLeftOut()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(60)
  readonly months: number = 12;
}

/** Which intervals to list. */
export class SeatIntervalQueryDto extends PageQuery {
  @ApiPropertyOptional({ format: 'date-time', description: 'Begin of the period; this month’s unless given.' })
  @MayBeLeftOut()
  @IsISO8601({ strict: true })
  readonly from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'End of the period, exclusive; now unless given.' })
  @MayBeLeftOut()
  @IsISO8601({ strict: true })
  readonly to?: string;
}

/** The most seats in use at once in a month. */
export class MonthlyPeakView implements MonthlyPeak {
  @ApiProperty({ example: '2026-11' }) readonly month!: string;
  @ApiProperty({ type: 'integer' }) readonly peak!: number;
}

/** The seats of a tenant as the admin REST shows them. */
export class SeatsView implements SeatUsage {
  @ApiProperty({ type: 'integer' }) readonly used!: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'null: any number.' }) readonly limit!: number | null;
  @ApiProperty({ enum: ['soft', 'hard'] }) readonly policy!: MailPolicy['seatPolicy'];
  @ApiProperty({ type: 'integer', description: 'Seats in use beyond the limit.' }) readonly over!: number;
  @ApiProperty({ type: 'integer', description: 'Mailboxes that wait for a seat.' }) readonly waiting!: number;
  @ApiProperty({ type: [MonthlyPeakView], description: 'Oldest month first, UTC.' })
  readonly peaks!: readonly MonthlyPeakView[];
}

/** A time in which a mailbox occupied a seat. */
export class SeatIntervalView {
  @ApiProperty() readonly id!: string;
  @ApiProperty() readonly mailboxId!: string;
  @ApiProperty({ format: 'date-time' }) readonly from!: string;
  @ApiProperty({ nullable: true, format: 'date-time', type: String, description: 'null while it lasts.' })
  readonly to!: string | null;
}

/** Whether a text can be the id of an interval, so a mailbox and an instant. */
export function isIntervalId(text: string): boolean {
  const [mailbox = '', since, ...rest] = text.split(':');
  return isUuid(mailbox) && Number.isSafeInteger(Number(since)) && rest.length === 0;
}

/** Renders an interval. */
export function seatIntervalView({ id, mailboxId, from, to }: SeatInterval): SeatIntervalView {
  return { id, mailboxId, from: instant(from), to: instant(to) };
}

/** This month and those before it. */
export function lastMonths({ months }: SeatsQueryDto, now: number): Period {
  return { from: monthStart(now, 1 - months), to: now };
}

/** The period that was asked for. */
export function periodOf({ from, to }: SeatIntervalQueryDto, now: number): Period {
  return {
    from: from === undefined ? monthStart(now, 0) : Date.parse(from),
    to: to === undefined ? now : Date.parse(to),
  };
}
