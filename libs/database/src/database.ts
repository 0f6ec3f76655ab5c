import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { driverErrorKind, translateDriverError } from './driver-errors.js';
import { letOthersIn } from './let-others-in.js';
import type { ConnectionSource } from './session/connection-source.js';
import type { Dialect, Session } from './session/session.js';

/** How a unit of work is run. */
export interface WriteOptions {
  /**
   * Asked when the connection was lost while COMMIT was being answered: whether this unit's rows are there.
   * Without it such a unit counts as not done.
   */
  readonly isCommitted?: (session: Session) => Promise<boolean>;
}

const conflictAttempts = 8;
const connectionAttempts = 3;
/** Each of these has waited for a row lock for seconds already. */
const lockTimeoutAttempts = 2;

/**
 * The only way to the database. `read` gives autocommit statements, `write` one short transaction that is run again as
 * a whole after a deadlock, a lock timeout or a lost connection; so the work must have no effect outside the session.
 */
export class Database {
  /** Units of work that had to be run again since the start, for the metrics. */
  retries = 0;

  constructor(
    readonly dataSource: DataSource,
    private readonly connections: ConnectionSource,
  ) {}

  get dialect(): Dialect {
    return this.connections.dialect;
  }

  /**
   * Runs statements that each stand for themselves.
   * @throws DatabaseUnavailableError when the database does not answer.
   */
  read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.withRetries(() => this.connections.withSession(work));
  }

  /**
   * Runs a unit of work in one transaction.
   * @throws DuplicateKeyError when a unique key is taken and the work did not answer that itself.
   * @throws DatabaseUnavailableError when the database does not answer.
   */
  write<T>(work: (session: Session) => Promise<T>, { isCommitted }: WriteOptions = {}): Promise<T> {
    return this.withRetries(async () => {
      const { result, commitError } = await this.connections.withTransaction(work);
      if (commitError !== undefined && !(await this.hasLanded(commitError, isCommitted))) {
        throw commitError;
      }
      return result;
    });
  }

  /**
   * Runs a unit of work over and over, each time in a transaction of its own, and gives what it answered once that is
   * committed; it ends when the loop over it is left. Between two transactions others are let in.
   */
  async *writeInBatches<T>(work: (session: Session) => Promise<T>): AsyncGenerator<T, never, void> {
    for (;;) {
      yield await this.write(work);
      await letOthersIn();
    }
  }

  /**
   * Runs a unit of work for each of the items, in a transaction of its own, and gives what each answered; between two of
   * them others are let in.
   */
  async writeEach<Item, T>(
    items: Iterable<Item>,
    work: (session: Session, item: Item) => Promise<T>,
  ): Promise<readonly T[]> {
    const answers: T[] = [];
    for (const item of items) {
      answers.push(await this.write((session) => work(session, item)));
      await letOthersIn();
    }
    return answers;
  }

  /** Whether the database answers a trivial statement now. */
  isReachable(): Promise<boolean> {
    return this.connections
      .withSession((session) => session.first('SELECT 1 AS one'))
      .then(
        (row) => row !== undefined,
        () => false,
      );
  }

  async close(): Promise<void> {
    await this.connections.settled();
    await this.dataSource.destroy();
  }

  private async hasLanded(commitError: Error, isCommitted: WriteOptions['isCommitted']): Promise<boolean> {
    return driverErrorKind(commitError) === 'connection' && isCommitted !== undefined && this.read(isCommitted);
  }

  private async withRetries<T>(attempt: () => Promise<T>): Promise<T> {
    for (let round = 1; ; round += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (!isWorthAnotherRound(error, round)) {
          throw translateDriverError(error);
        }
        this.retries += 1;
        await delay(Math.random() * Math.min(200, 10 * 2 ** round));
      }
    }
  }
}

function isWorthAnotherRound(error: unknown, round: number): boolean {
  switch (driverErrorKind(error)) {
    case 'conflict':
      return round < conflictAttempts;
    case 'lockTimeout':
      return round < lockTimeoutAttempts;
    case 'connection':
      return round < connectionAttempts && !isOverload(error);
    case 'duplicate':
    case 'other':
      return false;
  }
}

/** A full queue, or a statement that ran into its time limit: more of the same would only add to the load. */
function isOverload(error: unknown): boolean {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return code === 'PROTOCOL_SEQUENCE_TIMEOUT' || (message ?? '').includes('Queue limit reached');
}
