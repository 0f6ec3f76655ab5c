import { GuardBatchEntity } from './guard/guard-batch.entity.js';
import { MailLeaverEntity } from './guard/mail-leaver.entity.js';
import { MailDomainEntity } from './mail-domain.entity.js';
import { MailRecipientEntity } from './mail-recipient.entity.js';
import { MailRelayDomainEntity } from './mail-relay-domain.entity.js';
import { MailboxHistoryEntity } from './history/mailbox-history.entity.js';
import { MailboxAccountEntity } from './mailbox-account.entity.js';
import { MailboxAddressEntity } from './mailbox-address.entity.js';
import { MailboxAddressWishEntity } from './mailbox-address-wish.entity.js';
import { SeatIntervalEntity } from './seat-interval.entity.js';
import { TenantMailCounterEntity } from './tenant-mail-counter.entity.js';
import { TenantMailPolicyEntity } from './tenant-mail-policy.entity.js';

/** The tables of this package, for a TypeORM DataSource. */
export const mailboxEntities = [
  TenantMailPolicyEntity,
  TenantMailCounterEntity,
  MailDomainEntity,
  MailboxAccountEntity,
  MailboxAddressEntity,
  MailboxAddressWishEntity,
  MailboxHistoryEntity,
  MailRecipientEntity,
  MailRelayDomainEntity,
  SeatIntervalEntity,
  MailLeaverEntity,
  GuardBatchEntity,
] as const;
