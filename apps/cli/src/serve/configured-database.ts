import { existsSync } from 'node:fs';
import { readDatabaseLocation } from '@cleanmail/config';
import { type Database, isMigrated, openDatabase } from '@cleanmail/database';
import { CommandError, ExitCode } from '../terminal/command-error.js';
import { entities } from './entities.js';

/**
 * Works on the configured database, which is neither made nor migrated for that.
 * @throws CommandError when there is none, or when it is not of this version.
 */
export async function withConfiguredDatabase<T>(use: (database: Database) => Promise<T>): Promise<T> {
  const location = readDatabaseLocation();
  // Opening the embedded database would make it.
  if (location.kind === 'sqlite' && !existsSync(location.path)) {
    const text = `there is no database at ${location.path}: set DATABASE_URL or DATA_DIR`;
    throw new CommandError(text, ExitCode.unavailable);
  }
  const database = await openDatabase({ location, entities, poolSize: 2 }).catch((error: Error) => {
    throw new CommandError(error.message, ExitCode.unavailable);
  });
  try {
    if (!(await isMigrated(database))) {
      throw new CommandError('the database is not of this version: start the service once, which migrates it');
    }
    return await use(database);
  } finally {
    await database.close();
  }
}
