import type { AdminClient } from '../admin-client/admin-client.js';
import type { UserDifference } from '../admin-client/reconcile-types.js';
import type { Compared, Difference, ReconcileWatch, RepairOptions } from './difference.js';

/** What was compared, and how many addresses wait by reason. */
export interface ComparedUsers {
  readonly compared: Compared;
  readonly wishes: Readonly<Record<string, number>>;
}

const partSize = 500;

/** Compares the mapping with the users of the identity provider, and what gateways read with the mapping. */
export async function reconcileWithUsers(
  client: AdminClient,
  tenantId: string,
  { repair = false, removeExtra = false }: RepairOptions,
  { add, progress, signal }: ReconcileWatch,
): Promise<ComparedUsers> {
  let cursor: string | undefined;
  let wishes: Readonly<Record<string, number>> = {};
  const compared = { users: 0, mailboxes: 0 };
  do {
    const place = { limit: partSize, ...(cursor === undefined ? {} : { cursor }) };
    const part = repair
      ? await client.repair(tenantId, { ...place, removeExtra })
      : await client.reconcile(tenantId, place);
    part.items.map(inWords).forEach(add);
    compared.users += part.users;
    compared.mailboxes += part.mailboxes;
    wishes = part.wishes ?? wishes;
    cursor = part.nextCursor;
    progress('users, mailboxes', compared.users + compared.mailboxes);
  } while (cursor !== undefined && !signal.aborted);
  return { compared, wishes };
}

function inWords({ kind, subject, mapping, source, isRepaired, problem }: UserDifference): Difference {
  return {
    kind,
    subject,
    ...wordsOf(kind, { subject, mapping, source }),
    ...(isRepaired === undefined ? {} : { isRepaired }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function wordsOf(
  kind: string,
  { subject, mapping, source }: Pick<UserDifference, 'subject' | 'mapping' | 'source'>,
): Pick<Difference, 'text' | 'remedy'> {
  switch (kind) {
    case 'userWithoutMailbox':
      return { text: `user ${subject} has no mailbox`, remedy: '--repair makes it, as the user’s next request would' };
    case 'mailboxWithoutUser':
      return {
        text: `${subject} belongs to user ${mapping}, whom there is not`,
        remedy: '--repair --remove-extra ends it as if the user were deleted now; its data goes into retention',
      };
    case 'recipients':
      return { text: subject, remedy: '--repair writes what gateways read anew' };
    default:
      return {
        text: `the mailbox of ${subject} has ${kind} "${mapping}", its user "${source}"`,
        remedy: '--repair has the mailbox follow its user',
      };
  }
}
