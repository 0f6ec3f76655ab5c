import { readDatabaseLocation } from '@cleanmail/config';
import { dataSourceOptions } from '@cleanmail/database';
import { DataSource } from 'typeorm';
import { entities } from './entities.js';

/** The DataSource of the configured database, not yet connected: what TypeORM's own command line asks for. */
export function commandLineDataSource(): DataSource {
  return new DataSource(dataSourceOptions({ location: readDatabaseLocation(), entities, poolSize: 2 }));
}
