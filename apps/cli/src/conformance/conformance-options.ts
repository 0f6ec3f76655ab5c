/** What is tried, and against which server. */
export interface ConformanceOptions {
  /** Base URL of the SCIM service; a trailing slash and a query are ignored. */
  readonly url: string;
  /** Bearer token of a client that may write. */
  readonly token: string;
  /** Leaves groups alone even when the server lists them; false unless given. */
  readonly usersOnly?: boolean;
  /** Only this section and those below it, for example `3.5.2` or `RFC 7643 7`. */
  readonly section?: string;
  /** Domain of the addresses; `conformance.example` unless given. */
  readonly domain?: string;
  /** Milliseconds of silence after which a request counts as lost; 60,000 unless given. */
  readonly timeoutMs?: number;
  /** Ends the run early; what was made is deleted first. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly phase: string; readonly done: number; readonly total: number }) => void;
}

/** An option that cannot be used; the message names it. */
export class ConformanceOptionError extends Error {
  override readonly name = 'ConformanceOptionError';
}

/** The base URL without trailing slash; throws ConformanceOptionError. */
export function parseBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConformanceOptionError(`the base URL is not an http(s) address: ${text}`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
