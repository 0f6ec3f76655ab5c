import type { ErasureCounts, ErasureRequest } from '@cleanmail/users';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { PageQuery } from '../page.js';

const states = ['requested', 'cancelled', 'expired', 'confirmed', 'erasing', 'done'] as const;

/** What Entra does is not ours to stop. */
const notice =
  'A person who is still assigned to the application in Entra will be provisioned again, as a new user with a new mailbox: remove the assignment first.';

/** Whose data is to be erased, by one of the two ids, and why. */
export class AskErasureDto {
  @ApiPropertyOptional({ description: 'The user; its mailbox goes with it. Either this or mailboxId.' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(36)
  readonly userId?: string;

  @ApiPropertyOptional({ description: 'The mailbox, also of a user who was deleted; its user goes with it.' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(36)
  readonly mailboxId?: string;

  @ApiProperty({ description: 'Kept as a part of the proof, so without the name of the person.', example: 'Case 4711' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  readonly reason!: string;
}

/** Which erasures are listed. */
export class ErasureQueryDto extends PageQuery {
  @ApiPropertyOptional({
    description: 'A userName, an address or an external id: was this person erased?',
    example: 'anna@contoso.ch',
  })
  @MayBeLeftOut()
  @IsString()
  @IsNotEmpty()
  @MaxLength(600)
  readonly subject?: string;
}

/** What an erasure has changed so far. */
export class ErasureCountsView {
  @ApiProperty({ type: 'integer' }) readonly users!: number;
  @ApiProperty({ type: 'integer', description: 'Those that the same person had before among them.' })
  readonly mailboxes!: number;
  @ApiProperty({ type: 'integer', description: 'Entries of the provisioning log that lost names and details.' })
  readonly logEntries!: number;
  @ApiProperty({ type: 'integer' }) readonly auditEntries!: number;
}

/** An erasure as the admin REST shows it. */
export class ErasureView {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ nullable: true, type: String }) readonly userId!: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly mailboxId!: string | null;
  @ApiProperty() readonly reason!: string;
  @ApiProperty({ enum: states, description: 'confirmed and erasing go on by themselves; a legal hold stops them.' })
  readonly state!: string;
  @ApiProperty() readonly requestedBy!: string;
  @ApiProperty({ format: 'date-time' }) readonly requestedAt!: string;
  @ApiProperty({ format: 'date-time', description: 'Until when it can be confirmed: seven days.' })
  readonly expiresAt!: string;
  @ApiProperty({ nullable: true, type: String }) readonly confirmedBy!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly confirmedAt!: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly cancelledBy!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly cancelledAt!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly completedAt!: string | null;
  @ApiProperty() readonly counts!: ErasureCountsView;
  @ApiProperty({ description: 'What the erasure cannot do.' }) readonly notice!: string;
}

/** Renders an erasure. */
export function erasureView(request: ErasureRequest): ErasureView {
  const { id, userId, mailboxId, reason, state, requestedBy, confirmedBy, cancelledBy } = request;
  return {
    ...{ id, userId, mailboxId, reason, state, requestedBy },
    requestedAt: instant(request.requestedAt),
    expiresAt: instant(request.expiresAt),
    confirmedBy,
    confirmedAt: instant(request.confirmedAt),
    cancelledBy,
    cancelledAt: instant(request.cancelledAt),
    completedAt: instant(request.completedAt),
    counts: countsView(request.progress),
    notice,
  };
}

function countsView({ users, mailboxes, logEntries, auditEntries }: ErasureCounts): ErasureCountsView {
  return { users, mailboxes, logEntries, auditEntries };
}
