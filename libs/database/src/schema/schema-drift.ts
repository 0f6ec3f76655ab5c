import type { DataSource } from 'typeorm';
import { entitySchema } from './entity-schema.js';
import { mysqlSchema } from './mysql-schema.js';
import type { Schema } from './schema.js';
import { sqliteSchema } from './sqlite-schema.js';

/** The tables that the migrator keeps for itself. */
const bookkeeping = ['schema_migration', 'migration_lease'];

/**
 * Compares the entities of a DataSource with its database: tables, columns with type, length, nullability and primary
 * key, unique keys and indexes. Answers one sentence a difference, none when they agree.
 */
export async function schemaDrift(dataSource: DataSource): Promise<readonly string[]> {
  const readSchema = dataSource.options.type === 'better-sqlite3' ? sqliteSchema : mysqlSchema;
  const schema = new Map(await readSchema(dataSource));
  bookkeeping.forEach((table) => schema.delete(table));
  return differences(schema, entitySchema(dataSource));
}

function differences(database: Schema, entities: Schema): readonly string[] {
  const tables = [...new Set([...database.keys(), ...entities.keys()])].sort();
  return tables.flatMap((table) => {
    const actual = database.get(table);
    const wanted = entities.get(table);
    if (actual === undefined || wanted === undefined) {
      return [
        actual === undefined ? `${table}: has an entity, but no table` : `${table}: is a table without an entity`,
      ];
    }
    return differencesOfTable(actual, wanted);
  });
}

function differencesOfTable(
  actual: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): readonly string[] {
  const parts = [...new Set([...actual.keys(), ...wanted.keys()])].sort();
  return parts.flatMap((part) => {
    const inDatabase = actual.get(part);
    const inEntity = wanted.get(part);
    if (inDatabase === inEntity) {
      return [];
    }
    if (inEntity === undefined) {
      return [`${part}: in the database, not in the entity`];
    }
    return [
      inDatabase === undefined
        ? `${part}: in the entity, not in the database`
        : `${part}: ${inDatabase} in the database, ${inEntity} in the entity`,
    ];
  });
}
