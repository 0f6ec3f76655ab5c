import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '@cleanmail/config';
import { type Database, DatabaseUnavailableError, openDatabase } from '@cleanmail/database';
import { createDatabaseUrl, describeEachEngine, dropDatabase } from '../../support/engines/index.js';
import { roundTripsOf } from '../support/round-trips.js';

const poolSize = 3;

describeEachEngine('look-ups', (engine) => {
  let databaseUrl: string;
  let database: Database;

  beforeEach(async () => {
    databaseUrl = await createDatabaseUrl(engine);
    database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [], poolSize });
    await database.write(async (session) => {
      await session.run('CREATE TABLE thing (id int NOT NULL PRIMARY KEY, name varchar(20) NOT NULL)');
    });
    await database.write(async (session) => {
      for (let id = 0; id < 200; id += 1)
        await session.run('INSERT INTO thing (id, name) VALUES (?, ?)', [id, `${id}'s`]);
    });
  });
  afterEach(async () => {
    await database.close();
    await dropDatabase(databaseUrl, { unverified: 'it has one table, which is not of the service' });
  });

  const statement = 'SELECT name FROM thing WHERE id = ?';
  const lookUp = (id: number, sql = statement) =>
    database.read((session) => session.lookUp<{ readonly name: string }>(sql, [id]));
  const ids = Array.from({ length: 130 }, (_, index) => index);

  it('should each get what they asked for, however many are asked for at once', async () => {
    const found = await Promise.all(ids.map((id) => lookUp(id)));
    expect(found).toEqual(ids.map((id) => [{ name: `${id}'s` }]));
    expect(await lookUp(1000)).toEqual([]);
  });

  it('should not take others with them when they fail', async () => {
    const asked = ids
      .slice(0, 9)
      .map((id) => lookUp(id, id === 4 ? 'SELECT nothing FROM thing WHERE id = ?' : statement));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.map(({ status }) => status)).toEqual(
      ids.slice(0, 9).map((id) => (id === 4 ? 'rejected' : 'fulfilled')),
    );
    expect(await lookUp(4)).toEqual([{ name: "4's" }]);
  });

  it('should see in a transaction what it wrote, and outside of it not before the end', async () => {
    await database.write(async (session) => {
      await session.run("UPDATE thing SET name = 'new' WHERE id = 1");
      expect(await session.lookUp(statement, [1])).toEqual([{ name: 'new' }]);
      if (engine.name !== 'sqlite') expect(await lookUp(1)).toEqual([{ name: "1's" }]);
    });
    expect(await lookUp(1)).toEqual([{ name: 'new' }]);
  });

  /** Takes all connections, until they are set free. */
  async function lendAll(): Promise<{ readonly free: () => void; readonly ended: Promise<unknown> }> {
    const [hold, free] = gate();
    const lent = Array.from({ length: poolSize }, gate);
    const holders = lent.map(([, isLent]) =>
      database.write(async (session) => {
        await session.first('SELECT 1 AS one');
        isLent();
        await hold;
      }),
    );
    await Promise.all(lent.map(([opened]) => opened));
    return { free, ended: Promise.all(holders) };
  }

  if (engine.name !== 'sqlite') {
    it('should go to the server together when they are asked for in one turn, up to fifty of them', async () => {
      const together = async (count: number) =>
        roundTripsOf(database, () => Promise.all(ids.slice(0, count).map((id) => lookUp(id))));
      expect([await together(1), await together(7), await together(50), await together(120)]).toEqual([1, 1, 1, 3]);
    });

    it('should wait for a connection together while others have them all', async () => {
      let found: readonly unknown[] = [];
      const trips = await roundTripsOf(database, async () => {
        const { free, ended } = await lendAll();
        const first = lookUp(1);
        await new Promise(setImmediate);
        const later = [lookUp(2), lookUp(3)];
        await new Promise(setImmediate);
        free();
        found = (await Promise.all([first, ...later])).flat();
        await ended;
      });
      expect(found).toEqual([{ name: "1's" }, { name: "2's" }, { name: "3's" }]);
      // Each holder waits for its statement and its COMMIT, and all look-ups wait once.
      expect(trips).toBe(poolSize * 2 + 1);
    });

    it('should be refused when thousands of them wait already, and those answered', async () => {
      const { free, ended } = await lendAll();
      const waiting = Array.from({ length: 5000 }, (_, index) => lookUp(index % 200));
      await expect(lookUp(1)).rejects.toBeInstanceOf(DatabaseUnavailableError);
      free();
      const found = await Promise.all(waiting);
      await ended;
      expect(found.filter((rows) => rows.length === 1)).toHaveLength(5000);
      expect(await lookUp(1)).toEqual([{ name: "1's" }]);
    });
  }
});

/** A promise, and what resolves it. */
function gate(): readonly [opened: Promise<void>, open: () => void] {
  let open = () => undefined as void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return [opened, open];
}
