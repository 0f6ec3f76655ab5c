import type { ChangedMember } from '@cleanmail/mailboxes';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { instant } from '../instant.js';
import type { HistoryItem } from './history-reader.js';
import { OriginView, originView } from './origin.dto.js';

/** A member of a mailbox before and after a change, as texts. */
export class ChangedMemberView {
  @ApiProperty({ description: 'Such as status, or addresses.role for a member of an address.' })
  readonly member!: string;
  @ApiPropertyOptional({
    nullable: true,
    type: String,
    description: 'The address that the member is of; null when its text was erased.',
  })
  readonly address?: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly before!: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly after!: string | null;
}

/** What happened to a mailbox, or was asked for a user: who, what, when, why. */
export class HistoryItemView extends OriginView {
  @ApiProperty() readonly id!: string;
  @ApiProperty({ format: 'date-time' }) readonly at!: string;
  @ApiProperty({ nullable: true, type: String, description: 'null for a request that changed no mailbox.' })
  readonly mailboxId!: string | null;
  @ApiProperty({ nullable: true, type: 'integer', description: 'The version that the mailbox came to.' })
  readonly version!: number | null;
  @ApiProperty({ type: [ChangedMemberView] }) readonly changes!: readonly ChangedMemberView[];
  @ApiProperty({ type: [String], description: 'Members that changed too, and whose values were erased.' })
  readonly erased!: readonly string[];
  @ApiProperty({
    description: 'Whether the mailbox is older than its history, so that what it was made with is not known.',
  })
  readonly incomplete!: boolean;
}

/** Renders an item. */
export function historyItemView({ id, at, requestId, entry, origin }: HistoryItem): HistoryItemView {
  return {
    id,
    at: instant(at),
    ...originView(origin, requestId),
    mailboxId: entry?.mailboxId ?? null,
    version: entry?.version ?? null,
    changes: (entry?.changes ?? []).map(changedMemberView),
    erased: entry?.erased ?? [],
    incomplete: entry?.isIncomplete ?? false,
  };
}

function changedMemberView({ member, address, before, after }: ChangedMember): ChangedMemberView {
  return {
    member,
    ...(address === undefined ? {} : { address }),
    before: textOf(member, before),
    after: textOf(member, after),
  };
}

const timeSuffixes = ['At', 'After', 'Until', 'Since'];

function textOf(member: string, value: unknown): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value === 'number' && timeSuffixes.some((suffix) => member.endsWith(suffix))) {
    return instant(value);
  }
  if (member === 'wishes' && Array.isArray(value)) {
    return (value as readonly Wish[]).map(({ wantedKey, reason }) => `${wantedKey} (${reason})`).join(', ');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface Wish {
  readonly wantedKey: string;
  readonly reason: string;
}
