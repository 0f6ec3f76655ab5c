import { JournalModule } from '@cleanmail/journal';
import { MailboxesModule } from '@cleanmail/mailboxes';
import { Module } from '@nestjs/common';
import { userClockJobs } from './clock-jobs.js';
import { ErasureExecution } from './erasure/erasure-execution.js';
import { ErasureRequestRepository } from './erasure/erasure-request.repository.js';
import { ErasuresService } from './erasure/erasures.service.js';
import { GroupMemberRepository } from './group-member.repository.js';
import { GroupMemberChanges } from './group-member-changes.js';
import { GroupRepository } from './group.repository.js';
import { GroupsService } from './groups.service.js';
import { ProfileErasure } from './profile-erasure.js';
import { UserReconciliation } from './reconcile/user-reconciliation.js';
import { ResourceSearch } from './resource-search.js';
import { ResourceWriter } from './resource-writer.js';
import { UserEmailRepository } from './user-email.repository.js';
import { UserRepository } from './user.repository.js';
import { UsersService } from './users.service.js';

/** SCIM users and groups; needs a Database among the application's global providers. */
@Module({
  imports: [JournalModule, MailboxesModule],
  providers: [
    ErasureExecution,
    ErasureRequestRepository,
    ErasuresService,
    GroupMemberRepository,
    GroupMemberChanges,
    GroupRepository,
    GroupsService,
    ProfileErasure,
    ResourceSearch,
    ResourceWriter,
    UserEmailRepository,
    UserReconciliation,
    UserRepository,
    UsersService,
    ...userClockJobs,
  ],
  exports: [ErasuresService, GroupsService, ResourceSearch, UserReconciliation, UsersService, ...userClockJobs],
})
export class UsersModule {}
