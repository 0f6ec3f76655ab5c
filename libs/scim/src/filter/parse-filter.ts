import { ScimError } from '../errors/scim-error.js';
import { DEFAULT_FILTER_LIMITS } from './filter.js';
import type { Filter, FilterLimits } from './filter.js';
import { FilterParser } from './filter-parser.js';

/**
 * Parses a filter (RFC 7644 section 3.4.2.2) in one pass and in linear time. Whatever cannot be read, or is over the
 * limits, is a ScimError `invalidFilter` that names the position; a filter is never read as a wider one.
 */
export function parseFilter(text: string, limits: FilterLimits = DEFAULT_FILTER_LIMITS): Filter {
  return new FilterParser(text, limits, (detail) => ScimError.invalidFilter(detail)).parseAll();
}
