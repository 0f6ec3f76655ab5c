import {
  type DomainWithWaiting,
  type MailDomain,
  type UnknownRecipientPolicy,
  verificationNames,
  verificationText,
} from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsString, IsUUID, Matches, MaxLength, ValidateIf } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';

const unknownRecipientPolicies = ['reject', 'defer', 'accept'] as const satisfies readonly UnknownRecipientPolicy[];
const nextHop = /^(?:[a-z][a-z0-9-]{0,31}:)?(?:\[[0-9A-Za-z.:-]+\]|[0-9A-Za-z.-]+)(?::\d{1,5})?$/;

/** What adds a domain to a tenant. */
export class AddDomainDto {
  @ApiProperty({ example: 'contoso.ch', description: 'In any form: A-labels, U-labels, upper case.' })
  @IsString()
  @MaxLength(255)
  readonly domain!: string;

  @ApiPropertyOptional({ description: 'Support staff vouch for it: verified at once, without proof in the DNS.' })
  @MayBeLeftOut()
  @IsBoolean()
  readonly vouched?: boolean;
}

/** How a domain is verified. */
export class VerifyDomainDto {
  @ApiPropertyOptional({ description: 'Support staff vouch for it: the DNS is not asked.' })
  @MayBeLeftOut()
  @IsBoolean()
  readonly vouched?: boolean;
}

/** How a domain is released. */
export class ReleaseDomainDto {
  @ApiPropertyOptional({ description: 'Also give up former and reserved addresses there, which expire by themselves.' })
  @MayBeLeftOut()
  @IsBoolean()
  readonly includeFormer?: boolean;
}

/** Who gets a domain. */
export class TransferDomainDto {
  @ApiProperty({ format: 'uuid', description: 'The tenant that is to own the domain.' })
  @IsUUID()
  readonly toTenantId!: string;
}

/** What changes a domain. */
export class ChangeDomainDto {
  @ApiPropertyOptional({
    enum: unknownRecipientPolicies,
    description: 'What happens to mail for an address that nobody has. A new domain defers it (450).',
  })
  @MayBeLeftOut()
  @IsIn(unknownRecipientPolicies)
  readonly unknownRecipientPolicy?: UnknownRecipientPolicy;

  @ApiPropertyOptional({ enum: ['plus', 'off'], description: 'Whether anna+news@ reaches anna@.' })
  @MayBeLeftOut()
  @IsIn(['plus', 'off'])
  readonly subaddressing?: 'plus' | 'off';

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 255,
    example: 'smtp:[mail.contoso.ch]:25',
    description: "Where accepted mail goes, as Postfix writes it; null: the gateway's default.",
  })
  @ValidateIf((_change: ChangeDomainDto, value: unknown) => value !== undefined && value !== null)
  @IsString()
  @MaxLength(255)
  @Matches(nextHop, { message: 'nextHop must be a next hop such as smtp:[mail.contoso.ch]:25 or mail.contoso.ch' })
  readonly nextHop?: string | null;
}

/** What is to be published in the DNS. */
export class DomainVerificationView {
  @ApiProperty({ enum: ['TXT'] }) readonly type!: 'TXT';
  @ApiProperty({ example: '_cleanmail.contoso.ch' }) readonly name!: string;
  @ApiProperty({ description: 'Another name that will do.' }) readonly alternativeName!: string;
  @ApiProperty({ example: 'cleanmail-verification=0123456789abcdef0123456789abcdef' }) readonly value!: string;
}

/** A domain as the admin REST shows it. */
export class DomainView {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ description: 'The form for people (U-labels).' }) readonly domain!: string;
  @ApiProperty({ description: 'The form that is looked up (A-labels).' }) readonly domainAscii!: string;
  @ApiProperty({ enum: ['pending', 'verified', 'suspended', 'released'] }) readonly status!: string;
  @ApiProperty({ type: DomainVerificationView }) readonly verification!: DomainVerificationView;
  @ApiProperty({ nullable: true, enum: ['dns', 'vouched'], type: String }) readonly verifiedBy!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly verifiedAt!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly lastCheckAt!: string | null;
  @ApiProperty({
    nullable: true,
    format: 'date-time',
    type: String,
    description: 'Since when the TXT record of a verified domain is missing; nothing follows from it by itself.',
  })
  readonly checkFailedSince!: string | null;
  @ApiProperty({ enum: unknownRecipientPolicies }) readonly unknownRecipientPolicy!: string;
  @ApiProperty({ enum: ['plus', 'off'] }) readonly subaddressing!: string;
  @ApiProperty({ nullable: true, type: String }) readonly nextHop!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'The tenant that the domain is on its way to.' })
  readonly transferTo!: string | null;
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
}

/** One domain as the admin REST shows it, with what waits for it. */
export class DomainDetailsView extends DomainView {
  @ApiProperty({ type: 'integer', description: 'Mailboxes that wait for an address there.' })
  readonly waitingMailboxes!: number;
}

/** Renders a domain. */
export function domainView(domain: MailDomain): DomainView {
  const [name, alternativeName] = verificationNames(domain);
  return {
    id: domain.id,
    domain: domain.name,
    domainAscii: domain.nameAscii,
    status: domain.status,
    verification: { type: 'TXT', name, alternativeName, value: verificationText(domain) },
    verifiedBy: domain.verifiedBy,
    verifiedAt: instant(domain.verifiedAt),
    lastCheckAt: instant(domain.lastCheckAt),
    checkFailedSince: instant(domain.checkFailedSince),
    unknownRecipientPolicy: domain.unknownRecipientPolicy,
    subaddressing: domain.subaddressing,
    nextHop: domain.nextHop,
    transferTo: domain.transferTo,
    createdAt: instant(domain.createdAt),
  };
}

/** Renders a domain with what waits for it. */
export function domainDetailsView(domain: DomainWithWaiting): DomainDetailsView {
  return { ...domainView(domain), waitingMailboxes: domain.waitingMailboxes };
}
