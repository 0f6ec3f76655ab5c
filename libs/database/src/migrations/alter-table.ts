import type { QueryRunner } from 'typeorm';
import { type ColumnTypes, columnTypes, isSqlite, sqliteTypes } from './table.js';

/** Columns that a migration adds to a table; a CHECK of a column names no other column. */
export interface AddedColumns {
  readonly columns: (types: ColumnTypes) => Readonly<Record<string, string>>;
  /** CHECKs over several columns, each with the added column that it goes with. */
  readonly checks?: Readonly<Record<string, { readonly column: string; readonly condition: string }>>;
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
  /** Indexes that SQLite keeps only for rows with a value in the first column: nothing is written for the many that have none. */
  readonly sparseIndexes?: Readonly<Record<string, string | readonly [string, ...string[]]>>;
}

/**
 * Adds columns with their checks and indexes in one ALTER on MySQL and MariaDB, which is done or not done; run again
 * after a migration that was killed half-way, it leaves what is there.
 */
export async function addColumns(
  runner: QueryRunner,
  table: string,
  { columns, checks = {}, indexes = {}, sparseIndexes = {} }: AddedColumns,
): Promise<void> {
  const known = await columnsOf(runner, table);
  const missing = Object.entries(columns(columnTypes(runner))).filter(([name]) => !known.has(name));
  if (isSqlite(runner)) {
    for (const [name, definition] of missing) {
      const check = Object.values(checks).find(({ column }) => column === name);
      const suffix = check === undefined ? '' : ` CHECK (${check.condition})`;
      await runner.query(`ALTER TABLE ${table} ADD COLUMN ${name} ${definition}${suffix}`);
    }
    for (const [index, names] of Object.entries(indexes)) {
      await runner.query(`CREATE INDEX IF NOT EXISTS ${index} ON ${table} (${names.join(', ')})`);
    }
    for (const [index, names] of Object.entries(sparseIndexes)) {
      const columnList = listed(names);
      const sparse = `${index} ON ${table} (${columnList.join(', ')}) WHERE ${columnList[0]} IS NOT NULL`;
      await runner.query(`CREATE INDEX IF NOT EXISTS ${sparse}`);
    }
  } else if (missing.length > 0) {
    const additions = [
      ...missing.map(([name, definition]) => `ADD COLUMN ${name} ${definition}`),
      ...Object.entries(checks).map(([name, { condition }]) => `ADD CONSTRAINT ${name} CHECK (${condition})`),
      ...Object.entries({ ...indexes, ...sparseIndexes }).map(
        ([index, names]) => `ADD INDEX ${index} (${listed(names).join(', ')})`,
      ),
    ];
    await runner.query(`ALTER TABLE ${table} ${additions.join(', ')}`);
  }
}

/** Takes back what {@link addColumns} added. */
export async function dropColumns(
  runner: QueryRunner,
  table: string,
  { columns, checks = {}, indexes = {}, sparseIndexes = {} }: AddedColumns,
): Promise<void> {
  const allIndexes = [...Object.keys(indexes), ...Object.keys(sparseIndexes)];
  const names = Object.keys(columns(sqliteTypes));
  if (isSqlite(runner)) {
    for (const index of allIndexes) {
      await runner.query(`DROP INDEX IF EXISTS ${index}`);
    }
    // The last one first: a check that goes with a column may name those before it.
    for (const name of [...names].reverse()) {
      await runner.query(`ALTER TABLE ${table} DROP COLUMN ${name}`);
    }
    return;
  }
  const removals = [
    ...Object.keys(checks).map((name) => `DROP CONSTRAINT ${name}`),
    ...allIndexes.map((index) => `DROP INDEX ${index}`),
    ...names.map((name) => `DROP COLUMN ${name}`),
  ];
  await runner.query(`ALTER TABLE ${table} ${removals.join(', ')}`);
}

/** Adds an index; run again after a migration that was killed half-way, it leaves what is there. */
export async function addIndex(
  runner: QueryRunner,
  table: string,
  index: string,
  columns: readonly string[],
): Promise<void> {
  if (isSqlite(runner)) {
    await runner.query(`CREATE INDEX IF NOT EXISTS ${index} ON ${table} (${columns.join(', ')})`);
  } else if (!(await hasIndex(runner, table, index))) {
    await runner.query(`ALTER TABLE ${table} ADD INDEX ${index} (${columns.join(', ')})`);
  }
}

/** Takes back what {@link addIndex} added. */
export async function dropIndex(runner: QueryRunner, table: string, index: string): Promise<void> {
  await runner.query(isSqlite(runner) ? `DROP INDEX IF EXISTS ${index}` : `ALTER TABLE ${table} DROP INDEX ${index}`);
}

async function hasIndex(runner: QueryRunner, table: string, index: string): Promise<boolean> {
  const rows = (await runner.query(
    `SELECT 1 AS found FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = '${table}' AND index_name = '${index}' LIMIT 1`,
  )) as readonly unknown[];
  return rows.length > 0;
}

function listed(names: string | readonly string[]): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

async function columnsOf(runner: QueryRunner, table: string): Promise<ReadonlySet<string>> {
  const sql = isSqlite(runner)
    ? `SELECT name FROM pragma_table_xinfo('${table}')`
    : `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'`;
  const rows = (await runner.query(sql)) as readonly { readonly name: string }[];
  return new Set(rows.map(({ name }) => name));
}
