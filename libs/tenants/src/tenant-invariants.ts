import { type Invariant, sqlInvariant } from '@cleanmail/database';

const counter = sqlInvariant<{ readonly status: string; readonly found: string | null }>({
  name: 'tenant-mail',
  sentence: 'Every tenant has a counter of its mail, which says whether the tenant is suspended.',
  remedy: 'Suspend and resume the tenant; a tenant without a counter can provision nothing: tell the developers.',
  over: { table: 'tenant', key: 'id', tenantColumn: 'id' },
  columns: 'r.status, c.tenant_id AS found',
  joins: 'LEFT JOIN tenant_mail_counter c ON c.tenant_id = r.id',
  broken: "c.tenant_id IS NULL OR (r.status <> 'closed' AND (c.is_suspended = 1) <> (r.status = 'suspended'))",
  problem: ({ status, found }) =>
    found === null ? 'the tenant has no counter of its mail' : `the tenant is ${status}, and its mail is not`,
});

/** What is true of tenants between any two transactions. */
export const tenantInvariants: readonly Invariant[] = [counter];
