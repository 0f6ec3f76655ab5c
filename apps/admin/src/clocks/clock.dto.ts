import type { ClockRun, ClockStatus } from '@cleanmail/journal';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';

/** Which clock jobs to run. */
export class RunClocksDto {
  @ApiPropertyOptional({ description: 'Only the job of this name; all when absent.', example: 'mailbox-purge' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(64)
  readonly job?: string;
}

/** A run of a clock job. */
export class ClockRunView {
  @ApiProperty() readonly name!: string;
  @ApiProperty({ nullable: true, enum: ['done', 'failed', 'stopped'], type: String }) readonly outcome!: string | null;
  @ApiProperty({ type: 'integer' }) readonly done!: number;
  @ApiProperty({ type: 'integer', description: 'Due, and left as it was: on legal hold, or no longer due.' })
  readonly skipped!: number;
  @ApiProperty({ type: 'integer', description: 'Tried again by the next run.' }) readonly failed!: number;
  @ApiProperty({ type: 'integer', nullable: true }) readonly durationMs!: number | null;
  @ApiProperty({ nullable: true, type: String }) readonly error!: string | null;
}

/** A clock job with its last run, on whichever node that was. */
export class ClockStatusView extends ClockRunView {
  @ApiProperty() readonly isRunning!: boolean;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly startedAt!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly finishedAt!: string | null;
}

/** What this node ran; jobs that another node is at are not among them. */
export class ClockRunsView {
  @ApiProperty({ type: [ClockRunView] }) readonly items!: readonly ClockRunView[];
}

/** All clock jobs. */
export class ClockStatusesView {
  @ApiProperty({ type: [ClockStatusView] }) readonly items!: readonly ClockStatusView[];
}

/** Renders a run. */
export function clockRunView({ name, outcome, done, skipped, failed, durationMs, error }: ClockRun): ClockRunView {
  return { name, outcome, done, skipped, failed, durationMs, error };
}

/** Renders a job with its last run. */
export function clockStatusView(status: ClockStatus): ClockStatusView {
  const { name, outcome, done, skipped, failed, durationMs, error, isRunning, startedAt, finishedAt } = status;
  return {
    ...{ name, outcome, done, skipped, failed, durationMs, error, isRunning },
    startedAt: instant(startedAt),
    finishedAt: instant(finishedAt),
  };
}
