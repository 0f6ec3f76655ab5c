import type { MailPolicy } from './mail-policy.js';
import { addressKey, type InactiveMailPolicy, type Mailbox } from './mailbox.js';

/** What a gateway does with mail for an address; `gone`: the address was removed, and the row only says so. */
export type RecipientAction = 'accept' | 'reject' | 'defer' | 'hold' | 'gone';

const actionOf: Readonly<Record<InactiveMailPolicy, RecipientAction>> = {
  reject: 'reject',
  defer: 'defer',
  hold: 'hold',
  deliver: 'accept',
};

/** The rows that the recipient read model must have for a mailbox: address key to action. */
export function recipientsOf(mailbox: Mailbox | undefined, policy: MailPolicy): ReadonlyMap<string, RecipientAction> {
  const claimed = mailbox?.addresses.filter(({ state }) => state !== 'released') ?? [];
  return new Map(
    claimed.map((address) => [addressKey(address), address.state === 'reserved' ? 'gone' : action(mailbox, policy)]),
  );
}

function action(mailbox: Mailbox | undefined, policy: MailPolicy): RecipientAction {
  switch (mailbox?.status) {
    case 'active':
      return 'accept';
    case 'suspended':
      return actionOf[mailbox.inactiveMailPolicy ?? policy.inactiveMailPolicy];
    case 'pending':
    case 'deleted':
    case 'purged':
    case undefined:
      return 'gone';
  }
}
