import { Database } from '@cleanmail/database';
import { JournalModule } from '@cleanmail/journal';
import { type DynamicModule, Module } from '@nestjs/common';
import { AddressClaims } from './address-claims.js';
import { AddressRequests } from './address-requests.js';
import { AddressSettlement } from './address-settlement.js';
import { mailboxClockJobs } from './clock-jobs.js';
import { MailboxPurge } from './clocks/mailbox-purge.js';
import { DomainCheck } from './domains/domain-check.js';
import { DomainClaims } from './domains/domain-claims.js';
import { DomainDuties } from './domains/domain-duties.js';
import { DomainFeed } from './domains/domain-feed.js';
import { DomainProof } from './domains/domain-proof.js';
import { DomainRelease } from './domains/domain-release.js';
import { DomainRepository } from './domains/domain.repository.js';
import { DomainTransfer } from './domains/domain-transfer.js';
import { DomainRegistry } from './domains/domain-registry.js';
import { RoleMailboxes } from './domains/role-mailboxes.js';
import { WaitingMailboxes } from './domains/waiting-mailboxes.js';
import { RecipientFeed } from './feed/recipient-feed.js';
import { MailboxHistory } from './history/mailbox-history.js';
import { DeprovisionGuard } from './guard/deprovision-guard.js';
import { GuardBatches } from './guard/guard-batches.js';
import { GuardBatchRepository } from './guard/guard-batch.repository.js';
import { GuardSettlement } from './guard/guard-settlement.js';
import { MailboxImport } from './import/mailbox-import.js';
import { InactiveGrace } from './inactive-grace.js';
import { MailPolicies } from './mail-policies.js';
import { MailSettlement } from './mail-settlement.js';
import { MailboxDirectory } from './mailbox-directory.js';
import { MailboxErasure } from './mailbox-erasure.js';
import { MailboxProvisioning } from './mailbox-provisioning.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxSupport } from './mailbox-support.js';
import { MailboxWriter } from './mailbox-writer.js';
import { OpenClaims } from './open-claims.js';
import { PendingMailboxes } from './pending-mailboxes.js';
import { AddressExplanations } from './resolving/address-explanation.js';
import { Reconciler } from './reconcile/reconciler.js';
import { RecipientResolver } from './resolving/recipient-resolver.js';
import { SeatLedger } from './seat-ledger.js';
import { TakenAddresses } from './taken-addresses.js';
import { TenantDomains } from './tenant-domains.js';
import { TenantMail } from './tenant-mail.js';

/** Mailbox accounts, addresses, domains and their clocks; needs a Database among the application's global providers. */
@Module({
  imports: [JournalModule],
  providers: [
    AddressClaims,
    AddressExplanations,
    AddressRequests,
    AddressSettlement,
    DeprovisionGuard,
    DomainCheck,
    DomainClaims,
    DomainDuties,
    DomainFeed,
    DomainProof,
    DomainRegistry,
    DomainRelease,
    DomainRepository,
    DomainTransfer,
    GuardBatches,
    GuardBatchRepository,
    GuardSettlement,
    InactiveGrace,
    MailboxDirectory,
    MailboxHistory,
    MailboxErasure,
    MailboxImport,
    MailboxProvisioning,
    MailboxRepository,
    MailboxSupport,
    MailboxWriter,
    MailboxPurge,
    MailPolicies,
    MailSettlement,
    OpenClaims,
    PendingMailboxes,
    Reconciler,
    RecipientFeed,
    RecipientResolver,
    RoleMailboxes,
    SeatLedger,
    TakenAddresses,
    TenantDomains,
    TenantMail,
    WaitingMailboxes,
    ...mailboxClockJobs,
  ],
  exports: [
    AddressExplanations,
    DomainRegistry,
    DomainRelease,
    DomainTransfer,
    GuardBatches,
    GuardSettlement,
    InactiveGrace,
    MailboxDirectory,
    MailboxHistory,
    MailboxErasure,
    MailboxImport,
    MailboxProvisioning,
    MailboxRepository,
    MailboxSupport,
    MailboxWriter,
    MailPolicies,
    MailSettlement,
    PendingMailboxes,
    Reconciler,
    RecipientFeed,
    RecipientResolver,
    SeatLedger,
    TenantDomains,
    TenantMail,
    ...mailboxClockJobs,
  ],
})
export class MailboxesModule {
  /** The module with the database that it works on, for an application that has no other use for one. Whoever opened the database closes it. */
  static forRoot(database: Database): DynamicModule {
    return {
      module: MailboxesModule,
      global: true,
      providers: [{ provide: Database, useValue: database }],
      exports: [Database],
    };
  }
}
