import type { TenantId } from '@cleanmail/database';
import type { ProfileName } from './service-profile.js';

/** A closed tenant is gone for everybody; its row only keeps its id and name for the audit trail. */
export type TenantStatus = 'active' | 'suspended' | 'closed';

/** A customer of one service. Times are milliseconds since 1970, UTC. */
export interface Tenant {
  readonly id: TenantId;
  readonly name: string;
  readonly profile: ProfileName;
  readonly status: TenantStatus;
  readonly createdAt: number;
  readonly updatedAt: number;
}
