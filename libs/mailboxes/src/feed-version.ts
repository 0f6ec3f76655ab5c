import type { CounterMove, TenantId, Write } from '@cleanmail/database';

/** The counter whose value every event and recipient row of a tenant carries; under its lock, versions become visible in their order. */
export const feedVersion = { table: 'tenant_mail_counter', column: 'feed_version' } as const;

/**
 * The version as it is when the statement runs, as SQL with the tenant as its parameter; only behind
 * {@link nextFeedVersion} in the same transaction.
 */
export const currentFeedVersion = '(SELECT c.feed_version FROM tenant_mail_counter c WHERE c.tenant_id = ?)';

/** The statement that takes the tenant's next version, and matches no row when the condition of the move does not hold. */
export function nextFeedVersion(tenant: TenantId, { set, setValues, when, whenValues }: CounterMove): Write {
  return {
    statement: `UPDATE tenant_mail_counter SET feed_version = feed_version + 1, ${set} WHERE tenant_id = ? AND ${when}`,
    parameters: [...setValues, tenant, ...whenValues],
  };
}
