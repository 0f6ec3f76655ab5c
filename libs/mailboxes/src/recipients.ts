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
export function recipientsOf(
  mailbox: Mailbox | undefined,
  policy: Pick<MailPolicy, 'inactiveMailPolicy'>,
): ReadonlyMap<string, RecipientAction> {
  const claimed = mailbox?.addresses.filter(({ state }) => state !== 'released') ?? [];
  return new Map(
    claimed.map((address) => [addressKey(address), address.state === 'reserved' ? 'gone' : action(mailbox, policy)]),
  );
}

/**
 * What happens to mail of a mailbox that is not active, once its grace is over. Nobody signs in to a shared mailbox, a
 * room or a role, and mail for them goes on; what support set for the one mailbox stands above that. A suspended tenant
 * is suspended whole.
 */
export function inactivePolicyOf(
  { inactiveMailPolicy, kind, statusReason }: Pick<Mailbox, 'inactiveMailPolicy' | 'kind' | 'statusReason'>,
  policy: Pick<MailPolicy, 'inactiveMailPolicy'>,
): InactiveMailPolicy {
  if (statusReason === 'tenant') {
    return policy.inactiveMailPolicy;
  }
  return inactiveMailPolicy ?? (kind === 'user' ? policy.inactiveMailPolicy : 'deliver');
}

function action(mailbox: Mailbox | undefined, policy: Pick<MailPolicy, 'inactiveMailPolicy'>): RecipientAction {
  switch (mailbox?.status) {
    case 'active':
      return 'accept';
    case 'suspended':
      return mailbox.graceUntil === null ? actionOf[inactivePolicyOf(mailbox, policy)] : 'accept';
    case 'pending':
    case 'deleted':
    case 'purged':
    case undefined:
      return 'gone';
  }
}
