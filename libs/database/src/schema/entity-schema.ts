import type { DataSource, EntityMetadata } from 'typeorm';
import { type ColumnFacts, describeTable, type KeyFacts, type Schema } from './schema.js';

/** The schema that the entities of a DataSource describe. */
export function entitySchema(dataSource: DataSource): Schema {
  return new Map(
    dataSource.entityMetadatas.map((entity) => [
      entity.tableName,
      describeTable(entity.tableName, columnsOf(dataSource, entity), keysOf(entity)),
    ]),
  );
}

function columnsOf({ driver }: DataSource, { columns }: EntityMetadata): readonly ColumnFacts[] {
  return columns.map((column) => ({
    name: column.databaseName,
    type: driver.normalizeType(column),
    length: column.length === '' ? undefined : Number(column.length),
    isNullable: column.isNullable,
    isPrimary: column.isPrimary,
  }));
}

/** On MySQL, TypeORM turns `@Unique` into a unique index of the same name. */
function keysOf({ uniques, indices }: EntityMetadata): readonly KeyFacts[] {
  const keys = [...uniques.map((unique) => ({ ...facts(unique), isUnique: true })), ...indices.map(indexFacts)];
  return [...new Map(keys.map((key) => [key.name, key])).values()];
}

function indexFacts(index: EntityMetadata['indices'][number]): KeyFacts {
  return { ...facts(index), isUnique: index.isUnique };
}

function facts({
  name,
  columns,
}: Pick<EntityMetadata['indices'][number], 'name' | 'columns'>): Omit<KeyFacts, 'isUnique'> {
  return { name, columns: columns.map(({ databaseName }) => databaseName) };
}
