import { MESSAGE_URNS } from './message-urns.js';

/** The answer to a query (RFC 7644 section 3.4.2); indexes count from 1. A page by cursor (RFC 9865) has none. */
export interface ListResponse<T> {
  readonly schemas: readonly string[];
  readonly totalResults: number;
  readonly startIndex?: number;
  readonly itemsPerPage: number;
  readonly previousCursor?: string;
  readonly nextCursor?: string;
  readonly Resources: readonly T[];
}

/** A page of results: by index with `startIndex`, by cursor with the cursors of its neighbours, if there are any. */
export interface ListPage<T> {
  readonly totalResults: number;
  readonly startIndex?: number;
  readonly resources: readonly T[];
  readonly itemsPerPage?: number;
  readonly previousCursor?: string;
  readonly nextCursor?: string;
}

/** Renders one page of results; `itemsPerPage` is the number of resources on it unless it is given. */
export function listResponse<T>(page: ListPage<T>): ListResponse<T> {
  const { startIndex, previousCursor, nextCursor } = page;
  return {
    schemas: [MESSAGE_URNS.listResponse],
    totalResults: page.totalResults,
    ...(startIndex === undefined ? {} : { startIndex }),
    itemsPerPage: page.itemsPerPage ?? page.resources.length,
    ...(previousCursor === undefined ? {} : { previousCursor }),
    ...(nextCursor === undefined ? {} : { nextCursor }),
    Resources: page.resources,
  };
}
