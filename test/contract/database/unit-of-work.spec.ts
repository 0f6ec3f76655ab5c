import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '@cleanmail/config';
import {
  allDone,
  asTenantId,
  type Database,
  DatabaseUnavailableError,
  DuplicateKeyError,
  forUpdate,
  newId,
  openDatabase,
  type Session,
  StaleRowError,
} from '@cleanmail/database';
import { createDatabaseUrl, describeEachEngine, dropDatabase } from '../../support/engines/index.js';
import { createTenant, libsFor } from '../support/libs.js';
import { query } from '../support/rows.js';

/** A gate that one side waits at until the other opens it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describeEachEngine('the unit of work', (engine) => {
  let database: Database;
  let databaseUrl: string;

  beforeAll(async () => {
    databaseUrl = await createDatabaseUrl(engine);
    database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [], poolSize: 10 });
    const charset = engine.name === 'sqlite' ? '' : ' ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4';
    await database.read(async (session) => {
      await session.run(`CREATE TABLE account (id int NOT NULL, balance int NOT NULL, PRIMARY KEY (id))${charset}`);
      await session.run(
        `CREATE TABLE transfer (id varchar(36) NOT NULL, part int NOT NULL, PRIMARY KEY (id, part))${charset}`,
      );
      await session.run(
        `CREATE TABLE counter (tenant_id varchar(36) NOT NULL, value bigint NOT NULL, PRIMARY KEY (tenant_id))${charset}`,
      );
    });
  });
  afterAll(async () => {
    await database.close();
    await dropDatabase(databaseUrl);
  });

  let accounts = 0;

  /** An account with that balance. */
  async function account(balance = 100): Promise<number> {
    accounts += 1;
    const id = accounts;
    await database.write((session) => session.run('INSERT INTO account (id, balance) VALUES (?, ?)', [id, balance]));
    return id;
  }

  async function balance(id: number): Promise<unknown> {
    return (await query(database, 'SELECT balance FROM account WHERE id = ?', [id]))[0]?.['balance'];
  }

  const add = (session: Session, id: number, amount: number) =>
    session.run('UPDATE account SET balance = balance + ? WHERE id = ?', [amount, id]);

  it('should commit what was done, and answer what the work answered', async () => {
    const id = await account();
    expect(
      await database.write(async (session) => [
        await add(session, id, 5),
        await session.first('SELECT balance FROM account WHERE id = ?', [id]),
      ]),
    ).toEqual([1, { balance: 105 }]);
    expect(await balance(id)).toBe(105);
  });

  it('should leave nothing of a unit that fails, and pass its error on', async () => {
    const [one, two] = [await account(), await account()];
    const failure = new Error('half-way');
    const unit = database.write(async (session) => {
      await add(session, one, -50);
      await session.run('UPDATE account SET balance = 0 WHERE id = ?', [two]);
      throw failure;
    });
    await expect(unit).rejects.toBe(failure);
    expect([await balance(one), await balance(two)]).toEqual([100, 100]);
  });

  it('should leave nothing of a unit whose statement is refused', async () => {
    const id = await account();
    const unit = database.write(async (session) => {
      await add(session, id, 1);
      await session.run('INSERT INTO account (id, balance) VALUES (?, 0)', [id]);
    });
    await expect(unit).rejects.toBeInstanceOf(DuplicateKeyError);
    expect(await balance(id)).toBe(100);
    expect(await database.isReachable()).toBe(true);
  });

  it('should let a unit go on after a duplicate key that it answers itself', async () => {
    const id = await account();
    await database.write(async (session) => {
      await session.run('INSERT INTO account (id, balance) VALUES (?, 0)', [id]).catch(() => undefined);
      await add(session, id, 7);
    });
    expect(await balance(id)).toBe(107);
  });

  it('should keep fifty units at once apart, of which a third fails', async () => {
    const [from, to] = [await account(0), await account(0)];
    const ids = Array.from({ length: 50 }, () => newId());
    const seen: unknown[] = [];
    const units = ids.map((id, index) =>
      database.write(async (session) => {
        await session.run('INSERT INTO transfer (id, part) VALUES (?, 1)', [id]);
        await add(session, from, -1);
        await new Promise(setImmediate);
        await add(session, to, 1);
        if (index % 3 === 0) throw new Error('a third fails');
        await session.run('INSERT INTO transfer (id, part) VALUES (?, 2)', [id]);
      }),
    );
    const single = ids.map(async () => {
      const id = newId();
      await database.read((session) => session.run('INSERT INTO transfer (id, part) VALUES (?, 0)', [id]));
      return id;
    });
    const reads = ids.map(async () => {
      const sums = await query(database, 'SELECT SUM(balance) AS sum FROM account WHERE id IN (?, ?)', [from, to]);
      const halves = await query(database, 'SELECT id FROM transfer WHERE part > 0 GROUP BY id HAVING COUNT(*) = 1');
      seen.push(Number(sums[0]?.['sum']), halves.length);
    });
    const outcomes = await Promise.allSettled(units);
    const acknowledged = await Promise.all(single);
    await Promise.all(reads);
    const failed = outcomes.filter(({ status }) => status === 'rejected').length;
    expect(failed).toBe(17);
    expect([await balance(from), await balance(to)]).toEqual([-33, 33]);
    expect(new Set(seen)).toEqual(new Set([0]));
    const kept = new Set((await query(database, 'SELECT id FROM transfer WHERE part = 0')).map(({ id }) => id));
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    const parts = await query(database, 'SELECT id, COUNT(*) AS n FROM transfer WHERE part > 0 GROUP BY id');
    expect(parts).toHaveLength(33);
    expect(new Set(parts.map(({ n }) => n))).toEqual(new Set([2]));
  });

  it('should run statements that are asked for together in their order, and give each its own answer', async () => {
    const id = await account(10);
    const answers = await database.write((session) =>
      allDone([
        add(session, id, 5),
        session.first('SELECT balance FROM account WHERE id = ?', [id]),
        add(session, -1, 5),
        session.list('SELECT id, balance FROM account WHERE id = ?', [id]),
        session.all('SELECT balance FROM account WHERE id = -1'),
      ]),
    );
    expect(answers).toEqual([1, { balance: 15 }, 0, [{ id, balance: 15 }], []]);
    expect(await balance(id)).toBe(15);
  });

  it('should leave nothing of statements that are asked for together when one is refused', async () => {
    const id = await account();
    const unit = database.write((session) =>
      allDone([add(session, id, 1), session.run('INSERT INTO account (id, balance) VALUES (?, 0)', [id])]),
    );
    await expect(unit).rejects.toBeInstanceOf(DuplicateKeyError);
    expect(await balance(id)).toBe(100);
  });

  it('should bind values that look like SQL alike, alone and together', async () => {
    const odd = ["'; DROP TABLE account; --", '\\', "\\'", '"?"', 'ü😀', '\u0000\u001a', '%_'];
    const select = engine.name === 'sqlite' ? 'SELECT ? AS text' : 'SELECT CAST(? AS CHAR) AS text';
    const [alone, together] = await database.read(async (session) => {
      const one: unknown[] = [];
      for (const value of odd) one.push(await session.first(select, [value]));
      return [one, await allDone(odd.map((value) => session.first(select, [value])))];
    });
    expect(alone).toEqual(odd.map((text) => ({ text })));
    expect(together).toEqual(alone);
  });

  it('should show no other unit what is not committed', async () => {
    const id = await account();
    const [written, checked] = [gate(), gate()];
    const unit = database.write(async (session) => {
      await add(session, id, 1);
      written.open();
      if (engine.name !== 'sqlite') await checked.opened;
    });
    await written.opened;
    const during = balance(id);
    if (engine.name !== 'sqlite') {
      expect(await during).toBe(100);
      checked.open();
    }
    await unit;
    expect(await balance(id)).toBe(101);
  });

  it('should run a unit again that found a stale row, and give up after some rounds', async () => {
    const id = await account();
    const before = database.retries;
    let rounds = 0;
    await database.write(async (session) => {
      rounds += 1;
      await add(session, id, 1);
      if (rounds < 4) throw new StaleRowError('changed meanwhile');
    });
    expect([rounds, database.retries - before, await balance(id)]).toEqual([4, 3, 101]);
    const hopeless = database.write(() => Promise.reject(new StaleRowError('always')));
    await expect(hopeless).rejects.toBeInstanceOf(DatabaseUnavailableError);
  });

  it('should answer a read that comes in while batches follow one another', async () => {
    const id = await account(0);
    const add = (session: Session): Promise<number> =>
      session.run('UPDATE account SET balance = balance + 1 WHERE id = ?', [id]);
    let batches = 0;
    let seen: unknown;
    // A request comes in by the event loop, which a loop of nothing but embedded transactions never goes back to.
    setImmediate(() => void balance(id).then((value) => (seen = value)));
    for await (const changed of database.writeInBatches(add)) {
      batches += changed;
      if (seen !== undefined || batches === 500) break;
    }
    expect(seen).toEqual(expect.any(Number));
    expect(batches).toBeLessThan(500);
    expect(await balance(id)).toBe(batches);
  });

  it('should answer a read that comes in while a list is worked through one by one', async () => {
    const id = await account(0);
    let seen: unknown;
    setImmediate(() => void balance(id).then((value) => (seen = value)));
    const parts = Array.from({ length: 50 }, (_, part) => part);
    await database.writeEach(parts, (session) =>
      session.run('UPDATE account SET balance = balance + 1 WHERE id = ?', [id]),
    );
    expect(seen).toEqual(expect.any(Number));
    expect(await balance(id)).toBe(parts.length);
  });

  it('should add to a counter once for each of fifty units, without holes', async () => {
    const tenant = asTenantId(newId());
    await database.write((session) => session.run('INSERT INTO counter (tenant_id, value) VALUES (?, 0)', [tenant]));
    const values = await Promise.all(
      Array.from({ length: 50 }, () =>
        database.write((session) => session.increment({ table: 'counter', column: 'value' }, tenant, 1)),
      ),
    );
    expect([...values].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  it('should bring values back as strings, numbers and null', async () => {
    const sql =
      engine.name === 'sqlite'
        ? 'SELECT ? AS text, 9007199254740991 AS big, NULL AS absent, 1 = 1 AS yes'
        : 'SELECT CAST(? AS CHAR) AS text, 9007199254740991 AS big, NULL AS absent, 1 = 1 AS yes';
    const expected = { text: 'ü😀 \\ \'"', big: 9007199254740991, absent: null, yes: 1 };
    for (const way of ['all', 'list'] as const) {
      expect(await database.read((session) => session[way](sql, [expected.text]))).toEqual([expected]);
    }
  });

  it('should answer the rows that matched, also those that were as wanted already', async () => {
    const id = await account();
    expect(await database.write((session) => session.run('UPDATE account SET balance = 100 WHERE id = ?', [id]))).toBe(
      1,
    );
    expect(await database.write((session) => session.run('UPDATE account SET balance = 100 WHERE id = -1'))).toBe(0);
  });

  if (engine.name === 'sqlite') {
    it('should write through to the disk and keep foreign keys', async () => {
      const settings = ['synchronous', 'journal_mode', 'foreign_keys'].map((name) => query(database, `PRAGMA ${name}`));
      expect(await Promise.all(settings)).toEqual([
        [{ synchronous: 2 }],
        [{ journal_mode: 'wal' }],
        [{ foreign_keys: 1 }],
      ]);
    });
    return;
  }

  it('should refuse a statement that comes when the unit of work is over', async () => {
    const id = await account();
    let late: Session | undefined;
    await database.write(async (session) => {
      late = session;
      await add(session, id, 1);
    });
    await expect(add(late as Session, id, 1)).rejects.toThrow('the unit of work is over');
    expect(await balance(id)).toBe(101);
  });

  it('should retry both of two units that lock the same rows in opposite order', async () => {
    const [one, two] = [await account(), await account()];
    const [first, second] = [gate(), gate()];
    const before = database.retries;
    const move = (from: number, to: number, own: ReturnType<typeof gate>, other: ReturnType<typeof gate>) =>
      database.write(async (session) => {
        await add(session, from, -10);
        own.open();
        await other.opened;
        await add(session, to, 10);
      });
    await Promise.all([move(one, two, first, second), move(two, one, second, first)]);
    expect([await balance(one), await balance(two)]).toEqual([100, 100]);
    expect(database.retries - before).toBeGreaterThanOrEqual(1);
  });

  it('should survive a storm of deadlocks', async () => {
    const rows = await Promise.all(Array.from({ length: 4 }, () => account(0)));
    const units = Array.from({ length: 40 }, (_, index) =>
      database.write(async (session) => {
        const order = index % 2 === 0 ? rows : [...rows].reverse();
        for (const id of order) await add(session, id, 1);
      }),
    );
    await Promise.all(units);
    expect(await Promise.all(rows.map(balance))).toEqual([40, 40, 40, 40]);
  });

  it('should wait out a lock that is held longer than one attempt waits', async () => {
    const id = await account();
    const [locked, waited] = [gate(), gate()];
    const holder = database.write(async (session) => {
      await session.first(`SELECT balance FROM account WHERE id = ?${forUpdate(session)}`, [id]);
      locked.open();
      await waited.opened;
    });
    await locked.opened;
    const before = database.retries;
    let rounds = 0;
    const waiter = database.write(async (session) => {
      rounds += 1;
      if (rounds === 2) waited.open();
      await add(session, id, 1);
    });
    await Promise.all([holder, waiter]);
    expect(rounds).toBeGreaterThanOrEqual(2);
    expect(database.retries).toBeGreaterThan(before);
    expect(await balance(id)).toBe(101);
  });

  it('should give a statement up that takes too long, without a second try, and stay usable', async () => {
    const before = database.retries;
    const start = performance.now();
    const [read, write] = await Promise.allSettled([
      database.read((session) => session.all('SELECT SLEEP(20)')),
      database.write((session) => session.list('SELECT SLEEP(20)')),
    ]);
    expect(read).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailableError) });
    expect(write).toMatchObject({ status: 'rejected', reason: expect.any(DatabaseUnavailableError) });
    expect(performance.now() - start).toBeLessThan(8000);
    expect(database.retries).toBe(before);
    expect(await database.isReachable()).toBe(true);
  });

  it('should give every pooled connection the same settings, the first included', async () => {
    const fresh = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [], poolSize: 6 });
    const arrivals: number[] = [];
    const all = gate();
    const settings = await Promise.all(
      Array.from({ length: 6 }, () =>
        fresh.read(async (session) => {
          const [variables] = await session.all<Record<string, unknown>>(
            'SELECT @@SESSION.sql_mode AS mode, @@SESSION.time_zone AS zone, @@SESSION.innodb_lock_wait_timeout AS patience, @@SESSION.lock_wait_timeout AS ddl, @@character_set_connection AS charset, CONNECTION_ID() AS connection',
          );
          const isolation = await session.all<{ Value: string }>(
            "SHOW SESSION VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')",
          );
          arrivals.push(Number(variables?.['connection']));
          if (arrivals.length === 6) all.open();
          await all.opened;
          return { ...variables, isolation: [...new Set(isolation.map(({ Value }) => Value))] };
        }),
      ),
    );
    await fresh.close();
    expect(new Set(arrivals).size).toBe(6);
    for (const each of settings) {
      expect(each).toMatchObject({ zone: '+00:00', ddl: 10, charset: 'utf8mb4', isolation: ['READ-COMMITTED'] });
      expect(String((each as Record<string, unknown>)['mode']).split(',')).toContain('STRICT_TRANS_TABLES');
      expect(Number((each as Record<string, unknown>)['patience'])).toBeLessThan(5);
    }
  });

  it('should refuse a text that is too long instead of cutting it', async () => {
    const tooLong = database.write((session) =>
      session.run('INSERT INTO transfer (id, part) VALUES (?, 9)', ['x'.repeat(37)]),
    );
    await expect(tooLong).rejects.toMatchObject({ errno: 1406 });
  });
});

describeEachEngine('names of duplicate keys', (engine) => {
  const libs = libsFor(engine);

  it.each([
    [
      'uq_mail_domain_tenant',
      "INSERT INTO mail_domain (tenant_id, id, name_ascii, name_unicode, status, created_at, unknown_recipient_policy, subaddressing) SELECT tenant_id, ?, name_ascii, name_unicode, 'pending', 1, 'defer', 'plus' FROM mail_domain",
    ],
    [
      'uq_secret_token_public_id',
      "INSERT INTO secret_token (tenant_id, id, public_id, secret_hash, created_at, created_by) SELECT id, ?, 'same', 'x', 1, 'x' FROM tenant",
    ],
  ] as const)('should be %s', async (key, sql) => {
    await createTenant(libs(), { domains: [`d-${newId()}.example`] });
    const { database } = libs();
    const first =
      key === 'uq_secret_token_public_id'
        ? database.write((session) => session.run(`${sql} LIMIT 1`, [newId()]))
        : undefined;
    await first;
    const attempt = database.write((session) => session.run(`${sql} LIMIT 1`, [newId()]));
    await expect(attempt).rejects.toMatchObject({ name: 'DuplicateKeyError', key });
  });
});
