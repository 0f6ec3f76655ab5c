import type { Session, TenantId } from '@cleanmail/database';
import type { InactiveMailPolicy } from './mailbox.js';

/** How a tenant's mailboxes are granted, suspended and kept. Periods in days. */
export interface MailPolicy {
  readonly inactiveMailPolicy: InactiveMailPolicy;
  readonly formerDays: number;
  readonly deleteRetentionDays: number;
  readonly reserveDays: number;
  readonly eraseAfterDays: number;
}

/** What a tenant has that was given nothing else; 30 days equal Entra's own window between soft and hard deletion. */
export const defaultMailPolicy: MailPolicy = {
  inactiveMailPolicy: 'reject',
  formerDays: 180,
  deleteRetentionDays: 30,
  reserveDays: 90,
  eraseAfterDays: 30,
};

interface Row {
  readonly inactive_mail_policy: InactiveMailPolicy;
  readonly former_days: number;
  readonly delete_retention_days: number;
  readonly reserve_days: number;
  readonly erase_after_days: number;
}

/** The tenant's own policy, or the default. */
export async function readMailPolicy(tenant: TenantId, session: Session): Promise<MailPolicy> {
  const row = await session.first<Row>(
    'SELECT inactive_mail_policy, former_days, delete_retention_days, reserve_days, erase_after_days FROM tenant_mail_policy WHERE tenant_id = ?',
    [tenant],
  );
  return row === undefined
    ? defaultMailPolicy
    : {
        inactiveMailPolicy: row.inactive_mail_policy,
        formerDays: row.former_days,
        deleteRetentionDays: row.delete_retention_days,
        reserveDays: row.reserve_days,
        eraseAfterDays: row.erase_after_days,
      };
}

/** A number of days in milliseconds. */
export function days(count: number): number {
  return count * 86_400_000;
}
