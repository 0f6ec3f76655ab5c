import type { Database, Session, SqlValue } from '@cleanmail/database';

/** A statement that went to the database, and whether it is kept prepared. */
export interface RecordedStatement {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
  readonly isPrepared: boolean;
}

/** Everything that is read from the database while the work runs. */
export async function statementsOf(
  database: Database,
  work: () => Promise<unknown>,
): Promise<readonly RecordedStatement[]> {
  const recorded: RecordedStatement[] = [];
  const read = database.read.bind(database);
  database.read = (task) => read((session) => task(recording(session, recorded)));
  try {
    await work();
  } finally {
    database.read = read;
  }
  return recorded;
}

function recording(session: Session, recorded: RecordedStatement[]): Session {
  const note = (isPrepared: boolean, sql: string, parameters: readonly SqlValue[] = []) => {
    recorded.push({ sql, parameters, isPrepared });
  };
  return {
    dialect: session.dialect,
    increment: (...given) => session.increment(...given),
    all: (...given) => (note(true, ...given), session.all(...given)),
    lookUp: (...given) => (note(true, ...given), session.lookUp(...given)),
    first: (...given) => (note(true, ...given), session.first(...given)),
    run: (...given) => (note(true, ...given), session.run(...given)),
    list: (...given) => (note(false, ...given), session.list(...given)),
  };
}
