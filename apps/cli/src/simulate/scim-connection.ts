import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** A request below the tenant URL; `path` is encoded already. */
export interface ScimRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
}

/** An answer as it came; `status` 0 with the reason in `text` when none came. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter: string | undefined;
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

  /** Sends one request; never rejects. A GET on a socket that the server had just closed is sent once more. */
  async send(request: ScimRequest): Promise<RawAnswer> {
    const startedAt = performance.now();
    const first = await this.attempt(request);
    const outcome = first.stale && request.method === 'GET' ? await this.attempt(request) : first;
    return { ...outcome.answer, latencyMs: performance.now() - startedAt };
  }

  close(): void {
    this.agent.destroy();
  }

  private attempt(request: ScimRequest): Promise<Attempt> {
    return new Promise((resolve) => {
      const payload = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
      const outgoing = this.startRequest(`${this.options.baseUrl}${request.path}`, {
        method: request.method,
        agent: this.agent,
        timeout: this.options.timeoutMs,
        headers: {
          Authorization: `Bearer ${this.options.token}`,
          ...(payload === undefined
            ? {}
            : { 'Content-Type': 'application/scim+json; charset=utf-8', 'Content-Length': payload.length }),
        },
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

function lostAnswer(outgoing: ClientRequest, error: NodeJS.ErrnoException): Attempt {
  const text = error.code === undefined ? error.message : `${error.code}: ${error.message}`;
  return {
    answer: { status: 0, contentType: '', retryAfter: undefined, text },
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
    text: Buffer.concat(chunks).toString('utf8'),
  };
}
