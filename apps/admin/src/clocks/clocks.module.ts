import { Database } from '@cleanmail/database';
import { eventClockJobs } from '@cleanmail/events';
import { type ClockJob, Clocks, journalClockJobs, JournalModule } from '@cleanmail/journal';
import { mailboxClockJobs, MailboxesModule } from '@cleanmail/mailboxes';
import { tenantClockJobs, TenantsModule } from '@cleanmail/tenants';
import { userClockJobs, UsersModule } from '@cleanmail/users';
import { Module } from '@nestjs/common';
import { configuredEvents } from '../events/events-module.js';
import { ClockTimer } from './clock-timer.js';
import { ClocksController } from './clocks.controller.js';

/** The clocks with the jobs of all libs. */
@Module({
  imports: [configuredEvents, JournalModule, MailboxesModule, TenantsModule, UsersModule],
  controllers: [ClocksController],
  providers: [
    {
      provide: Clocks,
      useFactory: (database: Database, ...jobs: readonly ClockJob[]) => new Clocks(database, jobs),
      inject: [
        Database,
        ...tenantClockJobs,
        ...mailboxClockJobs,
        ...userClockJobs,
        ...journalClockJobs,
        ...eventClockJobs,
      ],
    },
    ClockTimer,
  ],
})
export class ClocksModule {}
