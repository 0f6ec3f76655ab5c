import {
  type FeedChanges,
  type FeedHead,
  type FeedRecipient,
  longestPart,
  type RelayDomain,
} from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { MayBeLeftOut } from '../may-be-left-out.decorator.js';

const actions = ['accept', 'reject', 'defer', 'hold', 'gone'] as const satisfies readonly FeedRecipient['action'][];

/** What the reader knows of the heads. */
export class FeedHeadsQueryDto {
  @ApiPropertyOptional({ description: 'pulse of the answer before: no items while nothing has changed' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(100)
  readonly since?: string;
}

/** From where to read changes. */
export class FeedChangesQueryDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    default: 0,
    description: 'next of the answer before, or watermark',
  })
  @MayBeLeftOut()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly after: number = 0;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: longestPart, default: 1000 })
  @MayBeLeftOut()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(longestPart)
  readonly limit: number = 1000;
}

/** How far the feed of a tenant is. */
export class FeedHeadView {
  @ApiProperty() readonly tenantId!: string;
  @ApiProperty({ type: 'integer' }) readonly version!: number;
  @ApiProperty({ type: 'integer', description: 'A reader that is behind it starts anew.' }) readonly horizon!: number;
}

/** All heads; none when the pulse is the one that the reader knows. */
export class FeedHeadsView {
  @ApiProperty() readonly pulse!: string;
  @ApiProperty({ type: [FeedHeadView] }) readonly items!: readonly FeedHeadView[];
}

/** An address as gateways take it. */
export class FeedRecipientView {
  @ApiProperty({ example: 'anna@contoso.ch' }) readonly key!: string;
  @ApiProperty() readonly mailboxId!: string;
  @ApiProperty() readonly primary!: string;
  @ApiProperty({ enum: actions, description: 'gone: the address was removed.' })
  readonly action!: FeedRecipient['action'];
  @ApiProperty({ nullable: true, type: String }) readonly policyProfile!: string | null;
  @ApiProperty({ type: 'integer' }) readonly version!: number;
}

/** What changed behind a version. */
export class FeedChangesView {
  @ApiProperty({ type: [FeedRecipientView] }) readonly items!: readonly FeedRecipientView[];
  @ApiProperty({ type: 'integer', description: 'after of the next request' }) readonly next!: number;
  @ApiProperty() readonly hasMore!: boolean;
  @ApiProperty({ description: 'Start anew with a snapshot: there are no items.' }) readonly reset!: boolean;
}

/** A domain with an owner. */
export class RelayDomainView {
  @ApiProperty() readonly tenantId!: string;
  @ApiProperty({ example: 'xn--mller-kva.example' }) readonly name!: string;
  @ApiProperty({ example: 'müller.example' }) readonly nameUnicode!: string;
  @ApiProperty({ enum: ['verified', 'suspended'] }) readonly status!: RelayDomain['status'];
  @ApiProperty({ enum: ['reject', 'defer', 'accept'] })
  readonly unknownRecipientPolicy!: RelayDomain['unknownRecipientPolicy'];
  @ApiProperty({ enum: ['plus', 'off'] }) readonly subaddressing!: RelayDomain['subaddressing'];
  @ApiProperty({ nullable: true, type: String }) readonly nextHop!: string | null;
}

/** All domains that have an owner. */
export class RelayDomainsView {
  @ApiProperty({ type: [RelayDomainView] }) readonly items!: readonly RelayDomainView[];
}

/** Renders the head of a feed. */
export function feedHeadView({ tenantId, version, horizon }: FeedHead): FeedHeadView {
  return { tenantId, version, horizon };
}

/** Renders an address. */
export function feedRecipientView(recipient: FeedRecipient): FeedRecipientView {
  const { key, mailboxId, primary, action, policyProfile, version } = recipient;
  return { key, mailboxId, primary, action, policyProfile, version };
}

/** Renders changes. */
export function feedChangesView({ rows, next, hasMore, reset }: FeedChanges): FeedChangesView {
  return { items: rows.map(feedRecipientView), next, hasMore, reset };
}

/** Renders a domain. */
export function relayDomainView(domain: RelayDomain): RelayDomainView {
  const { tenantId, name, nameUnicode, status, unknownRecipientPolicy, subaddressing, nextHop } = domain;
  return { tenantId, name, nameUnicode, status, unknownRecipientPolicy, subaddressing, nextHop };
}
