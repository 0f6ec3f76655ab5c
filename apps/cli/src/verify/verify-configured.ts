import { existsSync } from 'node:fs';
import { type DatabaseLocation, readDatabaseLocation } from '@cleanmail/config';
import {
  type Database,
  isMigrated,
  openDatabase,
  tenantsNamed,
  type Verification,
  type VerificationSummary,
  verifyDatabase,
} from '@cleanmail/database';
import { entities } from '../serve/entities.js';
import { CommandError, ExitCode } from '../terminal/command-error.js';
import { invariants } from './invariants.js';

/** What the command wants to be verified: all tenants, or the one of an id or a name. */
export interface WantedVerification extends Pick<Verification, 'onViolation' | 'onProgress' | 'signal'> {
  readonly tenant?: string;
}

/**
 * Verifies the configured database, which is neither made nor migrated for that.
 * @throws CommandError when there is none, when it is not of this version, or when no or many tenants are meant.
 */
export async function verifyConfigured({ tenant, ...verification }: WantedVerification): Promise<VerificationSummary> {
  const location = readDatabaseLocation();
  requireFile(location);
  const database = await openDatabase({ location, entities, poolSize: 2 }).catch((error: Error) => {
    throw new CommandError(error.message, ExitCode.unavailable);
  });
  try {
    if (!(await isMigrated(database))) {
      throw new CommandError('the database is not of this version: start the service once, which migrates it');
    }
    const only = tenant === undefined ? {} : { tenant: await oneTenant(database, tenant) };
    return await verifyDatabase(database, { invariants, ...verification, ...only });
  } finally {
    await database.close();
  }
}

/** Opening the embedded database would make it. */
function requireFile(location: DatabaseLocation): void {
  if (location.kind === 'sqlite' && !existsSync(location.path)) {
    throw new CommandError(
      `there is no database at ${location.path}: set DATABASE_URL or DATA_DIR`,
      ExitCode.unavailable,
    );
  }
}

async function oneTenant(database: Database, idOrName: string) {
  const [tenant, ...others] = await tenantsNamed(database, idOrName);
  if (tenant === undefined) {
    throw new CommandError(
      `no tenant is "${idOrName}": "cleanmail tenant list" shows what there is`,
      ExitCode.notFound,
    );
  }
  if (others.length > 0) {
    throw new CommandError(`several tenants are named "${idOrName}": give the id`, ExitCode.usage);
  }
  return tenant;
}
