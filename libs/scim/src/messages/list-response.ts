import { MESSAGE_URNS } from './message-urns.js';

/** The answer to a query (RFC 7644 section 3.4.2); indexes count from 1. */
export interface ListResponse<T> {
  readonly schemas: readonly string[];
  readonly totalResults: number;
  readonly startIndex: number;
  readonly itemsPerPage: number;
  readonly Resources: readonly T[];
}

/** Renders one page of results; `itemsPerPage` is the number of resources on it unless it is given. */
export function listResponse<T>(page: {
  readonly totalResults: number;
  readonly startIndex: number;
  readonly resources: readonly T[];
  readonly itemsPerPage?: number;
}): ListResponse<T> {
  return {
    schemas: [MESSAGE_URNS.listResponse],
    totalResults: page.totalResults,
    startIndex: page.startIndex,
    itemsPerPage: page.itemsPerPage ?? page.resources.length,
    Resources: page.resources,
  };
}
