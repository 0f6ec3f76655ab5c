import { JournalModule } from '@cleanmail/journal';
import { Module } from '@nestjs/common';
import { AddressClaims } from './address-claims.js';
import { AddressSettlement } from './address-settlement.js';
import { DomainRegistry } from './domain-registry.js';
import { MailboxDirectory } from './mailbox-directory.js';
import { MailboxProvisioning } from './mailbox-provisioning.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxWriter } from './mailbox-writer.js';
import { OpenClaims } from './open-claims.js';
import { TenantMail } from './tenant-mail.js';

/** Mailbox accounts, addresses and domains; needs a Database among the application's global providers. */
@Module({
  imports: [JournalModule],
  providers: [
    AddressClaims,
    AddressSettlement,
    DomainRegistry,
    MailboxDirectory,
    MailboxProvisioning,
    MailboxRepository,
    MailboxWriter,
    OpenClaims,
    TenantMail,
  ],
  exports: [DomainRegistry, MailboxDirectory, MailboxProvisioning, TenantMail],
})
export class MailboxesModule {}
