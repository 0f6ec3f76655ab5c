import type { GuardBatch, GuardBatchStatus } from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { PageQuery } from '../page.js';

const statuses = ['open', 'released', 'rejected', 'closed'] as const satisfies readonly GuardBatchStatus[];

/** Which batches to list. */
export class GuardBatchQueryDto extends PageQuery {
  @ApiPropertyOptional({ enum: statuses })
  @MayBeLeftOut()
  @IsIn(statuses)
  readonly status?: GuardBatchStatus;
}

/** A batch of leavers as the admin REST shows it. */
export class GuardBatchView {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ enum: statuses, description: 'closed: the tenant was closed while the batch was open.' })
  readonly status!: GuardBatchStatus;
  @ApiProperty({ type: 'integer', description: 'Leavers within an hour that took effect when the batch was opened.' })
  readonly threshold!: number;
  @ApiProperty({ type: 'integer', description: 'Held deactivations: now, or when it was decided.' })
  readonly deactivations!: number;
  @ApiProperty({ type: 'integer', description: 'Held deletions: now, or when it was decided.' })
  readonly deletions!: number;
  @ApiProperty({ format: 'date-time' }) readonly openedAt!: string;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly decidedAt!: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly decidedBy!: string | null;
  @ApiProperty({
    nullable: true,
    format: 'date-time',
    type: String,
    description: 'When all mailboxes had followed the decision; null until then.',
  })
  readonly settledAt!: string | null;
}

/** Renders a batch of leavers. */
export function guardBatchView(batch: GuardBatch): GuardBatchView {
  const { id, status, threshold, deactivations, deletions, decidedBy } = batch;
  return {
    id,
    status,
    threshold,
    deactivations,
    deletions,
    openedAt: instant(batch.openedAt),
    decidedAt: instant(batch.decidedAt),
    decidedBy,
    settledAt: instant(batch.settledAt),
  };
}
