import { ScimError } from '../errors/scim-error.js';
import { parseFilter } from '../filter/parse-filter.js';
import { resolveFilter } from '../filter/resolve-filter.js';
import type { ResolvedFilter } from '../filter/resolved-filter.js';
import type { Projection } from '../resource/projection.js';
import { parseProjection } from '../resource/projection.js';
import type { ResourceType } from '../schema/definition.js';
import { resolveSort } from '../sort/resolve-sort.js';
import type { ResolvedSort } from '../sort/resolved-sort.js';
import type { PageLimits, Paging } from './paging.js';
import { once, parsePaging } from './paging.js';

/** The query parameters of a list request as they came; a parameter given twice is an array. */
export interface ListQueryParameters {
  readonly filter?: unknown;
  readonly startIndex?: unknown;
  readonly count?: unknown;
  readonly cursor?: unknown;
  readonly attributes?: unknown;
  readonly excludedAttributes?: unknown;
  readonly sortBy?: unknown;
  readonly sortOrder?: unknown;
}

/** A list request that can be served; without `sort` resources are in the order of their ids. */
export interface ListQuery extends Paging {
  readonly filter?: ResolvedFilter;
  readonly sort?: ResolvedSort;
  readonly projection: Projection;
}

/**
 * Parses the query of a list request (RFC 7644 section 3.4.2, RFC 9865 section 2). A filter that is empty, sent twice
 * or unreadable is `invalidFilter`, never the unfiltered list; what cannot be sorted by is `invalidPath`; other faults
 * are `invalidValue` naming the parameter.
 */
export function parseListQuery(
  parameters: ListQueryParameters,
  resourceType: ResourceType,
  limits: PageLimits,
): ListQuery {
  const paging = parsePaging(parameters, limits);
  const sort = parseSort(parameters, resourceType);
  const text = filterText(parameters.filter);
  return {
    ...paging,
    ...(text === undefined ? {} : { filter: resolveFilter(parseFilter(text), resourceType) }),
    ...(sort === undefined ? {} : { sort }),
    projection: projectionOf(parameters, resourceType),
  };
}

/** The text of a filter. @throws ScimError invalidFilter when it was given twice. */
export function filterText(value: unknown): string | undefined {
  if (value !== undefined && typeof value !== 'string') {
    throw ScimError.invalidFilter('The parameter filter must be given once.');
  }
  return value;
}

/** What of the resources of a type a list request wants to see. */
export function projectionOf(parameters: ListQueryParameters, resourceType: ResourceType): Projection {
  return parseProjection(
    once(parameters.attributes, 'attributes'),
    once(parameters.excludedAttributes, 'excludedAttributes'),
    resourceType,
  );
}

function parseSort(parameters: ListQueryParameters, resourceType: ResourceType): ResolvedSort | undefined {
  const sort = resolveSort(once(parameters.sortBy, 'sortBy'), once(parameters.sortOrder, 'sortOrder'), [resourceType]);
  const target = sort?.targets.get(resourceType);
  return sort === undefined || target === undefined ? undefined : { target, order: sort.order };
}
