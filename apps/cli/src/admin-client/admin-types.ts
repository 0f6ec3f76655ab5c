/** Service profiles that a tenant can have. */
export const tenantProfiles = ['cleanmail', 'alinto-protect', 'sendsafely'] as const;

/** Name of a service profile. */
export type TenantProfile = (typeof tenantProfiles)[number];

/** A customer, as the admin REST shows it. */
export interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly profile: TenantProfile;
  readonly domains: readonly string[];
  readonly status: string;
  readonly tenantUrl: string;
  /** What the identity provider speaks, as its requests have shown; absent from services before it was recorded. */
  readonly dialect?: TenantDialect | null;
  readonly createdAt: string;
}

/** The dialect of a tenant's identity provider; `seen` are all that it ever used. */
export interface TenantDialect {
  readonly current: string;
  readonly since: string;
  readonly evidence: string;
  readonly lastSeenAt: string;
  readonly seen: readonly { readonly dialect: string; readonly lastSeenAt: string }[];
}

/** Body of a new tenant. */
export interface NewTenant {
  readonly name: string;
  readonly profile: TenantProfile;
  readonly domains?: readonly string[];
}

/** What can be changed on a tenant. */
export interface TenantChange {
  readonly name?: string;
  readonly status?: 'active' | 'suspended';
}

/** A secret token without its secret. */
export interface Token {
  readonly id: string;
  readonly tenantUrl: string;
  readonly prefix: string;
  readonly description?: string | null;
  readonly serviceAccount?: string | null;
  readonly expiresAt?: string | null;
  readonly createdAt: string;
  readonly lastUsedAt?: string | null;
  readonly status: string;
}

/** A token as it is shown this once, with what is pasted into Entra. */
export interface IssuedToken extends Token {
  readonly token: string;
  /** With the endpoint, what OAuth client credentials need beside the token; absent from services before they had it. */
  readonly clientId?: string;
  readonly tokenEndpoint?: string;
}

/** Body of a new token; `expiresAt` is an ISO 8601 instant. */
export interface NewToken {
  readonly description?: string;
  readonly expiresAt?: string;
  readonly serviceAccount?: string;
}

/** A provisioned user in the admin list. */
export interface ProvisionedUser {
  readonly id: string;
  readonly userName: string;
  readonly active: boolean;
  readonly externalId?: string | null;
  readonly displayName?: string | null;
}

/** A mailbox account in the admin list. */
export interface Mailbox {
  readonly id: string;
  readonly address: string | null;
  readonly status: string;
  readonly statusReason?: string | null;
  readonly adminState?: string;
  readonly userId?: string | null;
  readonly addresses: readonly unknown[];
}

/** Body of a new mailbox. */
export interface NewMailbox {
  readonly address: string;
  readonly kind?: string;
  readonly origin?: string;
  readonly aliases?: readonly string[];
}

/** What is changed of a mailbox. */
export interface MailboxChange {
  readonly adminState?: string;
  readonly kind?: string;
  readonly legalHold?: boolean;
  readonly inactiveMailPolicy?: string | null;
}

/** Members of a tenant's mail policy with their values. */
export type MailPolicy = Readonly<Record<string, string | number | boolean | null>>;

/** The seats of a tenant. */
export interface Seats {
  readonly used: number;
  readonly limit: number | null;
  readonly policy: string;
  readonly over: number;
  readonly waiting: number;
  readonly peaks: readonly { readonly month: string; readonly peak: number }[];
}

/** A time in which a mailbox occupied a seat. */
export interface SeatInterval {
  readonly id: string;
  readonly mailboxId: string;
  readonly from: string;
  readonly to: string | null;
}

/** Query of the mailbox list. */
export interface MailboxQuery {
  readonly address?: string;
  readonly status?: string;
  readonly kind?: string;
}

/** Query of the provisioning log; `since` is an ISO 8601 instant. */
export interface LogQuery {
  readonly user?: string;
  readonly outcome?: string;
  readonly since?: string;
}

/** The resource types that a schema can extend. */
export const extensibleTypes = ['User', 'Group'] as const;

/** An extension schema in a list; `id` is its URN. */
export interface SchemaSummary {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly resourceType: (typeof extensibleTypes)[number];
  readonly required: boolean;
  readonly attributes: readonly string[];
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An extension schema with its document. */
export interface ExtensionSchema extends SchemaSummary {
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Body that registers or replaces an extension schema. */
export interface NewSchema {
  readonly resourceType: SchemaSummary['resourceType'];
  readonly required: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
}
