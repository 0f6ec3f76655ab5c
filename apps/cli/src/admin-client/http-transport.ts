import { CommandError, ExitCode, usageError } from '../terminal/command-error.js';
import { isRecord } from './admin-error.js';
import type { AdminTransport } from './transport.js';

/** Where the admin listener is and how this person is let in; `actor` lands in the audit trail. */
export interface HttpTransportOptions {
  readonly adminUrl: string;
  readonly adminKey: string;
  readonly actor: string;
  /** Milliseconds after which an answer is no longer awaited. */
  readonly timeoutMs?: number;
}

/** A transport over HTTP with the admin key as bearer token; an unreachable listener is exit code 5. */
export function createHttpTransport(options: HttpTransportOptions): AdminTransport {
  const base = adminRoot(options.adminUrl);
  return async ({ method, path, body, ifMatch }) => {
    const response = await send(base, path, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs ?? 30_000),
      headers: {
        accept: 'application/json, application/problem+json',
        authorization: `Bearer ${options.adminKey}`,
        'x-actor': headerValue(options.actor),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: parseJson(await response.text()) };
  };
}

/** The listener's root: a pasted `/admin/v1` or trailing slash is taken off. */
function adminRoot(adminUrl: string): string {
  if (!URL.canParse(adminUrl) || !/^https?:$/.test(new URL(adminUrl).protocol)) {
    throw usageError(`--admin-url is not an http(s) address: ${adminUrl} (example: http://127.0.0.1:3001)`);
  }
  const url = new URL(adminUrl);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/admin(\/v1)?$/, '');
}

async function send(base: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${base}${path}`, init);
  } catch (error) {
    throw new CommandError(
      `no answer from the admin listener at ${base} (${reasonOf(error)}): start it with "cleanmail serve" or correct --admin-url`,
      ExitCode.unavailable,
    );
  }
}

function reasonOf(error: unknown): string {
  if (!isRecord(error)) return String(error);
  const cause = isRecord(error['cause']) ? error['cause'] : error;
  const reason = [cause['code'], cause['message']].find((text) => typeof text === 'string' && text !== '');
  return typeof reason === 'string' ? reason : 'connection failed';
}

function headerValue(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?');
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}
