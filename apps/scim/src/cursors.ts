import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { type CursorPosition, decodeCursor, encodeCursor, type ListPage, type Paging } from '@cleanmail/scim';
import { CursorSeal } from '@cleanmail/scim-http';
import { TOKEN_PEPPER } from '@cleanmail/tenants';
import type { Neighbours, PageWindow } from '@cleanmail/users';
import { Inject, Injectable } from '@nestjs/common';
import type { ScimCall } from './scim-call.js';

/** What cursors belong to: only the same query of the same tenant opens them. */
export interface CursorContext {
  readonly call: ScimCall;
  /** What the query asks for, as one text; made where there is a cursor. */
  readonly identity: () => string;
}

/** The members of a ListResponse that say where a page is. */
export type PagePlace = Pick<ListPage<unknown>, 'startIndex' | 'previousCursor' | 'nextCursor'>;

/**
 * Cursors of SCIM lists (RFC 9865): positions in an order, sealed. Nothing is kept for them, so any node answers any
 * page, and they end by their age alone.
 */
@Injectable()
export class Cursors {
  private readonly seal: CursorSeal;
  private readonly timeout: number;

  constructor(
    @Inject(TOKEN_PEPPER) tokenPepper: string,
    @Inject(CONFIGURATION) { cursorTimeoutSeconds }: Configuration,
  ) {
    this.seal = new CursorSeal(tokenPepper);
    this.timeout = cursorTimeoutSeconds * 1000;
  }

  /** The page that a request asks for. @throws ScimError invalidCursor or expiredCursor */
  window({ startIndex, count, cursor }: Paging, context: CursorContext): PageWindow {
    if (cursor === undefined) {
      return { startIndex, count };
    }
    const walk = cursor === '' ? {} : { from: this.open(cursor, context) };
    return { startIndex, count, walk };
  }

  /** Where a page is, for its answer. */
  place({ startIndex, walk }: PageWindow, { previous, next }: Neighbours, context: CursorContext): PagePlace {
    if (walk === undefined) {
      return { startIndex };
    }
    return {
      ...(previous === undefined ? {} : { previousCursor: this.give(previous, context) }),
      ...(next === undefined ? {} : { nextCursor: this.give(next, context) }),
    };
  }

  private open(cursor: string, context: CursorContext): CursorPosition {
    return decodeCursor(this.seal.open(cursor, boundTo(context)), Date.now(), this.timeout);
  }

  private give(position: CursorPosition, context: CursorContext): string {
    return this.seal.seal(encodeCursor(position, Date.now()), boundTo(context));
  }
}

function boundTo({ call, identity }: CursorContext): string {
  return `${call.principal.tenant} ${identity()}`;
}
