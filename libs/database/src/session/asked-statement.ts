import type { PoolConnection, QueryError } from 'mysql2';
import type { SqlValue } from './session.js';

/** No statement of a request may run longer, in milliseconds; the connection is given up afterwards. */
export const statementTimeout = 5000;

/** A statement that was asked for and is not yet sent. */
export interface AskedStatement {
  readonly statement: string;
  readonly parameters: readonly SqlValue[];
  /** Whether it is kept prepared on the server when it is sent alone. */
  readonly isPrepared: boolean;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Done = (error: QueryError | null, results: readonly unknown[]) => void;

/**
 * Sends statements in one packet; `done` is given what each of them answered, or the error of the first that failed.
 * One alone is a prepared statement on the server. A text of several cannot be: its values are escaped by the driver.
 * `opening`, such as START TRANSACTION, goes before them.
 */
export function sendStatements(
  connection: PoolConnection,
  asked: readonly AskedStatement[],
  done: Done,
  opening?: string,
): void {
  const [first] = asked;
  if (first === undefined) {
    return;
  }
  if (asked.length === 1 && opening === undefined) {
    sendAlone(connection, first, done);
    return;
  }
  const before = opening === undefined ? [] : [opening];
  const sql = [...before, ...asked.map(({ statement }) => statement)].join(';');
  const values = asked.flatMap(({ parameters }) => parameters);
  connection.query({ sql, values, timeout: statementTimeout }, (error, results) => {
    done(error, error === null ? (results as unknown as readonly unknown[]).slice(before.length) : []);
  });
}

function sendAlone(
  connection: PoolConnection,
  { statement, parameters, isPrepared }: AskedStatement,
  done: Done,
): void {
  const options = { sql: statement, values: [...parameters], timeout: statementTimeout };
  const answered = (error: QueryError | null, result: unknown) => done(error, [result]);
  if (isPrepared) {
    connection.execute(options, answered);
  } else {
    connection.query(options, answered);
  }
}
