import { addressKey, knownAddress, type Mailbox, type MailboxAddress, type MailboxStatus } from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsString, MaxLength } from 'class-validator';
import { instant } from '../instant.js';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';
import { PageQuery } from '../page.js';

const statuses = ['pending', 'active', 'suspended', 'deleted', 'purged'] as const satisfies readonly MailboxStatus[];

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
  @ApiProperty() readonly address!: string;
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
  @ApiProperty() readonly kind!: string;
  @ApiProperty() readonly origin!: string;
  @ApiProperty({ type: [MailboxAddressView] }) readonly addresses!: readonly MailboxAddressView[];
  @ApiProperty({ type: [AddressWishView] }) readonly wishes!: readonly AddressWishView[];
  @ApiProperty({ format: 'date-time' }) readonly createdAt!: string;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly deletedAt!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly purgeAfter!: string | null;
  @ApiProperty({ nullable: true, format: 'date-time', type: String }) readonly eraseAfter!: string | null;
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
    addresses: mailbox.addresses.map(addressView),
    wishes: mailbox.wishes.map(({ wantedKey, reason }) => ({ address: wantedKey, reason })),
    createdAt: instant(mailbox.createdAt),
    deletedAt: instant(mailbox.deletedAt),
    purgeAfter: instant(mailbox.purgeAfter),
    eraseAfter: instant(mailbox.eraseAfter),
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
