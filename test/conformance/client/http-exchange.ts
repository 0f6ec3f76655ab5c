import { Agent, request, type IncomingHttpHeaders } from 'node:http';

/** One HTTP request as it goes on the wire; nothing is added but `Host`, `Connection` and the body's length. */
export interface OutgoingRequest {
  readonly method: string;
  /** Scheme, host and port, for example `http://127.0.0.1:3000`. */
  readonly origin: string;
  /** Path with query, sent byte for byte (no normalisation of `//` or of percent escapes). */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent as it stands, anything else as JSON; `undefined` sends no body. */
  readonly body?: unknown;
}

/** The answer to one request; `body` is the parsed JSON, or `undefined` when the text is no JSON. */
export interface Exchange {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: unknown;
  /** Lower-case names of the headers that the request carried. */
  readonly sentHeaders: readonly string[];
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

/** Sends one request over a kept-alive connection and reads the whole answer. */
export function exchange(outgoing: OutgoingRequest): Promise<Exchange> {
  const { hostname, port } = new URL(outgoing.origin);
  const payload = serialise(outgoing.body);
  return new Promise((resolve, reject) => {
    const sending = request(
      { agent, hostname, port, path: outgoing.path, method: outgoing.method, timeout: REQUEST_TIMEOUT_MILLISECONDS },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const sentHeaders = sending.getHeaderNames();
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            body: parse(text),
            sentHeaders,
          });
        });
      },
    );
    sending.on('timeout', () => sending.destroy(new Error(`no answer to ${outgoing.method} ${outgoing.path}`)));
    sending.on('error', reject);
    for (const [name, value] of Object.entries(outgoing.headers ?? {})) sending.setHeader(name, value);
    if (payload !== undefined) sending.setHeader('Content-Length', Buffer.byteLength(payload));
    sending.end(payload);
  });
}

function serialise(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
