import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { parseDatabaseUrl } from '@cleanmail/config';
import {
  asTenantId,
  type Database,
  isMigrated,
  migrate,
  newId,
  openDatabase,
  pagedResources,
} from '@cleanmail/database';
import { pageDirectoryViolations } from '@cleanmail/users';
import { createDatabaseUrl, describeEachEngine, dropDatabase } from '../../support/engines/index.js';
import { insertUserRows } from '../support/paged-users.js';
import { query } from '../support/rows.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A node of its own process that migrates a database and prints the names of the migrations that it ran. */
const program = `
  import { parseDatabaseUrl } from '@cleanmail/config';
  import { migrate, openDatabase } from '@cleanmail/database';
  const database = await openDatabase({ location: parseDatabaseUrl(process.argv.at(-1)), entities: [] });
  console.log(JSON.stringify(await migrate(database)));
  await database.close();
`;

describeEachEngine('migrations', (engine) => {
  let databaseUrl: string;
  let database: Database;

  beforeEach(async () => {
    databaseUrl = await createDatabaseUrl(engine);
    database = await open();
  });
  afterEach(async () => {
    await database.close();
    await dropDatabase(databaseUrl, { unverified: 'rows of older versions are written by hand' });
  });

  const open = () => openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [] });

  /** Tables and their definition, as the engine itself describes them, without what belongs to migrating. */
  async function schema(): Promise<Readonly<Record<string, unknown>>> {
    const names =
      engine.name === 'sqlite'
        ? "SELECT name FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
        : 'SHOW TABLES';
    const tables = (await query(database, names)).map((row) => String(Object.values(row)[0])).sort();
    const own = tables.filter(
      (name) => !['schema_migration', 'migration_lease'].includes(name) && !name.startsWith('sqlite_'),
    );
    const described = await Promise.all(
      own.map(async (name) => {
        const sql =
          engine.name === 'sqlite'
            ? `SELECT sql FROM sqlite_master WHERE name = '${name}'`
            : `SHOW CREATE TABLE ${name}`;
        return [name, await query(database, sql)];
      }),
    );
    return Object.fromEntries(described) as Readonly<Record<string, unknown>>;
  }

  async function revertAll(): Promise<void> {
    const { dataSource } = database;
    const applied = await query(database, 'SELECT COUNT(*) AS n FROM schema_migration');
    for (let left = Number(applied[0]?.['n']); left > 0; left -= 1)
      await dataSource.undoLastMigration({ transaction: 'each' });
  }

  async function nodeMigrates(): Promise<readonly string[]> {
    const flags = ['--conditions=source', '--import', 'tsx', '--input-type=module'];
    const child = spawn(process.execPath, [...flags, '--eval', program, databaseUrl], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) throw new Error(`the node failed: ${output.err}`);
    return JSON.parse(output.out) as readonly string[];
  }

  it('should go from empty to head and back, twice, and end with the same schema', async () => {
    expect(await isMigrated(database)).toBe(false);
    const names = await migrate(database);
    expect(names.length).toBeGreaterThanOrEqual(14);
    expect(await isMigrated(database)).toBe(true);
    expect(await migrate(database)).toEqual([]);
    const head = await schema();
    expect(Object.keys(head)).toEqual(
      expect.arrayContaining(['tenant', 'scim_user', 'mailbox_address', 'outbox_event']),
    );
    await revertAll();
    expect(await schema()).toEqual({});
    expect(await isMigrated(database)).toBe(false);
    expect(await migrate(database)).toEqual(names);
    expect(await schema()).toEqual(head);
    await revertAll();
    expect(await schema()).toEqual({});
  });

  it('should give every table a primary key, and on a server the same byte-wise collation whatever its default', async () => {
    await migrate(database);
    const tables = Object.entries(await schema());
    for (const [name, definition] of tables.filter(([key]) => !key.startsWith('ix_'))) {
      expect(`${name}: ${JSON.stringify(definition)}`).toMatch(/PRIMARY KEY/);
      if (engine.name !== 'sqlite') {
        expect(`${name}: ${JSON.stringify(definition)}`).toMatch(/ENGINE=InnoDB.*utf8mb4_(nopad_bin|0900_bin)/);
      }
    }
  });

  it('should be done by exactly one of three processes that start at once', async () => {
    const outcomes = await Promise.all([nodeMigrates(), nodeMigrates(), nodeMigrates()]);
    expect(outcomes.filter((names) => names.length > 0)).toHaveLength(1);
    expect(await isMigrated(database)).toBe(true);
    expect(await migrate(database)).toEqual([]);
  });

  if (engine.name !== 'sqlite') {
    it('should be done by exactly one of eight nodes that ask in the same moment', async () => {
      const nodes = await Promise.all(Array.from({ length: 8 }, open));
      const outcomes = await Promise.allSettled(nodes.map(migrate));
      await Promise.all(nodes.map((node) => node.close()));
      expect(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))).toEqual(
        [],
      );
      const done = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.length > 0);
      expect(done).toHaveLength(1);
      expect(await isMigrated(database)).toBe(true);
    });
  }

  if (engine.name === 'sqlite') {
    it('should hold the write lock from the start of a migration, also while it has only looked', async () => {
      await migrate(database);
      const runner = database.dataSource.createQueryRunner();
      const other = new BetterSqlite3(databaseUrl.replace('sqlite:', ''), { timeout: 0 });
      const write = () => other.exec("UPDATE migration_lease SET holder = ''");
      try {
        await runner.startTransaction();
        await runner.query('SELECT COUNT(*) FROM tenant');
        expect(write).toThrow('database is locked');
        await runner.query('ALTER TABLE tenant ADD COLUMN later integer');
        await runner.rollbackTransaction();
        expect(write).not.toThrow();
      } finally {
        other.close();
        await runner.release();
      }
    });
  }

  it('should wait for the lease of a node that lives, and take over that of one that died', async () => {
    const clock =
      engine.name === 'sqlite' ? "CAST(strftime('%s', 'now') AS integer) * 1000" : 'UNIX_TIMESTAMP() * 1000';
    await database.read(async (session) => {
      await session.run(
        'CREATE TABLE migration_lease (id int NOT NULL, holder varchar(36) NOT NULL, expires_at bigint NOT NULL, PRIMARY KEY (id))',
      );
      await session.run(
        `INSERT INTO migration_lease (id, holder, expires_at) VALUES (1, 'a node that died', ${clock} + 2000)`,
      );
    });
    const [held] = await query(database, 'SELECT expires_at FROM migration_lease');
    const names = await migrate(database);
    const [lease] = await query(database, `SELECT expires_at, holder, ${clock} AS now FROM migration_lease`);
    expect(names.length).toBeGreaterThanOrEqual(14);
    expect(lease).toMatchObject({ expires_at: 0, holder: expect.not.stringContaining('died') });
    expect(Number(lease?.['now'])).toBeGreaterThanOrEqual(Number(held?.['expires_at']));
  });

  it('should go on where a node stopped that was killed half-way', async () => {
    await database.dataSource.runMigrations({ transaction: 'each' });
    const head = await schema();
    for (let count = 0; count < 5; count += 1) await database.dataSource.undoLastMigration({ transaction: 'each' });
    // A server commits a CREATE TABLE by itself: its migration may be done and not yet be noted.
    const [last] = await query(database, 'SELECT MAX(id) AS id FROM schema_migration');
    await database.read((session) => session.run('DELETE FROM schema_migration WHERE id = ?', [Number(last?.['id'])]));
    expect(await migrate(database)).toHaveLength(6);
    expect(await schema()).toEqual(head);
  });

  it('should enter the users and groups that are there into the page directory, also when it was killed meanwhile', async () => {
    const names = await migrate(database);
    const back = names.length - names.indexOf('CreateScimPageBlock1763683216000');
    for (let count = 0; count < back; count += 1) await database.dataSource.undoLastMigration({ transaction: 'each' });
    const [large, small, empty] = [newId(), newId(), newId()].map(asTenantId);
    if (large === undefined || small === undefined || empty === undefined) throw new Error('no tenants');
    await database.write((session) => insertUserRows(large, session, Array.from({ length: 2000 }, newId)));
    await database.write((session) => insertUserRows(small, session, [newId(), newId()]));
    const group = 'tenant_id, id, display_name, display_name_key, version, created_at, last_modified';
    await database.write((session) =>
      session.run(`INSERT INTO scim_group (${group}) VALUES (?, ?, 'a', 'a', 1, 1, 1)`, [small, newId()]),
    );
    const expectEntered = async () => {
      const totals =
        'SELECT tenant_id, resource_type, SUM(live) AS total FROM scim_page_block GROUP BY tenant_id, resource_type ORDER BY tenant_id, resource_type';
      expect((await query(database, totals)).map((row) => ({ ...row, total: Number(row['total']) }))).toEqual([
        { tenant_id: large, resource_type: 'User', total: 2000 },
        { tenant_id: small, resource_type: 'Group', total: 1 },
        { tenant_id: small, resource_type: 'User', total: 2 },
      ]);
      const sizes = 'SELECT live FROM scim_page_block WHERE tenant_id = ? ORDER BY resource_type, first_id';
      expect((await query(database, sizes, [large])).map(({ live }) => live)).toEqual([1792, 208]);
      for (const tenant of [large, small, empty]) {
        for (const resources of pagedResources) {
          expect(await database.read((session) => pageDirectoryViolations(tenant, session, resources))).toEqual([]);
        }
      }
    };
    expect(await migrate(database)).toHaveLength(back);
    await expectEntered();
    // A server commits a CREATE TABLE by itself: the migration may have entered some of the rows and not be noted.
    const forget = (sql: string, name: string) => database.write((session) => session.run(sql, [name]));
    await forget('DELETE FROM schema_migration WHERE name = ?', 'CreateScimPageBlock1763683216000');
    await forget('DELETE FROM scim_page_block WHERE tenant_id = ?', small);
    await database.dataSource.runMigrations({ transaction: 'each' });
    await expectEntered();
  });

  it('should give the mailboxes of the version before their seats, and suspended tenants to be settled', async () => {
    const names = await migrate(database);
    const back = names.length - names.indexOf('AddMailPolicyRules1763683226000');
    for (let count = 0; count < back; count += 1) await database.dataSource.undoLastMigration({ transaction: 'each' });
    const [active, off] = ['tenant-active', 'tenant-off'];
    await database.write(async (session) => {
      for (const [id, status] of [[active, 'active'], [off, 'suspended']] as const) {
        await session.run('INSERT INTO tenant (id, name, profile, status, created_at, updated_at) VALUES (?, ?, ?, ?, 1, 1)', [id, id, 'cleanmail', status]);
        await session.run('INSERT INTO tenant_mail_counter (tenant_id, feed_version) VALUES (?, 7)', [id]);
      }
      await session.run("INSERT INTO tenant_mail_policy (tenant_id, address_source, inactive_mail_policy, inactive_grace_hours, former_days, delete_retention_days, reserve_days, erase_after_days) VALUES (?, 'userName', 'hold', 1, 2, 3, 4, 5)", [active]);
      const insert =
        "INSERT INTO mailbox_account (tenant_id, id, origin, kind, admin_state, legal_hold, status, status_since, created_at, deleted_at, row_version) VALUES (?, ?, 'scim', ?, 'none', ?, ?, ?, 1, ?, 1)";
      for (const [id, kind, status, since, deleted] of [
        ['a', 'user', 'active', 10, null], ['b', 'user', 'active', 20, null], ['c', 'shared', 'active', 30, null],
        ['d', 'user', 'suspended', 40, null], ['e', 'user', 'deleted', 50, 50],
      ] as const) {
        await session.run(insert, [active, id, kind, false, status, since, deleted]);
      }
    }); // prettier-ignore
    expect(await migrate(database)).toHaveLength(back);
    const seats = [10, 20, null, null, null].map((since) => ({ seat: since === null ? 0 : 1, seat_since: since }));
    expect(await query(database, 'SELECT seat, seat_since FROM mailbox_account ORDER BY id')).toEqual(seats);
    expect(
      await query(
        database,
        'SELECT tenant_id, feed_version, seats_used, is_suspended, settings_version, settled_version FROM tenant_mail_counter ORDER BY tenant_id',
      ),
    ).toEqual([
      { tenant_id: active, feed_version: 7, seats_used: 2, is_suspended: 0, settings_version: 0, settled_version: 0 },
      { tenant_id: off, feed_version: 7, seats_used: 0, is_suspended: 1, settings_version: 1, settled_version: 0 },
    ]);
    expect(
      await query(
        database,
        'SELECT former_days, seat_limit, seat_policy, unowned_domain_policy FROM tenant_mail_policy',
      ),
    ).toEqual([{ former_days: 2, seat_limit: null, seat_policy: 'soft', unowned_domain_policy: 'park' }]);
  });
});
