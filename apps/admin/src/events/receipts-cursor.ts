import { InvalidCursorError } from '../page.js';

interface Place {
  readonly version: number;
  readonly position: number;
}

/** The cursor behind a receipt. */
export function receiptsCursor(last: Place | undefined): { readonly nextCursor?: string } {
  return last === undefined
    ? {}
    : { nextCursor: Buffer.from(`${last.version}.${last.position}`).toString('base64url') };
}

/** Where a page begins. @throws InvalidCursorError for a cursor that names no place. */
export function receiptsBefore(cursor: string | undefined): { readonly before?: Place } {
  if (cursor === undefined) {
    return {};
  }
  const [, version, position] = /^(\d{1,15})\.(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (version === undefined || position === undefined) {
    throw new InvalidCursorError();
  }
  return { before: { version: Number(version), position: Number(position) } };
}
