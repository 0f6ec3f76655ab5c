import type { AttributeTarget } from '../schema/attribute-target.js';

/** The values of `sortOrder` (RFC 7644 section 3.4.2.3). */
export type SortOrder = 'ascending' | 'descending';

/** By which attribute a list is sorted, and which way; resources with the same value are in the order of their ids. */
export interface ResolvedSort {
  readonly target: AttributeTarget;
  readonly order: SortOrder;
}

/** How many characters of a text take part in sorting: as many as the longest key column holds. */
export const sortedLength = 640;
