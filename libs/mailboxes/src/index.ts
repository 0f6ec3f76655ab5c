export {
  AddressCodec,
  type AddressProblem,
  type CanonicalAddress,
  type CanonicalDomain,
  parseAddress,
  type ParsedAddress,
  parseDomain,
  recipientKeys,
} from './address-codec.js';
export { mailboxClockJobs } from './clock-jobs.js';
export { eraseMailbox } from './clocks/endings.js';
export { mailboxInvariants } from './invariants/mailbox-invariants.js';
export { DnsTxtResolver } from './domains/dns-txt-resolver.js';
export { DomainProof, type Proof } from './domains/domain-proof.js';
export { DomainRelease } from './domains/domain-release.js';
export { DomainTransfer, type Transfer } from './domains/domain-transfer.js';
export { causeOf } from './domains/domain-conditions.js';
export { type DomainChange, DomainRegistry, type DomainWithWaiting } from './domains/domain-registry.js';
export {
  type DomainSettings,
  isOwned,
  type MailDomain,
  type UnknownRecipientPolicy,
  verificationNames,
  verificationText,
} from './domains/mail-domain.js';
export { type TxtAnswer, TxtResolver } from './domains/txt-resolver.js';
export {
  DomainExistsError,
  DomainHasClaimsError,
  DomainInUseError,
  DomainNotFoundError,
  DomainNotVerifiedError,
  DomainStateError,
  InvalidDomainError,
} from './domains.errors.js';
export { AddressRefusedError } from './addresses.errors.js';
export {
  type FeedChanges,
  type FeedDigest,
  type FeedHead,
  type FeedHeads,
  type FeedPart,
  type FeedRecipient,
  type FeedWatermark,
  type RelayDomain,
} from './feed/feed-row.js';
export { type Fingerprint, fingerprintOf, RecipientDigest } from './feed/recipient-digest.js';
export { transportOf } from './domains/next-hop.js';
export { longestPart, RecipientFeed } from './feed/recipient-feed.js';
export type { ChangedMember, HistoryEntry } from './history/history-entry.js';
export { historyPosition, type HistoryPosition } from './history/history-key.js';
export { type Authorship, MailboxHistory, type HistoryPage } from './history/mailbox-history.js';
export { deriveStatus, type DerivedStatus } from './derive-status.js';
export {
  addressKey,
  type AddressWish,
  type AdminState,
  type GuardState,
  type InactiveMailPolicy,
  type Mailbox,
  type MailboxAddress,
  type MailboxKind,
  type MailboxStatus,
  primaryAddress,
  type WishReason,
} from './mailbox.js';
export { knownAddress, MailboxDirectory, type MailboxQuery } from './mailbox-directory.js';
export type { MailboxWish, WishQuery } from './mailbox-wishes.js';
export { composeMailboxes, type Mailboxes, openMailboxes } from './open-mailboxes.js';
export { MailboxErasure } from './mailbox-erasure.js';
export {
  MailboxProvisioning,
  type MappingContext,
  type MappingOutcome,
  type ServiceTraits,
} from './mailbox-provisioning.js';
export { MailboxRepository } from './mailbox.repository.js';
export { type MailboxChange, MailboxWriter } from './mailbox-writer.js';
export type { TrippedGuard } from './guard/deprovision-guard.js';
export { GuardBatches } from './guard/guard-batches.js';
export { type GuardBatchQuery } from './guard/guard-batch.repository.js';
export type { GuardBatch, GuardBatchStatus, GuardDecision } from './guard/guard-batch.js';
export { GuardBatchDecidedError, GuardBatchNotFoundError } from './guard/guard.errors.js';
export { GuardSettlement } from './guard/guard-settlement.js';
export type { ImportAnswer, ImportOutcome, ImportRow } from './import/import-row.js';
export { type ImportOptions, MailboxImport } from './import/mailbox-import.js';
export { type DueGrace, InactiveGrace } from './inactive-grace.js';
export { InvalidMailPolicyError, MailPolicies, type MailPolicyChange, policyRanges } from './mail-policies.js';
export { MailSettlement } from './mail-settlement.js';
export {
  AliasNotFoundError,
  HistoryUnknownError,
  MailboxChangedError,
  MailboxNotFoundError,
  MailboxNotYetError,
  MailboxStateError,
} from './mailboxes.errors.js';
export { MailboxSupport, type MailboxTarget, type NewMailbox } from './mailbox-support.js';
export { PendingMailboxes } from './pending-mailboxes.js';
export { AddressSet } from './reconcile/address-set.js';
export { differencesFromUser, type FollowDifference } from './reconcile/followed-user.js';
export type {
  ExtraMailbox,
  FieldDifference,
  ReconcileReport,
  RowComparison,
  WishCounts,
} from './reconcile/reconcile-report.js';
export { Reconciler, type RecipientProblem } from './reconcile/reconciler.js';
export {
  type MonthlyPeak,
  monthStart,
  type Period,
  type SeatInterval,
  SeatLedger,
  type SeatLimit,
  type SeatUsage,
} from './seat-ledger.js';
export type { MailboxSettings } from './support-changes.js';
export { MailboxesModule } from './mailboxes.module.js';
export { days, defaultMailPolicy, type MailPolicy, type MailSettings, readMailPolicy } from './mail-policy.js';
export { type RecipientAction, recipientsOf } from './recipients.js';
export { type AddressExplanation, AddressExplanations, type WaitingWish } from './resolving/address-explanation.js';
export { lookUpRecipient } from './resolving/recipient-lookup.js';
export { RecipientResolver } from './resolving/recipient-resolver.js';
export type { RecipientRule } from './resolving/recipient-rule.js';
export {
  type DecisiveRow,
  decideRecipient,
  type KnownDomain,
  type KnownRecipient,
  type RecipientDecision,
  type RecipientFacts,
  type RecipientQuestion,
  recipientQuestion,
  type RecipientVerdict,
  type Resolution,
  resolveRecipient,
} from './resolving/resolve-recipient.js';
export { TenantDomains } from './tenant-domains.js';
export { TenantMail } from './tenant-mail.js';
export type { UserEmail, UserFacts } from './user-facts.js';
export { MailDomainEntity } from './mail-domain.entity.js';
export { MailRecipientEntity } from './mail-recipient.entity.js';
export { MailRelayDomainEntity } from './mail-relay-domain.entity.js';
export { MailboxHistoryEntity } from './history/mailbox-history.entity.js';
export { MailboxAccountEntity } from './mailbox-account.entity.js';
export { MailboxAddressWishEntity } from './mailbox-address-wish.entity.js';
export { MailboxAddressEntity } from './mailbox-address.entity.js';
export { mailboxEntities } from './mailbox-entities.js';
export { GuardBatchEntity } from './guard/guard-batch.entity.js';
export { MailLeaverEntity } from './guard/mail-leaver.entity.js';
export { SeatIntervalEntity } from './seat-interval.entity.js';
export { TenantMailCounterEntity } from './tenant-mail-counter.entity.js';
export { TenantMailPolicyEntity } from './tenant-mail-policy.entity.js';
