import type { ImportAnswer, MailboxKind } from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { CreateMailboxDto } from './change-mailbox.dto.js';
import { mailboxKinds } from './mailbox-words.js';

const outcomes = [
  'made',
  'parked',
  'present',
  'adopted',
  'refused',
] as const satisfies readonly ImportAnswer['outcome'][];

/** An account that was there before. */
export class ImportRowDto extends PickType(CreateMailboxDto, ['address', 'aliases'] as const) {
  @ApiPropertyOptional({ enum: mailboxKinds, description: 'Left out: user, and userType may change it.' })
  @MayBeLeftOut()
  @IsIn(mailboxKinds)
  readonly kind?: MailboxKind;

  @ApiPropertyOptional({ description: 'Only the user who comes with the same externalId gets the mailbox then.' })
  @MayBeLeftOut()
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  readonly externalId?: string;

  @ApiPropertyOptional()
  @MayBeLeftOut()
  @IsBoolean()
  readonly legalHold?: boolean;
}

/** Some rows of an import. */
export class ImportMailboxesDto {
  @ApiProperty({ type: [ImportRowDto], description: 'At most 1000, and 1 MiB.' })
  @IsArray()
  @ArrayMaxSize(1000)
  @ValidateNested({ each: true })
  @Type(() => ImportRowDto)
  readonly rows!: readonly ImportRowDto[];

  @ApiPropertyOptional({ default: false, description: 'Says what would come of the rows, and does nothing.' })
  @MayBeLeftOut()
  @IsBoolean()
  readonly dryRun: boolean = false;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'Seats that earlier calls of the same dry run would have taken.',
  })
  @MayBeLeftOut()
  @IsInt()
  @Min(0)
  readonly seatsAssumed: number = 0;
}

/** What came of a row of an import. */
export class ImportAnswerView {
  @ApiProperty({
    enum: outcomes,
    description:
      'made, parked (it waits), present (a mailbox without a user has the address), adopted (the mailbox of a user has it), refused',
  })
  readonly outcome!: ImportAnswer['outcome'];
  @ApiPropertyOptional() readonly mailboxId?: string;
  @ApiPropertyOptional({ description: 'Why it waits or was refused.' }) readonly reason?: string;
  @ApiPropertyOptional({ description: 'The address that the reason is about.' }) readonly address?: string;
}

/** The answers to the rows of an import, each in the place of its row. */
export class ImportAnswersView {
  @ApiProperty({ type: [ImportAnswerView] }) readonly items!: readonly ImportAnswerView[];
}
