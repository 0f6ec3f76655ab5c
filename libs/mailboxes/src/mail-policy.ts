import type { Session, TenantId } from '@cleanmail/database';
import type { InactiveMailPolicy } from './mailbox.js';

/** How a tenant's mailboxes are granted, suspended, counted and kept. */
export interface MailPolicy {
  /** The attribute of the user that the mailbox's primary address is. */
  readonly addressSource: 'userName' | 'workEmail' | 'primaryEmail';
  /** Whether the other `emails` of a user are aliases of its mailbox. */
  readonly emailsAsAliases: boolean;
  /** What happens to a user whose address cannot be at a domain of the tenant: a pending mailbox, or no user at all. */
  readonly unownedDomainPolicy: 'park' | 'reject';
  /** Whether `userType` says what kind of mailbox it is; support's word stands above it. */
  readonly kindSource: 'admin' | 'userType';
  readonly inactiveMailPolicy: InactiveMailPolicy;
  /** How long mail of a mailbox that is no longer active is still accepted. */
  readonly inactiveGraceHours: number;
  readonly formerDays: number;
  readonly deleteRetentionDays: number;
  readonly reserveDays: number;
  readonly eraseAfterDays: number;
  /** How long mail goes on when the tenant is closed. */
  readonly noticeDays: number;
  /** How many mailboxes of users may be active at once; null: any number. */
  readonly seatLimit: number | null;
  /** `soft`: more are granted, reported and billed; `hard`: more wait. */
  readonly seatPolicy: 'soft' | 'hard';
  /** How much of its seats a tenant may lose to its identity provider within an hour, in percent; 100: the guard is off. */
  readonly guardMaxPct: number;
  /** How many leavers an hour are never too many. */
  readonly guardMaxAbs: number;
}

/** A tenant's policy with what else its mailboxes depend on, as it was at one moment. */
export interface MailSettings extends MailPolicy {
  /** Moves with every change of these settings; a unit of work that saw an older one is run again. */
  readonly version: number;
  readonly isTenantSuspended: boolean;
  readonly seatsUsed: number;
  /** How many leavers the tenant ever had. */
  readonly leavers: number;
}

/** What a tenant has that was given nothing else; 30 days equal Entra's own window between soft and hard deletion. */
export const defaultMailPolicy: MailPolicy = {
  addressSource: 'userName',
  emailsAsAliases: false,
  unownedDomainPolicy: 'park',
  kindSource: 'admin',
  inactiveMailPolicy: 'reject',
  inactiveGraceHours: 0,
  formerDays: 180,
  deleteRetentionDays: 30,
  reserveDays: 90,
  eraseAfterDays: 30,
  noticeDays: 0,
  seatLimit: null,
  seatPolicy: 'soft',
  guardMaxPct: 20,
  guardMaxAbs: 50,
};

/** The settings of a tenant that is new and was given nothing. */
export const defaultMailSettings: MailSettings = {
  ...defaultMailPolicy,
  version: 0,
  isTenantSuspended: false,
  seatsUsed: 0,
  leavers: 0,
};

/** The column of every member of a policy. */
export const policyColumns = {
  addressSource: 'address_source',
  emailsAsAliases: 'emails_as_aliases',
  unownedDomainPolicy: 'unowned_domain_policy',
  kindSource: 'kind_source',
  inactiveMailPolicy: 'inactive_mail_policy',
  inactiveGraceHours: 'inactive_grace_hours',
  formerDays: 'former_days',
  deleteRetentionDays: 'delete_retention_days',
  reserveDays: 'reserve_days',
  eraseAfterDays: 'erase_after_days',
  noticeDays: 'notice_days',
  seatLimit: 'seat_limit',
  seatPolicy: 'seat_policy',
  guardMaxPct: 'guard_max_pct',
  guardMaxAbs: 'guard_max_abs',
} as const satisfies Readonly<Record<keyof MailPolicy, string>>;

type PolicyRow = {
  readonly [Member in keyof MailPolicy as (typeof policyColumns)[Member]]: MailPolicy[Member] extends boolean
    ? number
    : MailPolicy[Member];
};

/** The settings as the driver reads them; the policy's columns are null for a tenant that has none of its own. */
export type SettingsRow = { readonly [Column in keyof PolicyRow]: PolicyRow[Column] | null } & {
  readonly settings_version: number;
  readonly is_suspended: number;
  readonly seats_used: number;
  readonly leavers: number;
};

/** The columns of {@link SettingsRow}, from `tenant_mail_counter c` and `tenant_mail_policy p`. */
export const settingsColumns = [
  'c.settings_version',
  'c.is_suspended',
  'c.seats_used',
  'c.leavers',
  ...Object.values(policyColumns).map((column) => `p.${column}`),
].join(', ');

const readSettings = `SELECT ${settingsColumns} FROM tenant_mail_counter c LEFT JOIN tenant_mail_policy p ON p.tenant_id = c.tenant_id WHERE c.tenant_id = ?`;

/** The tenant's own policy, or the default, with what else its mailboxes depend on. */
export async function readMailPolicy(tenant: TenantId, session: Session): Promise<MailSettings> {
  return settingsFromRow(await session.first<SettingsRow>(readSettings, [tenant]));
}

export function settingsFromRow(row: SettingsRow | undefined): MailSettings {
  if (row === undefined) {
    return defaultMailSettings;
  }
  return {
    ...(row.address_source === null ? defaultMailPolicy : policyFromRow(row as PolicyRow)),
    version: row.settings_version,
    isTenantSuspended: row.is_suspended === 1,
    seatsUsed: row.seats_used,
    leavers: row.leavers,
  };
}

function policyFromRow(row: PolicyRow): MailPolicy {
  return {
    addressSource: row.address_source,
    emailsAsAliases: row.emails_as_aliases === 1,
    unownedDomainPolicy: row.unowned_domain_policy,
    kindSource: row.kind_source,
    inactiveMailPolicy: row.inactive_mail_policy,
    inactiveGraceHours: row.inactive_grace_hours,
    formerDays: row.former_days,
    deleteRetentionDays: row.delete_retention_days,
    reserveDays: row.reserve_days,
    eraseAfterDays: row.erase_after_days,
    noticeDays: row.notice_days,
    seatLimit: row.seat_limit,
    seatPolicy: row.seat_policy,
    guardMaxPct: row.guard_max_pct,
    guardMaxAbs: row.guard_max_abs,
  };
}

/** A number of days in milliseconds. */
export function days(count: number): number {
  return count * 86_400_000;
}

/** A number of hours in milliseconds. */
export function hours(count: number): number {
  return count * 3_600_000;
}
