import type { PoolConnection } from 'mysql2';
import { driverErrorKind } from '../driver-errors.js';
import { type AskedStatement, sendStatements } from './asked-statement.js';
import type { SqlValue } from './session.js';

type WithConnection = (use: (connection: PoolConnection) => Promise<void>) => Promise<void>;

/** So many go in one packet at the most: they are answered together, so that the first waits for the last. */
const mostTogether = 50;

/** So many may wait for a connection before further ones are refused, as requests are that wait for one of their own. */
const mostWaiting = 5000;

/**
 * The look-ups of all requests that are being read for at the moment. Those that are asked for in one turn of the event
 * loop, and while there is no connection free, go to the server in one packet: under load a system call, a connection
 * and a command serve several requests, and a request that comes alone waits for nobody.
 */
export class GatheredLookUps {
  private asked: AskedStatement[] = [];

  constructor(private readonly withConnection: WithConnection) {}

  ask<Row>(statement: string, parameters: readonly SqlValue[]): Promise<Row[]> {
    if (this.asked.length >= mostWaiting) {
      return Promise.reject(new Error('Queue limit reached.'));
    }
    return new Promise<Row[]>((resolve, reject) => {
      this.asked.push({ statement, parameters, isPrepared: true, resolve: resolve as never, reject });
      if (this.asked.length === 1) {
        this.sendSoon();
      }
    });
  }

  private sendSoon(): void {
    setImmediate(() => void this.send());
  }

  private async send(): Promise<void> {
    let taken: readonly AskedStatement[] | undefined;
    try {
      await this.withConnection(async (connection) => {
        taken = this.take();
        await answer(connection, taken);
      });
    } catch (error) {
      for (const { reject } of taken ?? this.take()) {
        reject(error);
      }
    }
  }

  private take(): readonly AskedStatement[] {
    const taken = this.asked.splice(0, mostTogether);
    if (this.asked.length > 0) {
      this.sendSoon();
    }
    return taken;
  }
}

/** One that the server refuses does not take the others with it: each is then asked for alone. */
async function answer(connection: PoolConnection, asked: readonly AskedStatement[]): Promise<void> {
  try {
    const results = await sent(connection, asked);
    for (const [index, { resolve }] of asked.entries()) {
      resolve(results[index]);
    }
  } catch (error) {
    if (asked.length === 1 || driverErrorKind(error) === 'connection') {
      throw error;
    }
    for (const one of asked) {
      await sent(connection, [one]).then(([result]) => one.resolve(result), one.reject);
    }
  }
}

function sent(connection: PoolConnection, asked: readonly AskedStatement[]): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    sendStatements(connection, asked, (error, results) => (error === null ? resolve(results) : reject(error)));
  });
}
