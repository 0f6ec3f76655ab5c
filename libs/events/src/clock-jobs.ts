import { EventRetentionJob } from './event-retention.job.js';

/** The clock jobs of this package; an application hands them to `Clocks`. */
export const eventClockJobs = [EventRetentionJob] as const;
