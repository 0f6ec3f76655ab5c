import { ErasureJob } from './erasure.job.js';

/** The clock jobs of this package; an application hands them to `Clocks`. */
export const userClockJobs = [ErasureJob] as const;
