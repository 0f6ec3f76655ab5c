import { once } from 'node:events';
import { chmod, unlink } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import { ConfigurationError } from '@cleanmail/config';
import { netstring, NetstringError, NetstringReader } from './netstring.js';

/** Answers a request of Postfix's socketmap protocol (socketmap_table(5)) by `OK value`, `NOTFOUND `, `TEMP reason` or `PERM reason`. */
export type SocketmapAnswers = (table: string, key: string) => string;

/** Limits of the server; times in milliseconds, lengths in bytes. */
export interface SocketmapLimits {
  readonly longestRequest: number;
  /** A connection that says nothing for so long is closed; Postfix opens a new one. */
  readonly idle: number;
  readonly connections: number;
}

/** Postfix itself closes a connection that it has not used for some minutes. */
export const defaultLimits: SocketmapLimits = { longestRequest: 10_000, idle: 600_000, connections: 10_000 };

/**
 * A socketmap server on a TCP port and on a unix socket. Requests of a connection are answered in their order; a client
 * that does not read its answers is not read from either. What is no netstring ends its connection and no other.
 */
export class SocketmapServer {
  private readonly servers: Server[] = [];
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly answer: SocketmapAnswers,
    private readonly limits: SocketmapLimits = defaultLimits,
  ) {}

  get connections(): number {
    return this.sockets.size;
  }

  /** Answers the port. @throws ConfigurationError naming RECIPIENTS_PORT. */
  async listen(port: number, host: string): Promise<number> {
    const server = await this.open({ port, host }).catch((error: NodeJS.ErrnoException) => {
      const problem = `${host}:${port} cannot be bound (${error.code})`;
      throw new ConfigurationError([{ variable: 'RECIPIENTS_PORT', problem, example: '47711' }]);
    });
    return (server.address() as AddressInfo).port;
  }

  /** Lets anybody connect who may enter the folder. @throws ConfigurationError naming RECIPIENTS_SOCKET. */
  async listenOnSocket(path: string): Promise<void> {
    try {
      await removeStale(path);
      await this.open({ path });
      await chmod(path, 0o666);
    } catch (error) {
      const problem = `${path} cannot be bound (${(error as NodeJS.ErrnoException).code})`;
      throw new ConfigurationError([
        { variable: 'RECIPIENTS_SOCKET', problem, example: '/run/cleanmail/recipients.sock' },
      ]);
    }
  }

  /** Takes no more connections, and ends those that there are behind the answers to what they have asked. */
  async close(): Promise<void> {
    const closed = this.servers.map((server) => {
      const end = once(server, 'close');
      server.close();
      return end;
    });
    for (const socket of this.sockets) {
      socket.end(() => socket.destroy());
      setTimeout(() => socket.destroy(), 1000).unref();
    }
    await Promise.all(closed);
  }

  private async open(where: ListenOptions): Promise<Server> {
    const server = createServer({ noDelay: true }, (socket) => this.serve(socket));
    server.maxConnections = this.limits.connections;
    server.listen({ ...where, backlog: 1024 });
    await once(server, 'listening');
    this.servers.push(server);
    return server;
  }

  private serve(socket: Socket): void {
    const reader = new NetstringReader(this.limits.longestRequest);
    this.sockets.add(socket);
    socket.setTimeout(this.limits.idle, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('drain', () => socket.resume());
    socket.on('data', (chunk) => {
      const { answers, isBroken } = this.answerAll(reader, chunk);
      if (isBroken) {
        socket.end(answers, () => socket.destroy());
      } else if (answers !== '' && !socket.write(answers)) {
        socket.pause();
      }
    });
  }

  private answerAll(reader: NetstringReader, chunk: Buffer): { readonly answers: string; readonly isBroken: boolean } {
    let answers = '';
    try {
      for (const request of reader.read(chunk)) {
        answers += netstring(this.answerOne(request.toString('utf8')));
      }
      return { answers, isBroken: false };
    } catch (error) {
      if (!(error instanceof NetstringError)) {
        throw error;
      }
      return { answers: answers + netstring(`PERM ${error.message}`), isBroken: true };
    }
  }

  private answerOne(request: string): string {
    const space = request.indexOf(' ');
    return space < 0
      ? 'PERM a request is the name of a table, a space and a key'
      : this.answer(request.slice(0, space), request.slice(space + 1));
  }
}

/** A socket that nobody listens on was left by a process that was killed. */
async function removeStale(path: string): Promise<void> {
  const probe = connect(path);
  const outcome = await Promise.race([
    once(probe, 'connect').then(() => 'alive'),
    once(probe, 'error').then(([error]) => (error as NodeJS.ErrnoException).code),
  ]).catch((error: NodeJS.ErrnoException) => error.code);
  probe.destroy();
  if (outcome === 'ECONNREFUSED') {
    await unlink(path);
  }
}
