import { LogRetentionJob } from './retention/log-retention.job.js';

/** The clock jobs of this package; an application hands them to `Clocks`. */
export const journalClockJobs = [LogRetentionJob] as const;
