import type { FieldDifference } from '@cleanmail/mailboxes';
import type { RepairedDifference, UserDifference } from '@cleanmail/users';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, ValidateNested } from 'class-validator';
import { ImportRowDto } from '../accounts/import-mailboxes.dto.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { PageQuery } from '../page.js';

const kinds = [
  'userWithoutMailbox',
  'mailboxWithoutUser',
  'recipients',
  'active',
  'externalId',
  'kind',
  'address',
] as const satisfies readonly UserDifference['kind'][];
const fields = [
  'address',
  'role',
  'status',
  'kind',
  'alias',
  'legalHold',
] as const satisfies readonly FieldDifference['field'][];

/** Which part of a tenant is looked at: first its users, then its mailboxes. */
export class ReconcileQueryDto extends PageQuery {}

/** Which part of a tenant is looked at and repaired. */
export class RepairDto extends PageQuery {
  @ApiPropertyOptional({
    default: false,
    description: 'Also ends mailboxes whose user there is not; their data goes into retention.',
  })
  @MayBeLeftOut()
  @IsBoolean()
  readonly removeExtra: boolean = false;
}

/** Rows of a list of accounts to compare. */
export class CompareRowsDto {
  @ApiProperty({ type: [ImportRowDto], description: 'At most 1000, and 1 MiB.' })
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => ImportRowDto)
  readonly rows!: readonly ImportRowDto[];
}

/** Something about a user and a mailbox that does not go together. */
export class UserDifferenceView {
  @ApiProperty({ enum: kinds }) readonly kind!: UserDifference['kind'];
  @ApiProperty({ nullable: true, type: String }) readonly userId!: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly mailboxId!: string | null;
  @ApiProperty({ description: 'userName, or what is wrong in words.' }) readonly subject!: string;
  @ApiProperty({ description: 'What the mailbox has.' }) readonly mapping!: string;
  @ApiProperty({ description: 'What follows from the user.' }) readonly source!: string;
  @ApiPropertyOptional({ description: 'After a repair: whether it was.' }) readonly isRepaired?: boolean;
  @ApiPropertyOptional({ description: 'Why it was not repaired.' }) readonly problem?: string;
}

/** What was found in a part of a tenant. */
export class ReconciledView {
  @ApiProperty({ type: [UserDifferenceView] }) readonly items!: readonly (UserDifferenceView | RepairedDifference)[];
  @ApiProperty({ type: 'integer', description: 'Users that were looked at.' }) readonly users!: number;
  @ApiProperty({ type: 'integer', description: 'Mailboxes that were looked at.' }) readonly mailboxes!: number;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'integer' },
    description: 'On the first part: addresses that are wanted and not granted, by reason.',
  })
  readonly wishes?: Readonly<Record<string, number>>;
  @ApiPropertyOptional({ description: 'cursor of the next part; absent on the last one' }) readonly nextCursor?: string;
}

/** What of a mailbox is not as a row has it. */
export class FieldDifferenceView {
  @ApiProperty({ enum: fields }) readonly field!: FieldDifference['field'];
  @ApiProperty() readonly mapping!: string;
  @ApiProperty() readonly source!: string;
}

/** A row beside the mapping. */
export class RowComparisonView {
  @ApiProperty({ nullable: true, type: String, description: 'The address as it is looked up; null: it is none.' })
  readonly key!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'null: no mailbox of the tenant has the address.' })
  readonly mailboxId!: string | null;
  @ApiProperty({ type: [FieldDifferenceView] }) readonly differences!: readonly FieldDifferenceView[];
}

/** Rows beside the mapping, each in its place. */
export class RowComparisonsView {
  @ApiProperty({ type: [RowComparisonView] }) readonly items!: readonly RowComparisonView[];
}

/** A recipient as a gateway should have it. */
export class RecipientView {
  @ApiProperty() readonly key!: string;
  @ApiProperty({ enum: ['accept', 'reject', 'defer', 'hold'] }) readonly action!: string;
  @ApiProperty() readonly primary!: string;
  @ApiProperty() readonly mailboxId!: string;
}

/** Some recipients of a tenant, by mailbox. */
export class RecipientsView {
  @ApiProperty({ type: [RecipientView] }) readonly items!: readonly RecipientView[];
  @ApiPropertyOptional() readonly nextCursor?: string;
}

/** What the recipients of a tenant come to; null while they change faster than they can be read. */
export class DigestView {
  @ApiProperty({ nullable: true, type: 'integer' }) readonly version!: number | null;
  @ApiProperty({ nullable: true, type: 'integer' }) readonly count!: number | null;
  @ApiProperty({ nullable: true, type: String }) readonly digest!: string | null;
}
