/**
 * Every unique key that application code answers to, by the name it has in the migrations.
 * MySQL reports a violated key by this name, SQLite by these columns.
 */
export const uniqueKeys = {
  uq_scim_user_name: { table: 'scim_user', columns: ['tenant_id', 'user_name_key'] },
  uq_scim_group_name: { table: 'scim_group', columns: ['tenant_id', 'display_name_key'] },
  uq_secret_token_public_id: { table: 'secret_token', columns: ['public_id'] },
  uq_mail_domain_owner: { table: 'mail_domain', columns: ['owner_key'] },
  uq_mail_domain_tenant: { table: 'mail_domain', columns: ['tenant_id', 'name_ascii'] },
  uq_guard_batch_open: { table: 'guard_batch', columns: ['tenant_id', 'open_key'] },
  uq_mailbox_user: { table: 'mailbox_account', columns: ['tenant_id', 'scim_user_id'] },
  uq_mailbox_address_claim: { table: 'mailbox_address', columns: ['claim_key'] },
  uq_mailbox_address_primary: { table: 'mailbox_address', columns: ['primary_of'] },
  uq_event_receiver_name: { table: 'event_receiver', columns: ['name'] },
} as const satisfies Record<string, { table: string; columns: readonly string[] }>;

/** The name of a unique key of this schema. */
export type UniqueKeyName = keyof typeof uniqueKeys;
