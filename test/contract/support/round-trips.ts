import type { Database } from '@cleanmail/database';

interface Connection {
  query: (...given: never[]) => unknown;
  execute: (...given: never[]) => unknown;
}

interface Pool {
  getConnection: (done: (error: Error | null, connection: Connection) => void) => void;
}

/** How often the work waits for the server of a MySQL database, the begin and the end of transactions included. */
export async function roundTripsOf(database: Database, work: () => Promise<unknown>): Promise<number> {
  const { pool } = database.dataSource.driver as unknown as { readonly pool: Pool };
  const getConnection = pool.getConnection.bind(pool);
  let trips = 0;
  pool.getConnection = (done) =>
    getConnection((error, connection) =>
      done(error, error === null ? counted(connection, () => (trips += 1)) : connection),
    );
  try {
    await work();
  } finally {
    pool.getConnection = getConnection;
  }
  return trips;
}

/** How many sessions the work lends itself; on the embedded database, which takes no round trips. */
export async function sessionsOf(database: Database, work: () => Promise<unknown>): Promise<number> {
  const { read, write } = database;
  let sessions = 0;
  database.read = (...given) => ((sessions += 1), read.apply(database, given) as never);
  database.write = (...given) => ((sessions += 1), write.apply(database, given) as never);
  try {
    await work();
  } finally {
    Object.assign(database, { read, write });
  }
  return sessions;
}

/** The connection for as long as it is lent. */
function counted(connection: Connection, count: () => void): Connection {
  return new Proxy(connection, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]): unknown => {
        if (name === 'query' || name === 'execute') count();
        return Reflect.apply(value, target, given);
      };
    },
  });
}
