import { ScimError } from '../errors/scim-error.js';
import { filterIdentity } from '../filter/filter-identity.js';
import type { ResolvedFilter } from '../filter/resolved-filter.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import { targetName } from '../schema/attribute-target.js';
import type { ResourceType } from '../schema/definition.js';
import type { ListQuery } from './list-query.js';
import type { RootQuery } from './root-query.js';

/** Where a list goes on: behind the resource with this id and sort value, or before it when walking backwards. */
export interface CursorPosition {
  readonly id: string;
  /** The sort value in the database's own form; null for a resource without one, and when the list is not sorted. */
  readonly key: string | number | null;
  readonly backwards: boolean;
  /** How many resources there were when the walk began. */
  readonly totalResults: number;
}

/** The content of a cursor (RFC 9865), to be sealed before it is given away; `issuedAt` is milliseconds since 1970. */
export function encodeCursor({ id, key, backwards, totalResults }: CursorPosition, issuedAt: number): string {
  return JSON.stringify([issuedAt, totalResults, backwards ? 1 : 0, id, key]);
}

/**
 * Reads the content of a cursor that was sealed by this service. Undefined stands for a seal that is broken or belongs
 * to another query. @throws ScimError invalidCursor, or expiredCursor after `timeout` milliseconds.
 */
export function decodeCursor(content: string | undefined, now: number, timeout: number): CursorPosition {
  if (content === undefined) {
    throw ScimError.invalidCursor(
      'The cursor does not belong to this query; begin with an empty cursor and repeat all other parameters unchanged.',
    );
  }
  const [issuedAt, totalResults, backwards, id, key] = JSON.parse(content) as [
    number,
    number,
    0 | 1,
    string,
    CursorPosition['key'],
  ];
  if (now - issuedAt > timeout) {
    throw ScimError.expiredCursor('The cursor has expired; begin again with an empty cursor.');
  }
  return { id, key, backwards: backwards === 1, totalResults };
}

/** What makes a list of one type another one for its cursors: its filter and sort, as one text. */
export function listIdentity({ filter, sort }: Pick<ListQuery, 'filter' | 'sort'>, resourceType: ResourceType): string {
  return JSON.stringify(['list', sort?.order ?? null, partIdentity({ resourceType, filter, sortBy: sort?.target })]);
}

/** What makes a query over several types another one for its cursors. */
export function rootIdentity({ order, parts }: Pick<RootQuery, 'order' | 'parts'>): string {
  return JSON.stringify(['root', order ?? null, ...parts.map(partIdentity)]);
}

function partIdentity(part: {
  readonly resourceType: ResourceType;
  readonly filter?: ResolvedFilter | undefined;
  readonly sortBy?: AttributeTarget | undefined;
}): readonly unknown[] {
  const { resourceType, filter, sortBy } = part;
  return [
    resourceType.name,
    filter === undefined ? null : filterIdentity(filter),
    sortBy === undefined ? null : targetName(sortBy),
  ];
}
