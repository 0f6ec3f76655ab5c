import { once } from 'node:events';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { netstring, NetstringReader } from '@cleanmail/recipients-app';

/** Asks a socketmap server as Postfix does: one connection, one question after the other. */
export class SocketmapClient {
  private readonly reader = new NetstringReader(100_000);
  private readonly waiting: { answer(text: string): void; fail(error: Error): void }[] = [];
  /** Settles when the connection has ended, whoever ended it. */
  readonly closed: Promise<unknown>;

  private constructor(readonly socket: Socket) {
    this.closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const answer of this.reader.read(chunk)) this.waiting.shift()?.answer(answer.toString());
    });
    socket.on('close', () => {
      this.waiting.forEach(({ fail }) => fail(new Error('the connection was closed without an answer')));
    });
  }

  static async connect(where: NetConnectOpts): Promise<SocketmapClient> {
    const socket = connect({ noDelay: true, ...where });
    await once(socket, 'connect');
    return new SocketmapClient(socket);
  }

  ask(table: string, key: string): Promise<string> {
    return this.send(netstring(`${table} ${key}`));
  }

  /** Writes bytes as they are, and gives the next answer. */
  send(bytes: string | Buffer): Promise<string> {
    return new Promise((answer, fail) => {
      this.waiting.push({ answer, fail });
      this.socket.write(bytes);
    });
  }

  async close(): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }
}
