import { parseDatabaseUrl } from '@cleanmail/config';
import {
  type Database,
  isMigrated,
  openDatabase,
  type Verification,
  type Violation,
  verifyDatabase,
} from '@cleanmail/database';
import { mailboxInvariants } from '@cleanmail/mailboxes';
import { tenantInvariants } from '@cleanmail/tenants';
import { userInvariants } from '@cleanmail/users';

/** Those that `cleanmail verify` checks. */
export const invariants = [...tenantInvariants, ...userInvariants, ...mailboxInvariants];

/** What `cleanmail verify` finds in a database, or of one tenant in it. */
export async function violationsOf(
  database: Database,
  options: Pick<Verification, 'secondLooks' | 'tenant'> = {},
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const onViolation = (violation: Violation) => void violations.push(violation);
  await verifyDatabase(database, { invariants, onViolation, ...options });
  return violations;
}

/** Throws when a test left a database behind that breaks an invariant; one that was never migrated has none. */
export async function requireVerified(databaseUrl: string): Promise<void> {
  const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [], poolSize: 1 });
  try {
    const violations = (await isMigrated(database)) ? await violationsOf(database) : [];
    if (violations.length > 0) {
      const lines = violations.map(({ invariant, tenant, problem }) => `${invariant} (tenant ${tenant}): ${problem}`);
      throw new Error(`the tests left ${violations.length} violations behind:\n${lines.slice(0, 20).join('\n')}`);
    }
  } finally {
    await database.close();
  }
}
