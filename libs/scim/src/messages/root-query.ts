import { parseFilter } from '../filter/parse-filter.js';
import { resolveFilterOver } from '../filter/resolve-filter-over.js';
import type { ResolvedFilter } from '../filter/resolved-filter.js';
import type { Projection } from '../resource/projection.js';
import type { AttributeTarget } from '../schema/attribute-target.js';
import type { ResourceType } from '../schema/definition.js';
import { resolveSort } from '../sort/resolve-sort.js';
import type { SortOrder } from '../sort/resolved-sort.js';
import type { ListQueryParameters } from './list-query.js';
import { filterText, projectionOf } from './list-query.js';
import type { PageLimits, Paging } from './paging.js';
import { once, parsePaging } from './paging.js';

/** The share of one type in a query over several; without `sortBy` its resources have no value to be sorted by. */
export interface RootQueryPart {
  readonly resourceType: ResourceType;
  readonly filter?: ResolvedFilter;
  readonly sortBy?: AttributeTarget;
  readonly projection: Projection;
}

/** A query over several types; types of which no resource can satisfy the filter have no part in it. */
export interface RootQuery extends Paging {
  /** Absent when the list is in the order of ids. */
  readonly order?: SortOrder;
  readonly parts: readonly RootQueryPart[];
}

/**
 * Parses a query at the root (RFC 7644 sections 3.4.2.1 and 3.4.3): an attribute that a type does not have counts as
 * unassigned there. Faults are those of a query of one type.
 */
export function parseRootQuery(
  parameters: ListQueryParameters,
  resourceTypes: readonly ResourceType[],
  limits: PageLimits,
): RootQuery {
  const paging = parsePaging(parameters, limits);
  const sort = resolveSort(once(parameters.sortBy, 'sortBy'), once(parameters.sortOrder, 'sortOrder'), resourceTypes);
  const text = filterText(parameters.filter);
  const filter = text === undefined ? undefined : parseFilter(text);
  const parts = resourceTypes.map((resourceType) => ({
    resourceType,
    filter: filter === undefined ? true : resolveFilterOver(filter, resourceType, resourceTypes),
    sortBy: sort?.targets.get(resourceType),
    projection: projectionOf(parameters, resourceType),
  }));
  return {
    ...paging,
    ...(sort === undefined ? {} : { order: sort.order }),
    parts: parts.flatMap(({ filter: resolved, sortBy, ...part }) =>
      resolved === false
        ? []
        : [
            {
              ...part,
              ...(resolved === true ? {} : { filter: resolved }),
              ...(sortBy === undefined ? {} : { sortBy }),
            },
          ],
    ),
  };
}
