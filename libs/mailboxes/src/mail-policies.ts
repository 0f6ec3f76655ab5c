import { Database, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { defaultMailPolicy, type MailPolicy, policyColumns, readMailPolicy } from './mail-policy.js';
import { MailSettlement } from './mail-settlement.js';

/** What is changed of a policy; what is left out or undefined stays. */
export type MailPolicyChange = { readonly [Member in keyof MailPolicy]?: MailPolicy[Member] | undefined };

/** A number of a policy is none that it may be; nothing was changed. */
export class InvalidMailPolicyError extends Error {
  override readonly name = InvalidMailPolicyError.name;
  readonly code = 'invalid_mail_policy';

  constructor(member: string, { min, max }: { readonly min: number; readonly max: number }) {
    super(`${member} must be a whole number from ${min} to ${max}.`);
  }
}

/** What the numbers of a policy may be. */
export const policyRanges = {
  inactiveGraceHours: { min: 0, max: 8_760 },
  formerDays: { min: 0, max: 3_650 },
  deleteRetentionDays: { min: 0, max: 3_650 },
  reserveDays: { min: 0, max: 3_650 },
  eraseAfterDays: { min: 0, max: 3_650 },
  noticeDays: { min: 0, max: 3_650 },
  seatLimit: { min: 0, max: 10_000_000 },
  guardMaxPct: { min: 0, max: 100 },
  guardMaxAbs: { min: 0, max: 1_000_000 },
} as const;

const members = Object.keys(policyColumns) as readonly (keyof MailPolicy)[];
const columns = members.map((member) => policyColumns[member]);
const insert = `INSERT INTO tenant_mail_policy (tenant_id, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`;
const upsert = {
  mysql: `${insert} ON DUPLICATE KEY UPDATE ${columns.map((column) => `${column} = VALUES(${column})`).join(', ')}`,
  sqlite: `${insert} ON CONFLICT (tenant_id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
} as const;

/** The mail policies of tenants; every change leaves an audit entry in its own transaction. */
@Injectable()
export class MailPolicies {
  constructor(
    private readonly database: Database,
    private readonly settlement: MailSettlement,
    private readonly audit: AuditTrail,
  ) {}

  async get(tenant: TenantId): Promise<MailPolicy> {
    return this.database.read((session) => policyOf(tenant, session));
  }

  /**
   * Changes a policy and lets the mailboxes follow, some in a transaction. A change that was interrupted is finished by
   * repeating it, or by whoever settles what is unsettled. Where the addresses come from takes effect with the next
   * change of each user. @throws InvalidMailPolicyError
   */
  async change(tenant: TenantId, actor: Actor, change: MailPolicyChange): Promise<MailPolicy> {
    requireRanges(change);
    const now = Date.now();
    const policy = await this.database.write(async (session) => {
      // Taken first: of two changes at once, the second one sees what the first one did.
      await this.settlement.settingsChanged(tenant, session);
      const before = await policyOf(tenant, session);
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const after = { ...before, ...given };
      const changed = members.filter((member) => before[member] !== after[member]);
      if (changed.length > 0) {
        await session.run(upsert[session.dialect], [tenant, ...members.map((member): SqlValue => after[member])]);
        const details = { before: pick(before, changed), after: pick(after, changed) };
        await this.audit.record(tenant, session, actor, { action: 'mail-policy.change', target: tenant, details });
      }
      return after;
    });
    await this.settlement.settle(tenant, { actor: actor.name, requestId: actor.requestId, at: now });
    return policy;
  }
}

function requireRanges(change: MailPolicyChange): void {
  for (const [member, range] of Object.entries(policyRanges)) {
    const value = change[member as keyof typeof policyRanges];
    const isFit =
      value === undefined || value === null || (Number.isInteger(value) && value >= range.min && value <= range.max);
    if (!isFit) {
      throw new InvalidMailPolicyError(member, range);
    }
  }
}

async function policyOf(tenant: TenantId, session: Session): Promise<MailPolicy> {
  const settings = await readMailPolicy(tenant, session);
  return { ...defaultMailPolicy, ...pick(settings, members) };
}

function pick(policy: MailPolicy, wanted: readonly (keyof MailPolicy)[]): Partial<MailPolicy> {
  return Object.fromEntries(wanted.map((member) => [member, policy[member]]));
}
