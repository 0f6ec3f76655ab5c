import { deriveStatus } from '../derive-status.js';
import type { MailPolicy } from '../mail-policy.js';
import type { Circumstances } from '../grants.js';
import type { MailboxChange } from '../recipient-rows.js';
import { inactivePolicyOf } from '../recipients.js';

/**
 * Whether a change by the identity provider takes a live mailbox out of use. One that was not live (it waited, support had
 * suspended it) or whose mail goes on all the same (of a room, say) is no leaver. The suspension of a whole tenant passes,
 * and what happens meanwhile must not show only then.
 */
export function isLeaver(
  { before, after }: MailboxChange,
  { policy, erasesOnDeactivation }: Pick<Circumstances, 'policy' | 'erasesOnDeactivation'>,
): boolean {
  if (before === undefined || before.kind === 'role' || deriveStatus(before).status !== 'active') {
    return false;
  }
  const { status, reason } = deriveStatus(after);
  const goesOn = inactivePolicyOf({ ...after, statusReason: reason }, policy) === 'deliver' && !erasesOnDeactivation;
  return status === 'deleted' || (status === 'suspended' && !goesOn);
}

/** How many leavers an hour take effect without support, for a tenant of that many seats. */
export function guardThreshold(
  { guardMaxPct, guardMaxAbs }: Pick<MailPolicy, 'guardMaxPct' | 'guardMaxAbs'>,
  seats: number,
): number {
  return Math.max(guardMaxAbs, Math.floor((seats * guardMaxPct) / 100));
}

/** Whether the tenant has a guard at all. */
export function isGuardOn({ guardMaxPct }: Pick<MailPolicy, 'guardMaxPct'>): boolean {
  return guardMaxPct < 100;
}
