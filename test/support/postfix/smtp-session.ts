import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';

/** The last line of an SMTP reply (RFC 5321 section 4.2), with its code and enhanced code in front. */
export interface SmtpReply {
  readonly code: number;
  readonly text: string;
}

const patienceMs = 30_000;

/** An SMTP client as simple as one can be: a command, its reply, the next command. */
export class SmtpSession {
  private readonly lines: AsyncIterator<string>;

  private constructor(
    private readonly socket: Socket,
    reader: Interface,
  ) {
    this.lines = reader[Symbol.asyncIterator]();
  }

  /** Connects, and says EHLO. */
  static async open(port: number): Promise<SmtpSession> {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(patienceMs, () => socket.destroy(new Error('the SMTP server said nothing')));
    await once(socket, 'connect');
    const session = new SmtpSession(socket, createInterface({ input: socket }));
    await session.reply();
    await session.command('EHLO client.invalid');
    return session;
  }

  async command(line: string): Promise<SmtpReply> {
    this.socket.write(`${line}\r\n`);
    return this.reply();
  }

  /** Begins a message; SMTPUTF8 (RFC 6531) on request. */
  async mail({ utf8 = false }: { readonly utf8?: boolean } = {}): Promise<void> {
    await this.command('RSET');
    await this.expect(250, `MAIL FROM:<sender@client.invalid>${utf8 ? ' SMTPUTF8' : ''}`);
  }

  /** The reply to RCPT, without the address and Postfix's words around ours: `550 5.2.1 Mailbox disabled`. */
  async rcpt(address: string): Promise<string> {
    const { code, text } = await this.command(`RCPT TO:<${address}>`);
    return `${code} ${text}`.replace(`<${address}>: `, '').replace('Recipient address rejected: ', '');
  }

  /** Sends the message to the recipients that were accepted. */
  async data(): Promise<SmtpReply> {
    await this.expect(354, 'DATA');
    return this.command('Subject: test\r\n\r\nHello\r\n.');
  }

  async close(): Promise<void> {
    if (this.socket.destroyed) return;
    const closed = once(this.socket, 'close');
    this.socket.write('QUIT\r\n');
    this.socket.end();
    await closed;
  }

  private async expect(code: number, line: string): Promise<void> {
    const reply = await this.command(line);
    if (reply.code !== code) throw new Error(`${line}: ${reply.code} ${reply.text}`);
  }

  private async reply(): Promise<SmtpReply> {
    for (;;) {
      const line = await this.lines.next();
      if (line.done === true) throw new Error('the SMTP server closed the connection');
      if (line.value[3] === ' ') return { code: Number(line.value.slice(0, 3)), text: line.value.slice(4) };
    }
  }
}
