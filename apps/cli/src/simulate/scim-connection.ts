import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** A method of RFC 7644 section 3.2, or HEAD. */
export type ScimMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A request below the tenant URL; `path` is encoded already. A `body` is sent as JSON, a string as it stands. */
export interface ScimRequest {
  readonly method: ScimMethod;
  readonly path: string;
  readonly body?: unknown;
  /** Headers beside the usual ones, or instead of them; an undefined value leaves the header out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** An answer as it came; `status` 0 with the reason in `text` when none came. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly latencyMs: number;
}

/** Where and as whom the connection speaks. */
export interface ScimConnectionOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly concurrency: number;
  readonly timeoutMs: number;
}

/**
 * HTTP/1.1 as Entra speaks it: keep-alive, Authorization, a Content-Type only with a body, and neither User-Agent
 * nor Accept.
 */
export class ScimConnection {
  private readonly agent: HttpAgent;
  private readonly startRequest: typeof httpRequest;

  constructor(private readonly options: ScimConnectionOptions) {
    const agentOptions = { keepAlive: true, maxSockets: options.concurrency };
    const isTls = options.baseUrl.startsWith('https:');
    this.agent = isTls ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
    this.startRequest = isTls ? httpsRequest : httpRequest;
  }

  /** Sends one request; never rejects. A GET or HEAD on a socket that the server had just closed is sent once more. */
  async send(request: ScimRequest): Promise<RawAnswer> {
    const startedAt = performance.now();
    const first = await this.attempt(request);
    const outcome = first.stale && isSafe(request.method) ? await this.attempt(request) : first;
    return { ...outcome.answer, latencyMs: performance.now() - startedAt };
  }

  close(): void {
    this.agent.destroy();
  }

  private attempt(request: ScimRequest): Promise<Attempt> {
    return new Promise((resolve) => {
      const payload = payloadOf(request.body);
      const outgoing = this.startRequest(`${this.options.baseUrl}${request.path}`, {
        method: request.method,
        agent: this.agent,
        timeout: this.options.timeoutMs,
        headers: present({
          Authorization: `Bearer ${this.options.token}`,
          ...(payload === undefined
            ? {}
            : { 'Content-Type': 'application/scim+json; charset=utf-8', 'Content-Length': payload.length }),
          ...request.headers,
        }),
      });
      const lost = (error: NodeJS.ErrnoException): void => resolve(lostAnswer(outgoing, error));
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${this.options.timeoutMs} ms`)));
      outgoing.on('error', lost);
      outgoing.on('response', (response) => {
        readAnswer(response).then((answer) => resolve({ answer, stale: false }), lost);
      });
      outgoing.end(payload);
    });
  }
}

interface Attempt {
  readonly answer: Omit<RawAnswer, 'latencyMs'>;
  readonly stale: boolean;
}

function isSafe(method: ScimMethod): boolean {
  return method === 'GET' || method === 'HEAD';
}

function payloadOf(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function present(headers: Readonly<Record<string, string | number | undefined>>): Record<string, string | number> {
  const given = Object.entries(headers).filter((entry): entry is [string, string | number] => entry[1] !== undefined);
  return Object.fromEntries(given);
}

function lostAnswer(outgoing: ClientRequest, error: NodeJS.ErrnoException): Attempt {
  const text = error.code === undefined ? error.message : `${error.code}: ${error.message}`;
  return {
    answer: { status: 0, contentType: '', retryAfter: undefined, headers: {}, text },
    stale: outgoing.reusedSocket && error.code === 'ECONNRESET',
  };
}

async function readAnswer(response: IncomingMessage): Promise<Omit<RawAnswer, 'latencyMs'>> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
    retryAfter: response.headers['retry-after'],
    headers: response.headers,
    text: Buffer.concat(chunks).toString('utf8'),
  };
}
