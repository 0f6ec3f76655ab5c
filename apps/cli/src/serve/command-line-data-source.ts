import { readConfiguration } from '@cleanmail/config';
import { dataSourceOptions } from '@cleanmail/database';
import { DataSource } from 'typeorm';
import { entities } from './entities.js';

/** The DataSource of the configured database, not yet connected: what TypeORM's own command line asks for. */
export function commandLineDataSource(): DataSource {
  const { database, databasePoolSize } = readConfiguration();
  return new DataSource(dataSourceOptions({ location: database, entities, poolSize: databasePoolSize }));
}
