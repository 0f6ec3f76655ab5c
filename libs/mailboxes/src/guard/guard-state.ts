import type { Mailbox } from '../mailbox.js';
import type { UserFacts } from '../user-facts.js';

type Guarded = Pick<Mailbox, 'guardBatchId' | 'guardState'>;

/** A mailbox that is and was in no batch of leavers. */
export const noGuard: Guarded = { guardBatchId: null, guardState: null };

/**
 * The guard's part of a mailbox that follows its user. Who comes back leaves the batch; so does one of whom the identity
 * provider says `active: false` anew after support's word was carried out.
 */
export function guardAfter(
  { guardBatchId, guardState, scimActive }: Guarded & Pick<Mailbox, 'scimActive'>,
  { active }: Pick<UserFacts, 'active'>,
): Guarded {
  const isSameWord = !active && (guardState === 'held' || scimActive === false);
  return isSameWord ? { guardBatchId, guardState } : noGuard;
}

/** Whether the mailbox is held although its user is deleted: mail for it goes on, and its address yields to who is here. */
export function isHeldDeletion({ guardState, scimUserId }: Pick<Mailbox, 'guardState' | 'scimUserId'>): boolean {
  return guardState === 'held' && scimUserId === null;
}
