import { ScimError } from '../errors/scim-error.js';

/** How many resources a page holds when the client does not say, and at most. */
export interface PageLimits {
  readonly defaultCount: number;
  readonly maxCount: number;
}

/**
 * Which page a list request asks for. `cursor` is there when pages are asked for by cursor (RFC 9865), and empty for
 * the first one; otherwise `startIndex`, which is at least 1, says where the page starts.
 */
export interface Paging {
  readonly startIndex: number;
  readonly count: number;
  readonly cursor?: string;
}

/** The parameters that choose a page, as they came. */
export interface PagingParameters {
  readonly startIndex?: unknown;
  readonly count?: unknown;
  readonly cursor?: unknown;
}

/**
 * Parses the paging of a list request. By index a `count` is brought within the limits (RFC 7644 section 3.4.2.4); by
 * cursor it must be within them (RFC 9865 section 2.1).
 * @throws ScimError invalidValue naming the parameter, or invalidCount.
 */
export function parsePaging(parameters: PagingParameters, limits: PageLimits): Paging {
  const cursor = once(parameters.cursor, 'cursor');
  if (cursor === undefined) {
    const startIndex = integer(parameters.startIndex, 'startIndex') ?? 1;
    const count = integer(parameters.count, 'count') ?? limits.defaultCount;
    return { startIndex: Math.max(1, startIndex), count: Math.min(Math.max(0, count), limits.maxCount) };
  }
  if (parameters.startIndex !== undefined) {
    throw ScimError.invalidValue('cursor and startIndex exclude each other; send only one of them.');
  }
  return { startIndex: 1, count: countByCursor(parameters.count, limits), cursor };
}

/** The text of a parameter. @throws ScimError invalidValue when it was given more than once. */
export function once(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === 'string') {
    return value;
  }
  if (typeof value === 'number') {
    return String(value);
  }
  throw ScimError.invalidValue(`The parameter ${name} must be given once.`);
}

function countByCursor(value: unknown, { defaultCount, maxCount }: PageLimits): number {
  const text = once(value, 'count');
  const count = text === undefined ? defaultCount : parseInteger(text);
  if (count === undefined || count < 1 || count > maxCount) {
    throw ScimError.invalidCount(`With a cursor, count must be an integer from 1 to ${maxCount}.`);
  }
  return count;
}

function integer(value: unknown, name: string): number | undefined {
  const text = once(value, name);
  if (text === undefined) {
    return undefined;
  }
  const number = parseInteger(text);
  if (number === undefined) {
    throw ScimError.invalidValue(`The parameter ${name} must be an integer.`);
  }
  return number;
}

/** A decimal integer, brought within what can be counted exactly; undefined when the text is none. */
function parseInteger(written: string): number | undefined {
  const text = written.trim();
  const digits = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text;
  const isInteger = digits !== '' && [...digits].every((digit) => digit >= '0' && digit <= '9');
  return isInteger ? Math.min(Math.max(Number(text), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER) : undefined;
}
