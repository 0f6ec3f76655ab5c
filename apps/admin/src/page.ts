import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { MayBeLeftOut } from './may-be-left-out.decorator.js';

/** The cursor of a page is none that this service gave out. */
export class InvalidCursorError extends Error {
  override readonly name = InvalidCursorError.name;
  readonly code = 'invalid_cursor';

  constructor() {
    super('cursor: use the nextCursor of the page before, or leave it out.');
  }
}

/** How many items of a list to give. */
export class LimitQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1000, default: 100 })
  @MayBeLeftOut()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  readonly limit: number = 100;
}

/** The query of a list: where to go on, and how many items to give. */
export class PageQuery extends LimitQuery {
  @ApiPropertyOptional({ description: 'nextCursor of the page before' })
  @MayBeLeftOut()
  @IsString()
  @MaxLength(100)
  readonly cursor?: string;
}

/** A list as every admin route answers it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/** The id after which a page begins; nothing on the first one. @throws InvalidCursorError for a cursor that names none. */
export function after(
  { cursor }: { readonly cursor?: string },
  isId: (text: string) => boolean = isUuid,
): { readonly after?: string } {
  if (cursor === undefined) {
    return {};
  }
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!isId(id) || Buffer.from(id).toString('base64url') !== cursor) {
    throw new InvalidCursorError();
  }
  return { after: id };
}

/** Whether a text has the length of the ids that the service makes; whether there is such a row, the list shows. */
export function isUuid(text: string): boolean {
  return text.length === 36;
}

/** One page of rows, of which one more than `limit` were read to see whether another page follows. */
export function pageOf<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  render: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { items: shown.map(render), ...(hasMore ? { nextCursor: Buffer.from(last.id).toString('base64url') } : {}) };
}
