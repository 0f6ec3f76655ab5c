import { eventEntities } from '@cleanmail/events';
import { journalEntities } from '@cleanmail/journal';
import { mailboxEntities } from '@cleanmail/mailboxes';
import { tenantEntities } from '@cleanmail/tenants';
import { userEntities } from '@cleanmail/users';

/** The entities of all libs, for TypeORM. */
export const entities = [
  ...tenantEntities,
  ...userEntities,
  ...mailboxEntities,
  ...journalEntities,
  ...eventEntities,
] as const;
