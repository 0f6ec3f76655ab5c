import {
  addressKey,
  type AdminState,
  type GuardState,
  type InactiveMailPolicy,
  knownAddress,
  type Mailbox,
  type MailboxAddress,
  type MailboxKind,
  type MailboxStatus,
} from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, IsString, MaxLength } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { PageQuery } from '../page.js';
import { adminStates, inactivePolicies, mailboxKinds } from './mailbox-words.js';

const statuses = ['pending', 'active', 'suspended', 'deleted', 'purged'] as const satisfies readonly MailboxStatus[];

const guardStates = ['held', 'released', 'rejected'] as const satisfies readonly GuardState[];

const kinds = ['user', 'shared', 'resource', 'role'] as const satisfies readonly Mailbox['kind'][];

/** Which mailboxes to list. */
export class MailboxQueryDto extends PageQuery {
  @ApiPropertyOptional({ description: 'Primary, alias, former or wanted address.' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(600)
  readonly address?: string;

  @ApiPropertyOptional({ enum: statuses })
  @MayBeLeftOut()
  @IsIn(statuses)
  readonly status?: MailboxStatus;

  @ApiPropertyOptional({
    enum: kinds,
    description: 'Without it, the role mailboxes of domains (postmaster, abuse) are left out.',
  })
  @MayBeLeftOut()
  @IsIn(kinds)
  readonly kind?: Mailbox['kind'];
}

/** Of which time a mailbox is to be shown. */
export class MailboxMomentDto {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'Shows the mailbox as it was then, but for what was erased since. Left out: as it is.',
  })
  @MayBeLeftOut()
  @IsISO8601({ strict: true })
  readonly at?: string;
}

/** An address of a mailbox as the admin REST shows it. */
export class MailboxAddressView {
  @ApiProperty({ description: 'As it is looked up: lower case, domain as A-labels.' }) readonly address!: string;
  @ApiProperty({ description: 'The local part as it was given.' }) readonly localPart!: string;
  @ApiProperty({ enum: ['primary', 'alias', 'former'] }) readonly role!: string;
  @ApiProperty({ enum: ['live', 'reserved', 'released'] }) readonly state!: string;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly validUntil!: string | null;
}

/** An address that is wanted and not granted. */
export class AddressWishView {
  @ApiProperty({ description: 'The address; for address_source_missing the attribute that has no value.' })
  readonly address!: string;
  @ApiProperty({ enum: ['primary', 'alias'] }) readonly role!: string;
  @ApiProperty() readonly reason!: string;
}

/** A mailbox as the admin REST shows it. */
export class MailboxView {
  @ApiProperty() readonly id!: string;
  @ApiProperty({
    nullable: true,
    type: String,
    description: 'Primary address, or the wanted one while none is granted.',
  })
  readonly address!: string | null;
  @ApiProperty({ enum: statuses }) readonly status!: MailboxStatus;
  @ApiProperty({ nullable: true, type: String }) readonly statusReason!: string | null;
  @ApiProperty({ format: 'date-time' }) readonly statusSince!: string;
  @ApiProperty({ nullable: true, type: String }) readonly userId!: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly externalId!: string | null;
  @ApiProperty({ enum: mailboxKinds }) readonly kind!: MailboxKind;
  @ApiProperty({ enum: ['scim', 'manual', 'import', 'discovered'] }) readonly origin!: string;
  @ApiProperty({ enum: adminStates }) readonly adminState!: AdminState;
  @ApiProperty() readonly legalHold!: boolean;
  @ApiProperty({
    enum: inactivePolicies,
    nullable: true,
    type: String,
    description: 'null: as the tenant’s policy says.',
  })
  readonly inactiveMailPolicy!: InactiveMailPolicy | null;
  @ApiProperty({ description: 'Whether it occupies a seat.' }) readonly seat!: boolean;
  @ApiProperty({ type: [MailboxAddressView] }) readonly addresses!: readonly MailboxAddressView[];
  @ApiProperty({ type: [AddressWishView] }) readonly wishes!: readonly AddressWishView[];
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly deletedAt!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly purgeAfter!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly eraseAfter!: string | null;
  @ApiProperty({
    nullable: true,
    format: 'date-time',
    type: String,
    description: 'Until when mail of a suspended mailbox is still accepted.',
  })
  readonly graceUntil!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'The batch of leavers that it is or was in.' })
  readonly guardBatchId!: string | null;
  @ApiProperty({
    enum: guardStates,
    nullable: true,
    type: String,
    description: 'held: what the identity provider did waits for support; else what support decided.',
  })
  readonly guardState!: GuardState | null;
  @ApiProperty({ type: 'integer', description: 'What If-Match of a change names.' }) readonly version!: number;
}

/** Renders a mailbox. */
export function mailboxView(mailbox: Mailbox): MailboxView {
  return {
    id: mailbox.id,
    address: knownAddress(mailbox) ?? null,
    status: mailbox.status,
    statusReason: mailbox.statusReason,
    statusSince: instant(mailbox.statusSince),
    userId: mailbox.scimUserId,
    externalId: mailbox.externalId,
    kind: mailbox.kind,
    origin: mailbox.origin,
    adminState: mailbox.adminState,
    legalHold: mailbox.legalHold,
    inactiveMailPolicy: mailbox.inactiveMailPolicy,
    seat: mailbox.seat,
    addresses: mailbox.addresses.map(addressView),
    wishes: mailbox.wishes.map(({ wantedKey, role = 'primary', reason }) => ({ address: wantedKey, role, reason })),
    createdAt: instant(mailbox.createdAt),
    deletedAt: instant(mailbox.deletedAt),
    purgeAfter: instant(mailbox.purgeAfter),
    eraseAfter: instant(mailbox.eraseAfter),
    graceUntil: instant(mailbox.graceUntil),
    guardBatchId: mailbox.guardBatchId,
    guardState: mailbox.guardState,
    version: mailbox.rowVersion,
  };
}

function addressView(address: MailboxAddress): MailboxAddressView {
  return {
    address: addressKey(address),
    localPart: address.localDisplay,
    role: address.role,
    state: address.state,
    validUntil: instant(address.validUntil),
  };
}
