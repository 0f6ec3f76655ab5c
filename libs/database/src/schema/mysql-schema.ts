import type { DataSource } from 'typeorm';
import { type ColumnFacts, describeTable, type KeyFacts, type Schema } from './schema.js';

interface ColumnRow {
  readonly tableName: string;
  readonly name: string;
  readonly type: string;
  readonly length: number | string | null;
  readonly nullable: 'YES' | 'NO';
  readonly columnKey: string;
}

interface KeyRow {
  readonly tableName: string;
  readonly name: string;
  readonly nonUnique: number | string;
  readonly columnName: string;
}

const columnsStatement = `
  SELECT c.TABLE_NAME AS tableName, c.COLUMN_NAME AS name, c.DATA_TYPE AS type, c.CHARACTER_MAXIMUM_LENGTH AS length,
         c.IS_NULLABLE AS nullable, c.COLUMN_KEY AS columnKey
    FROM information_schema.COLUMNS c
    JOIN information_schema.TABLES t
      ON t.TABLE_SCHEMA = c.TABLE_SCHEMA AND t.TABLE_NAME = c.TABLE_NAME AND t.TABLE_TYPE = 'BASE TABLE'
   WHERE c.TABLE_SCHEMA = DATABASE()`;

/** Without the index that InnoDB makes for a foreign key and names like it. */
const keysStatement = `
  SELECT s.TABLE_NAME AS tableName, s.INDEX_NAME AS name, s.NON_UNIQUE AS nonUnique, s.COLUMN_NAME AS columnName
    FROM information_schema.STATISTICS s
    LEFT JOIN information_schema.REFERENTIAL_CONSTRAINTS f
      ON f.CONSTRAINT_SCHEMA = s.TABLE_SCHEMA AND f.TABLE_NAME = s.TABLE_NAME AND f.CONSTRAINT_NAME = s.INDEX_NAME
   WHERE s.TABLE_SCHEMA = DATABASE() AND s.INDEX_NAME <> 'PRIMARY' AND f.CONSTRAINT_NAME IS NULL
   ORDER BY s.TABLE_NAME, s.INDEX_NAME, s.SEQ_IN_INDEX`;

/** The schema of a MySQL or MariaDB database, from its catalogue. */
export async function mysqlSchema(dataSource: DataSource): Promise<Schema> {
  const columns = groupBy(await dataSource.query<ColumnRow[]>(columnsStatement), ({ tableName }) => tableName);
  const keys = groupBy(await dataSource.query<KeyRow[]>(keysStatement), ({ tableName }) => tableName);
  return new Map(
    [...columns].map(([table, rows]) => [
      table,
      describeTable(table, rows.map(columnFacts), keyFacts(keys.get(table) ?? [])),
    ]),
  );
}

function columnFacts({ name, type, length, nullable, columnKey }: ColumnRow): ColumnFacts {
  return {
    name,
    type: type.toLowerCase(),
    length: length === null ? undefined : Number(length),
    isNullable: nullable === 'YES',
    isPrimary: columnKey === 'PRI',
  };
}

function keyFacts(rows: readonly KeyRow[]): readonly KeyFacts[] {
  return [...groupBy(rows, ({ name }) => name)].map(([name, parts]) => ({
    name,
    columns: parts.map(({ columnName }) => columnName),
    isUnique: parts.every(({ nonUnique }) => Number(nonUnique) === 0),
  }));
}

function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  }
  return groups;
}
