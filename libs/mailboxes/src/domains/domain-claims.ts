import type { Session, TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { parked } from '../address-claims.js';
import { type MailSettings, readMailPolicy } from '../mail-policy.js';
import { addressKey, type Mailbox, type MailboxAddress } from '../mailbox.js';
import { MailboxRepository } from '../mailbox.repository.js';
import { MailboxWriter } from '../mailbox-writer.js';
import { withoutAddress } from '../transitions.js';

/** How many addresses rest on a domain, not counting those of its role mailboxes. */
export interface ClaimCount {
  readonly live: number;
  readonly former: number;
}

/** Which claims on a domain end: all, or only those that are former or reserved. */
export type EndedClaims = 'all' | 'former';

const claimed =
  "FROM mailbox_address a JOIN mailbox_account m ON m.tenant_id = a.tenant_id AND m.id = a.mailbox_id WHERE a.domain_ascii = ? AND a.basis = 'domain' AND a.state <> 'released' AND a.tenant_id = ? AND m.kind <> 'role'";
const isFormer = "(a.role = 'former' OR a.state = 'reserved')";

/** The addresses that rest on a domain, and their end. */
@Injectable()
export class DomainClaims {
  constructor(
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
  ) {}

  async count(tenant: TenantId, session: Session, nameAscii: string): Promise<ClaimCount> {
    const row = await session.first<{ readonly total: number; readonly former: number | null }>(
      `SELECT COUNT(*) AS total, SUM(CASE WHEN ${isFormer} THEN 1 ELSE 0 END) AS former ${claimed}`,
      [nameAscii, tenant],
    );
    const former = Number(row?.former ?? 0);
    return { live: Number(row?.total ?? 0) - former, former };
  }

  /**
   * Ends claims of up to `limit` mailboxes in the caller's transaction, and answers of how many. A mailbox that loses
   * its primary address waits for it from then on.
   */
  async endSome(
    tenant: TenantId,
    session: Session,
    nameAscii: string,
    { which, limit, cause }: { readonly which: EndedClaims; readonly limit: number; readonly cause: EventCause },
  ): Promise<number> {
    const rows = await session.all<{ readonly mailbox_id: string }>(
      `SELECT DISTINCT a.mailbox_id ${claimed}${which === 'former' ? ` AND ${isFormer}` : ''} LIMIT ${Math.trunc(limit)}`,
      [nameAscii, tenant],
    );
    if (rows.length === 0) {
      return 0;
    }
    const locked = await this.mailboxes.findMany(
      tenant,
      session,
      rows.map(({ mailbox_id: id }) => id),
    );
    const policy = await readMailPolicy(tenant, session);
    const moment = { now: cause.at, policy };
    const changes = locked.map((before) => ({ before, after: withoutClaims(before, nameAscii, which, moment) }));
    await this.writer.write(tenant, session, changes, policy, cause);
    return rows.length;
  }
}

function withoutClaims(
  mailbox: Mailbox,
  domainAscii: string,
  which: EndedClaims,
  moment: { readonly now: number; readonly policy: MailSettings },
): Mailbox {
  return mailbox.addresses
    .filter((address) => address.domainAscii === domainAscii && address.state !== 'released' && ends(address, which))
    .reduce((current, address) => {
      const wish = parked({ key: addressKey(address), domainAscii }, 'domain_not_owned');
      const isWanted = address.role === 'primary' && current.deletedAt === null && wish.kind === 'parked';
      return withoutAddress(current, addressKey(address), isWanted ? wish.wish : undefined, moment);
    }, mailbox);
}

function ends({ role, state }: MailboxAddress, which: EndedClaims): boolean {
  return which === 'all' || role === 'former' || state === 'reserved';
}
