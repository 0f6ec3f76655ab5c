import type { UserFacts } from '@cleanmail/mailboxes';
import { textOf } from './stored-resource.js';
import { isActive, type User, userNameOf } from './user.js';

/** What the mailbox account of a user follows. */
export function mailFacts(user: User): UserFacts {
  return {
    userId: user.id,
    userName: userNameOf(user),
    externalId: textOf(user, 'externalId') ?? null,
    active: isActive(user),
  };
}

/** Whether a change of the user means nothing to its mailbox account. */
export function haveSameMailFacts(before: User, after: User): boolean {
  return JSON.stringify(mailFacts(before)) === JSON.stringify(mailFacts(after));
}
