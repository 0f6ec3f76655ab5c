import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer as it came over the wire; header names in lower case, repeated ones joined by a comma. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const PATIENCE_MILLISECONDS = 30_000;

/** A TCP connection on which a test writes bytes as it likes; answers are read in their order. */
export class RawConnection {
  private received = Buffer.alloc(0);
  private ended = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    // A server that cuts a request resets the connection; what it sent before is still looked at.
    socket.on('error', () => undefined);
    socket.on('close', () => (this.ended = true));
  }

  static async open(origin: string): Promise<RawConnection> {
    const { hostname, port } = new URL(origin);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  get isClosed(): boolean {
    return this.ended;
  }

  /** Writes unless the connection has ended; resolves when the bytes have left this process. */
  async write(bytes: string | Buffer): Promise<void> {
    if (!this.socket.writable) return;
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** The next answer; undefined when the connection ended without one. */
  async answer(): Promise<RawAnswer | undefined> {
    for (;;) {
      const parsed = parseAnswer(this.received, this.ended);
      if (parsed !== undefined) {
        this.received = this.received.subarray(parsed.length);
        return parsed.answer;
      }
      if (this.ended) return undefined;
      await this.somethingHappens();
    }
  }

  /** Resolves when the server has closed the connection. */
  async closed(): Promise<void> {
    while (!this.ended) await this.somethingHappens();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private async somethingHappens(): Promise<void> {
    const patience = new AbortController();
    const signal = AbortSignal.any([patience.signal, AbortSignal.timeout(PATIENCE_MILLISECONDS)]);
    try {
      await Promise.race([once(this.socket, 'data', { signal }), once(this.socket, 'close', { signal })]);
    } catch {
      throw new Error(`nothing came within ${PATIENCE_MILLISECONDS} ms; received so far: ${this.received.toString()}`);
    } finally {
      patience.abort();
    }
  }
}

/** Sends bytes over a connection of their own and reads one answer. */
export async function rawExchange(origin: string, bytes: string | Buffer): Promise<RawAnswer | undefined> {
  const connection = await RawConnection.open(origin);
  try {
    await connection.write(bytes);
    return await connection.answer();
  } finally {
    connection.destroy();
  }
}

/** The head of a request, ended by the empty line; values are written as they stand, CR and LF too. */
export function requestHead(method: string, target: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ Host: '127.0.0.1', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`;
}

function parseAnswer(bytes: Buffer, ended: boolean): { answer: RawAnswer; length: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.subarray(0, headEnd).toString('latin1').split('\r\n');
  const status = Number(statusLine.split(' ')[1]);
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const bodyStart = headEnd + 4;
  const length = bodyStart + bodyLength(headers, bytes.subarray(bodyStart));
  if (bytes.length < length && !ended) return undefined;
  return { answer: { status, headers, text: bytes.subarray(bodyStart, length).toString('utf8') }, length };
}

/** Bytes of the body; of a chunked one, whose text is given as it came, up to its last chunk. */
function bodyLength(headers: Readonly<Record<string, string>>, rest: Buffer): number {
  if (headers['transfer-encoding'] !== 'chunked') return Number(headers['content-length'] ?? 0);
  const end = rest.indexOf('0\r\n\r\n');
  return end < 0 ? Infinity : end + 5;
}
