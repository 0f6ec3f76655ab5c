import { JournalModule } from '@cleanmail/journal';
import { Module } from '@nestjs/common';
import { AddressClaims } from './address-claims.js';
import { AddressRequests } from './address-requests.js';
import { AddressSettlement } from './address-settlement.js';
import { DomainRegistry } from './domain-registry.js';
import { InactiveGrace } from './inactive-grace.js';
import { MailPolicies } from './mail-policies.js';
import { MailSettlement } from './mail-settlement.js';
import { MailboxDirectory } from './mailbox-directory.js';
import { MailboxProvisioning } from './mailbox-provisioning.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxSupport } from './mailbox-support.js';
import { MailboxWriter } from './mailbox-writer.js';
import { OpenClaims } from './open-claims.js';
import { PendingMailboxes } from './pending-mailboxes.js';
import { Seats } from './seats.js';
import { TenantMail } from './tenant-mail.js';

/** Mailbox accounts, addresses and domains; needs a Database among the application's global providers. */
@Module({
  imports: [JournalModule],
  providers: [
    AddressClaims,
    AddressRequests,
    AddressSettlement,
    DomainRegistry,
    InactiveGrace,
    MailboxDirectory,
    MailboxProvisioning,
    MailboxRepository,
    MailboxSupport,
    MailboxWriter,
    MailPolicies,
    MailSettlement,
    OpenClaims,
    PendingMailboxes,
    Seats,
    TenantMail,
  ],
  exports: [
    DomainRegistry,
    InactiveGrace,
    MailboxDirectory,
    MailboxProvisioning,
    MailboxRepository,
    MailboxSupport,
    MailboxWriter,
    MailPolicies,
    MailSettlement,
    PendingMailboxes,
    Seats,
    TenantMail,
  ],
})
export class MailboxesModule {}
