import Sqlite from 'better-sqlite3';
import mysql from 'mysql2/promise';
import type { Row, Value } from '../record/statement-tap.js';

/** A connection for loading and looking, beside the service's own. */
export interface BenchConnection {
  readonly dialect: 'sqlite' | 'mysql';
  run(sql: string, values?: readonly Value[]): Promise<number>;
  rows(sql: string, values?: readonly Value[]): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Opens one that does not check foreign keys: what it writes is consistent, and it deletes whole tenants. */
export async function openBenchConnection(databaseUrl: string): Promise<BenchConnection> {
  return databaseUrl.startsWith('sqlite:') ? openSqlite(databaseUrl.slice('sqlite:'.length)) : openMysql(databaseUrl);
}

function openSqlite(path: string): BenchConnection {
  const database = new Sqlite(path, { timeout: 10_000 });
  database.pragma('foreign_keys = OFF');
  return {
    dialect: 'sqlite',
    run: async (sql, values = []) => database.prepare<unknown[]>(sql).run(...values).changes,
    rows: async (sql, values = []) => database.prepare<unknown[]>(sql).all(...values) as Row[],
    close: async () => void database.close(),
  };
}

async function openMysql(url: string): Promise<BenchConnection> {
  const connection = await mysql.createConnection({ uri: url, charset: 'utf8mb4', timezone: 'Z' });
  await connection.query("SET SESSION foreign_key_checks = 0, unique_checks = 0, time_zone = '+00:00'");
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  return {
    dialect: 'mysql',
    run: async (sql, values = []) => {
      const [result] = await connection.query<mysql.ResultSetHeader>(sql, [...values]);
      return result.affectedRows;
    },
    rows: async (sql, values = []) => {
      const [rows] = await connection.query<mysql.RowDataPacket[]>(sql, [...values]);
      return rows;
    },
    close: () => connection.end(),
  };
}

/** The tables whose rows belong to tenants, with their columns except those that the database makes itself. */
export async function tenantTables(connection: BenchConnection): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = new Map<string, string[]>();
  for (const { name, column } of await columnRows(connection)) {
    tables.set(String(name), [...(tables.get(String(name)) ?? []), String(column)]);
  }
  return new Map([...tables].filter(([, columns]) => columns.includes('tenant_id')));
}

function columnRows({ dialect, rows }: BenchConnection): Promise<readonly Row[]> {
  return dialect === 'sqlite'
    ? rows(
        "SELECT m.name AS name, c.name AS 'column' FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table' AND c.hidden = 0 ORDER BY m.name, c.cid",
      )
    : rows(
        "SELECT table_name AS name, column_name AS `column` FROM information_schema.columns WHERE table_schema = DATABASE() AND COALESCE(generation_expression, '') = '' ORDER BY table_name, ordinal_position",
      );
}

/** Deletes everything that belongs to a tenant, and the tenant. */
export async function deleteTenant(connection: BenchConnection, tenant: string): Promise<void> {
  for (const table of (await tenantTables(connection)).keys()) {
    await connection.run(`DELETE FROM ${table} WHERE tenant_id = ?`, [tenant]);
  }
  await connection.run('DELETE FROM tenant WHERE id = ?', [tenant]);
}
