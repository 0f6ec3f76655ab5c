import { AddressExpiryJob } from './clocks/address-expiry.job.js';
import { FeedRetentionJob } from './clocks/feed-retention.job.js';
import { FreeSeatsJob } from './clocks/free-seats.job.js';
import { InactiveGraceJob } from './clocks/inactive-grace.job.js';
import { MailSettlementJob } from './clocks/mail-settlement.job.js';
import { PurgeJob } from './clocks/purge.job.js';
import { TakenAddressesJob } from './clocks/taken-addresses.job.js';
import { GuardBatchJob } from './guard/guard-batch.job.js';
import { LeaverRetentionJob } from './guard/leaver-retention.job.js';
import { DomainCheckJob } from './domains/domain-check.job.js';
import { DomainDutiesJob } from './domains/domain-duties.job.js';
import { DomainTransferJob } from './domains/domain-transfer.job.js';

/** The clock jobs of this package, in the order in which they run; an application hands them to `Clocks`. */
export const mailboxClockJobs = [
  DomainTransferJob,
  DomainDutiesJob,
  MailSettlementJob,
  GuardBatchJob,
  InactiveGraceJob,
  PurgeJob,
  FreeSeatsJob,
  AddressExpiryJob,
  TakenAddressesJob,
  DomainCheckJob,
  FeedRetentionJob,
  LeaverRetentionJob,
] as const;
