import { parseAddress } from '../address-codec.js';
import type { MailPolicy } from '../mail-policy.js';
import { addressKey, type Mailbox, primaryAddress, primaryWish } from '../mailbox.js';
import type { UserFacts } from '../user-facts.js';
import { isSoftDeletedName, kindOf, wantedAddresses } from '../wanted-addresses.js';

/** What of a mailbox does not follow its user. */
export interface FollowDifference {
  readonly field: 'active' | 'externalId' | 'kind' | 'address';
  readonly mapping: string;
  readonly source: string;
}

/** What of a mailbox is not as its user has it. An address that the mailbox waits for is no difference: it is a wish. */
export function differencesFromUser(
  mailbox: Mailbox,
  facts: UserFacts,
  policy: MailPolicy,
): readonly FollowDifference[] {
  const found: readonly FollowDifference[] = [
    { field: 'active', mapping: String(mailbox.scimActive), source: String(facts.active) },
    { field: 'externalId', mapping: mailbox.externalId ?? '', source: facts.externalId ?? '' },
    { field: 'kind', mapping: mailbox.kind, source: kindOf(mailbox, facts, policy) },
    ...addressDifference(mailbox, facts, policy),
  ];
  return found.filter(({ mapping, source }) => mapping !== source);
}

function addressDifference(mailbox: Mailbox, facts: UserFacts, policy: MailPolicy): readonly FollowDifference[] {
  const wanted = wantedAddresses(facts, policy).primary;
  if (wanted === undefined || isSoftDeletedName(facts)) {
    return [];
  }
  const parsed = parseAddress(wanted.raw);
  const key = typeof parsed === 'string' ? wanted.raw.slice(0, 512) : parsed.key;
  const primary = primaryAddress(mailbox);
  const has = primaryWish(mailbox)?.wantedKey ?? (primary === undefined ? '' : addressKey(primary));
  return [{ field: 'address', mapping: has, source: key }];
}
