import {
  type Database,
  tenantsNamed,
  type Verification,
  type VerificationSummary,
  verifyDatabase,
} from '@cleanmail/database';
import { withConfiguredDatabase } from '../serve/configured-database.js';
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
  return withConfiguredDatabase(async (database) => {
    const only = tenant === undefined ? {} : { tenant: await oneTenant(database, tenant) };
    return verifyDatabase(database, { invariants, ...verification, ...only });
  });
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
