import type { AddressExplanation, KnownRecipient, Mailbox, RecipientVerdict } from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { instant } from '../instant.js';
import { OriginView, originView } from './origin.dto.js';
import type { Origin } from './request-origins.js';

/** Which address to explain. */
export class ExplainQueryDto {
  @ApiProperty({ description: 'As it stands in RCPT TO; a text that is no address is explained too.' })
  @IsString()
  @MaxLength(4096)
  readonly address!: string;
}

/** The rule that decided. */
export class RecipientRuleView {
  @ApiProperty({ description: 'Stable, such as suspended_tenant_policy.' }) readonly code!: string;
  @ApiProperty() readonly text!: string;
}

/** The row of the read model that decided. */
export class RecipientRowView {
  @ApiProperty() readonly address!: string;
  @ApiProperty({ enum: ['accept', 'reject', 'defer', 'hold', 'gone'] }) readonly action!: string;
  @ApiProperty({ type: 'integer', description: 'The version of the tenant’s feed that wrote it.' })
  readonly version!: number;
  @ApiProperty({ format: 'date-time' }) readonly since!: string;
}

/** The mailbox behind the row, in short. */
export class ExplainedMailboxView {
  @ApiProperty() readonly id!: string;
  @ApiProperty() readonly status!: string;
  @ApiProperty({ nullable: true, type: String }) readonly statusReason!: string | null;
  @ApiProperty({ format: 'date-time' }) readonly statusSince!: string;
  @ApiProperty() readonly kind!: string;
  @ApiProperty({ nullable: true, type: String }) readonly userId!: string | null;
}

/** A mailbox that waits for the address. */
export class WaitingView {
  @ApiProperty() readonly tenantId!: string;
  @ApiProperty() readonly mailboxId!: string;
  @ApiProperty({ enum: ['primary', 'alias'] }) readonly role!: string;
  @ApiProperty() readonly reason!: string;
  @ApiProperty({ format: 'date-time' }) readonly since!: string;
}

/** What a gateway does with mail for an address, and why. */
export class ExplanationView {
  @ApiProperty({ description: 'As it was asked for.' }) readonly address!: string;
  @ApiProperty({ nullable: true, type: String, description: 'As it is looked up; null for what is no address.' })
  readonly key!: string | null;
  @ApiProperty({ enum: ['mailbox', 'unknownRecipient', 'unknownDomain'] }) readonly verdict!: string;
  @ApiProperty({
    enum: ['accept', 'reject', 'defer', 'hold'],
    nullable: true,
    type: String,
    description:
      'What happens to mail: of the mailbox, or of unknown recipients. null: no gateway relays for the domain.',
  })
  readonly action!: string | null;
  @ApiProperty({ enum: ['primary', 'alias', 'former', 'subaddress'], nullable: true, type: String })
  readonly matchedBy!: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly primary!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'Owns the domain or has the address.' })
  readonly tenantId!: string | null;
  @ApiProperty({ type: RecipientRuleView }) readonly rule!: RecipientRuleView;
  @ApiPropertyOptional({ type: RecipientRowView }) readonly row?: RecipientRowView;
  @ApiPropertyOptional({ type: ExplainedMailboxView }) readonly mailbox?: ExplainedMailboxView;
  @ApiPropertyOptional({ type: OriginView, description: 'Who brought the row about, while that is known.' })
  readonly by?: OriginView;
  @ApiProperty({ type: [WaitingView] }) readonly waiting!: readonly WaitingView[];
}

/** Renders an explanation. */
export function explanationView(
  address: string,
  explanation: AddressExplanation,
  origin: Origin | undefined,
): ExplanationView {
  const { question, verdict, tenant, rule, row, mailbox, writer, wishes } = explanation;
  return {
    address,
    key: question.keys[0] ?? null,
    verdict: verdict.kind,
    action: actionOf(verdict),
    matchedBy: verdict.kind === 'mailbox' ? verdict.matchedBy : null,
    primary: verdict.kind === 'mailbox' ? verdict.primary : null,
    tenantId: tenant ?? null,
    rule,
    ...(row === undefined ? {} : { row: rowView(row) }),
    ...(mailbox === undefined ? {} : { mailbox: explainedMailbox(mailbox) }),
    ...(origin === undefined ? {} : { by: originView(origin, writer?.requestId ?? null) }),
    waiting: wishes.map(({ tenant: tenantId, mailboxId, role, reason, firstSeen }) => ({
      tenantId,
      mailboxId,
      role,
      reason,
      since: instant(firstSeen),
    })),
  };
}

function actionOf(verdict: RecipientVerdict): string | null {
  switch (verdict.kind) {
    case 'mailbox':
      return verdict.action;
    case 'unknownRecipient':
      return verdict.policy;
    case 'unknownDomain':
      return null;
  }
}

function rowView({ key, action, version, changedAt }: KnownRecipient): RecipientRowView {
  return { address: key, action, version, since: instant(changedAt) };
}

function explainedMailbox(mailbox: Mailbox): ExplainedMailboxView {
  const { id, status, statusReason, statusSince, kind, scimUserId: userId } = mailbox;
  return { id, status, statusReason, statusSince: instant(statusSince), kind, userId };
}
