import { type InactiveMailPolicy, type MailPolicy, policyRanges } from '@cleanmail/mailboxes';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, Max, Min, ValidateIf } from 'class-validator';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { inactivePolicies } from './mailbox-words.js';

const addressSources = ['userName', 'workEmail', 'primaryEmail'] as const;
const unownedDomainPolicies = ['park', 'reject'] as const;
const kindSources = ['admin', 'userType'] as const;
const seatPolicies = ['soft', 'hard'] as const;

/** A tenant's mail policy as the admin REST shows it. */
export class MailPolicyView implements MailPolicy {
  @ApiProperty({ enum: addressSources }) readonly addressSource!: MailPolicy['addressSource'];
  @ApiProperty() readonly emailsAsAliases!: boolean;
  @ApiProperty({ enum: unownedDomainPolicies }) readonly unownedDomainPolicy!: MailPolicy['unownedDomainPolicy'];
  @ApiProperty({ enum: kindSources }) readonly kindSource!: MailPolicy['kindSource'];
  @ApiProperty({ enum: inactivePolicies }) readonly inactiveMailPolicy!: InactiveMailPolicy;
  @ApiProperty({ type: 'integer' }) readonly inactiveGraceHours!: number;
  @ApiProperty({ type: 'integer' }) readonly formerDays!: number;
  @ApiProperty({ type: 'integer' }) readonly deleteRetentionDays!: number;
  @ApiProperty({ type: 'integer' }) readonly reserveDays!: number;
  @ApiProperty({ type: 'integer' }) readonly eraseAfterDays!: number;
  @ApiProperty({ type: 'integer', description: 'How long mail goes on when the tenant is closed.' })
  readonly noticeDays!: number;
  @ApiProperty({ type: 'integer', nullable: true, description: 'null: any number.' }) readonly seatLimit!:
    number | null;
  @ApiProperty({ enum: seatPolicies }) readonly seatPolicy!: MailPolicy['seatPolicy'];
  @ApiProperty({
    type: 'integer',
    description: 'Share of the seats, in percent, that may leave within an hour; more wait for support. 100: no guard.',
  })
  readonly guardMaxPct!: number;
  @ApiProperty({ type: 'integer', description: 'Leavers within an hour that are never too many.' })
  readonly guardMaxAbs!: number;
}

/** What changes a mail policy; what is left out stays. */
export class ChangeMailPolicyDto {
  @ApiPropertyOptional({ enum: addressSources, description: 'Takes effect with the next change of each user.' })
  @MayBeLeftOut()
  @IsIn(addressSources)
  readonly addressSource?: MailPolicy['addressSource'];

  @ApiPropertyOptional({ description: 'Takes effect with the next change of each user.' })
  @MayBeLeftOut()
  @IsBoolean()
  readonly emailsAsAliases?: boolean;

  @ApiPropertyOptional({
    enum: unownedDomainPolicies,
    description: 'reject: a user whose address cannot be at a domain of the tenant is refused with 400.',
  })
  @MayBeLeftOut()
  @IsIn(unownedDomainPolicies)
  readonly unownedDomainPolicy?: MailPolicy['unownedDomainPolicy'];

  @ApiPropertyOptional({
    enum: kindSources,
    description: 'userType: the words user, shared and resource set the kind.',
  })
  @MayBeLeftOut()
  @IsIn(kindSources)
  readonly kindSource?: MailPolicy['kindSource'];

  @ApiPropertyOptional({ enum: inactivePolicies, description: 'Takes effect on suspended mailboxes at once.' })
  @MayBeLeftOut()
  @IsIn(inactivePolicies)
  readonly inactiveMailPolicy?: InactiveMailPolicy;

  @NumberOfPolicy('inactiveGraceHours') readonly inactiveGraceHours?: number;
  @NumberOfPolicy('formerDays') readonly formerDays?: number;
  @NumberOfPolicy('deleteRetentionDays') readonly deleteRetentionDays?: number;
  @NumberOfPolicy('reserveDays') readonly reserveDays?: number;
  @NumberOfPolicy('eraseAfterDays') readonly eraseAfterDays?: number;
  @NumberOfPolicy('noticeDays') readonly noticeDays?: number;

  @ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 0, description: 'null: any number.' })
  @ValidateIf((_request: object, value: unknown) => value !== undefined && value !== null)
  @IsInt()
  @Min(policyRanges.seatLimit.min)
  @Max(policyRanges.seatLimit.max)
  readonly seatLimit?: number | null;

  @ApiPropertyOptional({ enum: seatPolicies, description: 'hard: a mailbox beyond the limit waits as pending.' })
  @MayBeLeftOut()
  @IsIn(seatPolicies)
  readonly seatPolicy?: MailPolicy['seatPolicy'];

  @NumberOfPolicy('guardMaxPct') readonly guardMaxPct?: number;
  @NumberOfPolicy('guardMaxAbs') readonly guardMaxAbs?: number;
}

/** A whole number within the range that the policy allows. */
function NumberOfPolicy(member: keyof typeof policyRanges): PropertyDecorator {
  const { min, max } = policyRanges[member];
  return applyDecorators(
    ApiPropertyOptional({ type: 'integer', minimum: min, maximum: max }),
    MayBeLeftOut(),
    IsInt(),
    Min(min),
    Max(max),
  );
}
