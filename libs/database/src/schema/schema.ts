/**
 * A schema in words: for every table its parts, such as `tenant.name`, with what each is, such as
 * `varchar(255) not null`. Two schemas are the same when all of it is.
 */
export type Schema = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A column as a database or an entity describes it; `type` in the words of either. */
export interface ColumnFacts {
  readonly name: string;
  readonly type: string;
  /** Characters of a varchar. */
  readonly length: number | undefined;
  readonly isNullable: boolean;
  readonly isPrimary: boolean;
}

/** A unique key or an index that is not the primary key. */
export interface KeyFacts {
  readonly name: string;
  readonly columns: readonly string[];
  readonly isUnique: boolean;
}

/** What an engine or TypeORM calls a type, and the portable type that is meant by it. */
const portableTypes: Readonly<Record<string, string>> = {
  integer: 'int',
  mediumtext: 'text',
  longtext: 'text',
  tinyint: 'boolean',
};

/** The parts of one table in words. */
export function describeTable(
  table: string,
  columns: readonly ColumnFacts[],
  keys: readonly KeyFacts[],
): ReadonlyMap<string, string> {
  return new Map([
    ...columns.map((column) => [`${table}.${column.name}`, describeColumn(column)] as const),
    ...keys.map((key) => [`${table}, key ${key.name}`, describeKey(key)] as const),
  ]);
}

function describeColumn({ type, length, isNullable, isPrimary }: ColumnFacts): string {
  const portable = portableTypes[type] ?? type;
  const size = portable === 'varchar' ? `(${length ?? 'no length'})` : '';
  return `${portable}${size} ${isNullable ? 'null' : 'not null'}${isPrimary ? ', in the primary key' : ''}`;
}

function describeKey({ columns, isUnique }: KeyFacts): string {
  return `${isUnique ? 'unique' : 'index'} (${columns.join(', ')})`;
}
