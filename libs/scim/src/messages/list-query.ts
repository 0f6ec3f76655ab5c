import { ScimError } from '../errors/scim-error.js';
import { parseFilter } from '../filter/parse-filter.js';
import { resolveFilter } from '../filter/resolve-filter.js';
import type { ResolvedFilter } from '../filter/resolved-filter.js';
import type { Projection } from '../resource/projection.js';
import { parseProjection } from '../resource/projection.js';
import type { ResourceType } from '../schema/definition.js';

/** The query parameters of a list request as they came; a parameter given twice is an array. */
export interface ListQueryParameters {
  readonly filter?: unknown;
  readonly startIndex?: unknown;
  readonly count?: unknown;
  readonly attributes?: unknown;
  readonly excludedAttributes?: unknown;
  readonly sortBy?: unknown;
  readonly sortOrder?: unknown;
}

/** A list request that can be served: `startIndex` is at least 1, `count` from 0 to the server's maximum. */
export interface ListQuery {
  readonly filter?: ResolvedFilter;
  readonly startIndex: number;
  readonly count: number;
  readonly projection: Projection;
}

/**
 * Parses the query of a list request (RFC 7644 section 3.4.2). A filter that is empty, sent twice or unreadable is
 * `invalidFilter`, never the unfiltered list; other faults are `invalidValue` naming the parameter. Sorting is not
 * offered and its parameters are ignored, as RFC 7644 section 3.4.2.3 allows.
 */
export function parseListQuery(
  parameters: ListQueryParameters,
  resourceType: ResourceType,
  limits: { readonly defaultCount: number; readonly maxCount: number },
): ListQuery {
  once(parameters.sortBy, 'sortBy');
  once(parameters.sortOrder, 'sortOrder');
  const startIndex = integer(parameters.startIndex, 'startIndex') ?? 1;
  const count = integer(parameters.count, 'count') ?? limits.defaultCount;
  const filter = parseFilterParameter(parameters.filter, resourceType);
  return {
    ...(filter === undefined ? {} : { filter }),
    startIndex: Math.max(1, startIndex),
    count: Math.min(Math.max(0, count), limits.maxCount),
    projection: parseProjection(
      once(parameters.attributes, 'attributes'),
      once(parameters.excludedAttributes, 'excludedAttributes'),
      resourceType,
    ),
  };
}

function parseFilterParameter(value: unknown, resourceType: ResourceType): ResolvedFilter | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw ScimError.invalidFilter('The parameter filter must be given once.');
  }
  return resolveFilter(parseFilter(value), resourceType);
}

function once(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') {
    return value;
  }
  if (typeof value === 'number') {
    return String(value);
  }
  throw ScimError.invalidValue(`The parameter ${name} must be given once.`);
}

function integer(value: unknown, name: string): number | undefined {
  const text = once(value, name)?.trim();
  if (text === undefined) {
    return undefined;
  }
  const digits = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text;
  const isInteger = digits !== '' && [...digits].every((digit) => digit >= '0' && digit <= '9');
  if (!isInteger) {
    throw ScimError.invalidValue(`The parameter ${name} must be an integer.`);
  }
  return Math.min(Math.max(Number(text), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
