import type { AdminState, InactiveMailPolicy, MailboxKind } from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsString, MaxLength, ValidateIf } from 'class-validator';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { adminStates, inactivePolicies, mailboxKinds } from './mailbox-words.js';

const longestAddress = 600;

/** What makes a mailbox that no user of the identity provider has yet. */
export class CreateMailboxDto {
  @ApiProperty({ example: 'info@contoso.ch' })
  @IsString()
  @MaxLength(longestAddress)
  readonly address!: string;

  @ApiPropertyOptional({ enum: mailboxKinds, default: 'user' })
  @MayBeLeftOut()
  @IsIn(mailboxKinds)
  readonly kind: MailboxKind = 'user';

  @ApiPropertyOptional({ enum: ['manual', 'import'], default: 'manual' })
  @MayBeLeftOut()
  @IsIn(['manual', 'import'])
  readonly origin: 'manual' | 'import' = 'manual';

  @ApiPropertyOptional({ type: [String], example: ['office@contoso.ch'] })
  @MayBeLeftOut()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @MaxLength(longestAddress, { each: true })
  readonly aliases: readonly string[] = [];
}

/** What changes a mailbox; what is left out stays. */
export class ChangeMailboxDto {
  @ApiPropertyOptional({
    enum: adminStates,
    description: 'suspended and forced_active stand above what the identity provider says; none takes that back.',
  })
  @MayBeLeftOut()
  @IsIn(adminStates)
  readonly adminState?: AdminState;

  @ApiPropertyOptional({ enum: mailboxKinds, description: 'Only a user’s mailbox takes a seat.' })
  @MayBeLeftOut()
  @IsIn(mailboxKinds)
  readonly kind?: MailboxKind;

  @ApiPropertyOptional({ description: 'While it is on, nothing of the mailbox is erased.' })
  @MayBeLeftOut()
  @IsBoolean()
  readonly legalHold?: boolean;

  @ApiPropertyOptional({
    enum: inactivePolicies,
    nullable: true,
    type: String,
    description: 'null: as the tenant’s policy says.',
  })
  @ValidateIf((_request: object, value: unknown) => value !== undefined && value !== null)
  @IsIn(inactivePolicies)
  readonly inactiveMailPolicy?: InactiveMailPolicy | null;
}

/** What gives a mailbox one more address. */
export class AddAliasDto {
  @ApiProperty({ example: 'office@contoso.ch' })
  @IsString()
  @MaxLength(longestAddress)
  readonly address!: string;
}
