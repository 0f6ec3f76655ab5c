import type { DataSource } from 'typeorm';
import { type ColumnFacts, describeTable, type KeyFacts, type Schema } from './schema.js';

interface TableRow {
  readonly name: string;
  readonly sql: string;
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly notnull: 0 | 1;
  readonly pk: number;
}

interface IndexRow {
  readonly name: string;
  readonly unique: 0 | 1;
  /** `c` for CREATE INDEX, `u` for a UNIQUE constraint, `pk` for the primary key. */
  readonly origin: 'c' | 'u' | 'pk';
}

/** The schema of an SQLite database, from its catalogue. */
export async function sqliteSchema(dataSource: DataSource): Promise<Schema> {
  const tables = await dataSource.query<TableRow[]>(
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  );
  const schema = new Map<string, ReadonlyMap<string, string>>();
  for (const table of tables) {
    const columns = await dataSource.query<ColumnRow[]>('SELECT name, type, "notnull", pk FROM pragma_table_xinfo(?)', [
      table.name,
    ]);
    schema.set(table.name, describeTable(table.name, columns.map(columnFacts), await keysOf(dataSource, table)));
  }
  return schema;
}

function columnFacts({ name, type, notnull, pk }: ColumnRow): ColumnFacts {
  // A generated column's type is followed by what made it one.
  const [, typeName = type, length] = /^(\w+)(?:\((\d+)\))?/.exec(type.toLowerCase()) ?? [];
  return {
    name,
    type: typeName,
    length: length === undefined ? undefined : Number(length),
    isNullable: notnull === 0,
    isPrimary: pk > 0,
  };
}

async function keysOf(dataSource: DataSource, { name: table, sql }: TableRow): Promise<readonly KeyFacts[]> {
  const indexes = await dataSource.query<IndexRow[]>(
    'SELECT name, "unique", origin FROM pragma_index_list(?) WHERE origin <> \'pk\'',
    [table],
  );
  const names = constraintNames(sql);
  return Promise.all(
    indexes.map(async (index) => {
      const rows = await dataSource.query<{ readonly name: string }[]>(
        'SELECT name FROM pragma_index_info(?) ORDER BY seqno',
        [index.name],
      );
      const columns = rows.map(({ name }) => name);
      const name = index.origin === 'u' ? (names.get(columns.join()) ?? index.name) : index.name;
      return { name, columns, isUnique: index.unique === 1 };
    }),
  );
}

/** The names of UNIQUE constraints by their columns: the catalogue has them in the table's own statement only. */
function constraintNames(sql: string): ReadonlyMap<string, string> {
  const constraints = sql.matchAll(/CONSTRAINT (\w+) UNIQUE \(([\w, ]+)\)/g);
  return new Map([...constraints].map(([, name = '', columns = '']) => [columns.split(', ').join(), name]));
}
