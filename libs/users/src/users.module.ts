import { JournalModule } from '@cleanmail/journal';
import { MailboxesModule } from '@cleanmail/mailboxes';
import { Module } from '@nestjs/common';
import { UserRepository } from './user.repository.js';
import { UsersService } from './users.service.js';

/** SCIM users; needs a Database among the application's global providers. */
@Module({
  imports: [JournalModule, MailboxesModule],
  providers: [UserRepository, UsersService],
  exports: [UsersService],
})
export class UsersModule {}
