import type { QueryRunner } from 'typeorm';

/** Column types as each engine writes them; everything else in a migration is the same SQL for all. */
export interface ColumnTypes {
  readonly id: string;
  readonly longText: string;
  readonly bigint: string;
  readonly int: string;
  readonly boolean: string;
}

/** A table as a migration describes it: SQL lines for the body, index names with their columns. */
export interface TableDefinition {
  readonly body: (types: ColumnTypes) => readonly string[];
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
}

export const sqliteTypes: ColumnTypes = {
  id: 'varchar(36)',
  longText: 'text',
  bigint: 'bigint',
  int: 'integer',
  boolean: 'boolean',
};
export const mysqlTypes: ColumnTypes = {
  id: 'varchar(36)',
  longText: 'mediumtext',
  bigint: 'bigint',
  int: 'int',
  boolean: 'tinyint(1)',
};

/** The column types of the engine that a migration runs on. */
export function columnTypes(runner: QueryRunner): ColumnTypes {
  return isSqlite(runner) ? sqliteTypes : mysqlTypes;
}

/**
 * Creates a table in one DDL statement on MySQL and MariaDB, so that a migration which was killed half-way can simply
 * run again. Every column compares byte by byte, trailing blanks included, as SQLite does by itself.
 */
export async function createTable(
  runner: QueryRunner,
  name: string,
  { body, indexes = {} }: TableDefinition,
): Promise<void> {
  if (isSqlite(runner)) {
    await runner.query(`CREATE TABLE IF NOT EXISTS ${name} (${body(sqliteTypes).join(', ')})`);
    for (const [index, columns] of Object.entries(indexes)) {
      await runner.query(`CREATE INDEX IF NOT EXISTS ${index} ON ${name} (${columns.join(', ')})`);
    }
    return;
  }
  const inlineIndexes = Object.entries(indexes).map(([index, columns]) => `INDEX ${index} (${columns.join(', ')})`);
  const collation = await binaryCollation(runner);
  await runner.query(
    `CREATE TABLE IF NOT EXISTS ${name} (${[...body(mysqlTypes), ...inlineIndexes].join(', ')}) ` +
      `ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${collation}`,
  );
}

/** Drops a table that {@link createTable} made. */
export async function dropTable(runner: QueryRunner, name: string): Promise<void> {
  await runner.query(`DROP TABLE IF EXISTS ${name}`);
}

/** The collation that compares code points and pads nothing; MySQL and MariaDB have it under different names. */
async function binaryCollation(runner: QueryRunner): Promise<string> {
  const rows = (await runner.query('SELECT VERSION() AS version')) as readonly { readonly version: string }[];
  return rows[0]?.version.includes('MariaDB') === true ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin';
}

export function isSqlite(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'better-sqlite3';
}
