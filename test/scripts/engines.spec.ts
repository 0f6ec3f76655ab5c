import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import mysql from 'mysql2/promise';
import {
  availableEngines,
  createDatabaseUrl,
  createMigratedDatabaseUrl,
  describeEachEngine,
  dropDatabase,
} from '../support/engines/index.js';
import { createTenant, openLibs } from '../contract/support/libs.js';
import { query } from '../contract/support/rows.js';

describe(availableEngines.name, () => {
  it('should name each engine once', () => {
    const names = availableEngines().map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    expect(names).not.toHaveLength(0);
  });
});

describeEachEngine('createDatabaseUrl', (engine) => {
  if (engine.name === 'sqlite') {
    it('should name a file in a folder of its own until it is dropped', async () => {
      const url = await createDatabaseUrl(engine);
      const file = url.slice('sqlite:'.length);
      expect(existsSync(file)).toBe(false);
      writeFileSync(file, '');
      await dropDatabase(url);
      expect(existsSync(dirname(file))).toBe(false);
    });
    return;
  }

  it('should make an empty database on the named server until it is dropped', async () => {
    const url = await createDatabaseUrl(engine);
    const connection = await mysql.createConnection(url);
    const [tables] = await connection.query('SHOW TABLES');
    const [versions] = await connection.query('SELECT VERSION() AS version, @@innodb_flush_log_at_trx_commit AS flush');
    await connection.end();
    await dropDatabase(url);
    expect(tables).toEqual([]);
    expect(versions).toEqual([{ version: engine.version, flush: 1 }]);
    await expect(mysql.createConnection(url)).rejects.toMatchObject({ errno: 1049 });
  });
});

describeEachEngine('createMigratedDatabaseUrl', (engine) => {
  it('should make a database without rows, also where an earlier suite had one', async () => {
    for (let round = 0; round < 2; round += 1) {
      const databaseUrl = await createMigratedDatabaseUrl(engine);
      const libs = await openLibs(databaseUrl);
      expect(await query(libs.database, 'SELECT id FROM tenant')).toEqual([]);
      expect(await query(libs.database, 'SELECT tenant_id FROM tenant_mail_counter')).toEqual([]);
      await createTenant(libs);
      await libs.close();
      await dropDatabase(databaseUrl);
    }
  });

  it('should give two suites at once two databases', async () => {
    const [one, other] = await Promise.all([createMigratedDatabaseUrl(engine), createMigratedDatabaseUrl(engine)]);
    expect(one).not.toBe(other);
    await Promise.all([one, other].map((url) => dropDatabase(url)));
  });
});
