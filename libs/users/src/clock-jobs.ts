import { ErasureJob } from './erasure.job.js';
import { ErasureRequestsJob } from './erasure/erasure-requests.job.js';

/** The clock jobs of this package; an application hands them to `Clocks`. */
export const userClockJobs = [ErasureJob, ErasureRequestsJob] as const;
