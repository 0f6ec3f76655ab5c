import type { IncomingHttpHeaders } from 'node:http';

import { isObject, type JsonObject } from '../simulate/json.js';
import type { RawAnswer, ScimMethod } from '../simulate/scim-connection.js';

/** A request and its answer; `status` is 0 and `text` the reason when none came. */
export interface Exchange {
  readonly method: ScimMethod;
  readonly path: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body when it is a JSON object. */
  readonly body: JsonObject | undefined;
}

/** Puts a request and its answer together. */
export function exchangeOf(method: ScimMethod, path: string, answer: RawAnswer): Exchange {
  const { status, headers, text } = answer;
  return { method, path, status, headers, text, body: parseObject(text) };
}

/** `GET /Users/1 → 200`. */
export function describeExchange({ method, path, status }: Exchange): string {
  return `${method} ${readablePath(path)} → ${status === 0 ? 'no answer' : status}`;
}

function readablePath(path: string): string {
  try {
    return decodeURIComponent(path.replaceAll('+', ' '));
  } catch {
    return path;
  }
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
