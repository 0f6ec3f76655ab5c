import { TenantClosureJob } from './tenant-closure.job.js';

/** The clock jobs of this package; an application hands them to `Clocks`. */
export const tenantClockJobs = [TenantClosureJob] as const;
