import { type ListEntry, type ListOrder, type ListSource, OrderedList, type Session } from '@cleanmail/database';
import type { CursorPosition } from '@cleanmail/scim';

/** A page by cursor: behind a position, or the first page when there is none. */
export interface Walk {
  readonly from?: CursorPosition;
}

/** Which page of a list: by position, which counts from 1, unless there is a walk. */
export interface PageWindow {
  readonly startIndex: number;
  readonly count: number;
  readonly walk?: Walk;
}

/** Where the pages before and behind a page by cursor are; absent where there are none. */
export interface Neighbours {
  readonly previous?: CursorPosition;
  readonly next?: CursorPosition;
}

/** The entries of one page, and how many the list has in all. */
export interface OrderedPage extends Neighbours {
  readonly entries: readonly ListEntry[];
  readonly totalResults: number;
}

/** A list: where its rows are, in which order, and how to count them. */
export interface ListedSources {
  readonly sources: readonly ListSource[];
  readonly order: ListOrder;
  readonly count: () => Promise<number>;
}

/** Reads one page of a list. */
export async function orderedPage(
  session: Session,
  { sources, order, count }: ListedSources,
  window: PageWindow,
): Promise<OrderedPage> {
  const list = new OrderedList(session, sources, order);
  return window.walk === undefined
    ? pageByIndex(list, count, window)
    : pageByCursor(list, count, window.count, window.walk.from);
}

async function pageByIndex(
  list: OrderedList,
  countAll: () => Promise<number>,
  { startIndex, count }: PageWindow,
): Promise<OrderedPage> {
  const entries = count === 0 ? [] : await list.at(startIndex - 1, count);
  const isWhole = startIndex === 1 && entries.length < count;
  return { entries, totalResults: isWhole ? entries.length : await countAll() };
}

/** One entry more than the page holds is read, to know whether there is a page behind it. The list is counted once a walk. */
async function pageByCursor(
  list: OrderedList,
  countAll: () => Promise<number>,
  count: number,
  from: CursorPosition | undefined,
): Promise<OrderedPage> {
  const isBackwards = from?.backwards === true;
  const found = await (isBackwards ? list.reversed() : list).after(from, count + 1);
  if (isBackwards && found.length === 0) {
    // Everything before the page is gone: the list now begins behind it.
    return pageByCursor(list, countAll, count, undefined);
  }
  const hasMore = found.length > count;
  const entries = isBackwards ? found.slice(0, count).reverse() : found.slice(0, count);
  const totalResults = from?.totalResults ?? (hasMore ? await countAll() : entries.length);
  const at = (entry: ListEntry | undefined, backwards: boolean): CursorPosition | undefined =>
    entry && { id: entry.id, key: entry.key, backwards, totalResults };
  const previous = from !== undefined && (hasMore || !isBackwards) ? at(entries[0], true) : undefined;
  const next = hasMore || isBackwards ? at(entries.at(-1), false) : undefined;
  return {
    entries,
    totalResults,
    ...(previous === undefined ? {} : { previous }),
    ...(next === undefined ? {} : { next }),
  };
}
