import type { Invariant } from '@cleanmail/database';
import { mailboxInvariants } from '@cleanmail/mailboxes';
import { tenantInvariants } from '@cleanmail/tenants';
import { userInvariants } from '@cleanmail/users';

/** Every invariant of the model, as the libs that own the tables state them. */
export const invariants: readonly Invariant[] = [...tenantInvariants, ...userInvariants, ...mailboxInvariants];
