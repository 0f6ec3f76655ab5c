/** The counter whose value every event and recipient row of a tenant carries; under its lock, versions become visible in their order. */
export const feedVersion = { table: 'tenant_mail_counter', column: 'feed_version' } as const;
