import { Database, type Session, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { parked } from './address-claims.js';
import { readMailPolicy } from './mail-policy.js';
import { addressKey, type Mailbox } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxWriter } from './mailbox-writer.js';
import type { Circumstances } from './grants.js';
import { withoutAddress } from './transitions.js';

interface OpenClaim {
  readonly tenant_id: TenantId;
  readonly mailbox_id: string;
}

const mailboxesPerTransaction = 25;
const addressesPerStatement = 500;

/**
 * Claims of tenants without domains on addresses whose domain nobody owned. They end when an owner appears: the
 * mailbox is then pending, and its tenant is not told who the owner is.
 */
@Injectable()
export class OpenClaims {
  constructor(
    private readonly database: Database,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
  ) {}

  /** Turns the owner's own claims from before into claims on its domain; nothing changes for mail. May be repeated. */
  async adoptOwn(tenant: TenantId, domainAscii: string): Promise<void> {
    const own = "tenant_id = ? AND domain_ascii = ? AND basis = 'open' AND state <> 'released'";
    const adoptSome = async (session: Session): Promise<number> => {
      const row = await session.first<{ readonly last: string | null }>(
        `SELECT MAX(id) AS last FROM (SELECT id FROM mailbox_address WHERE ${own} ORDER BY id LIMIT ${addressesPerStatement}) AS oldest`,
        [tenant, domainAscii],
      );
      const last = row?.last ?? null;
      const statement = `UPDATE mailbox_address SET basis = 'domain' WHERE ${own} AND id <= ?`;
      return last === null ? 0 : session.run(statement, [tenant, domainAscii, last]);
    };
    for await (const adopted of this.database.writeInBatches(adoptSome)) {
      if (adopted === 0) {
        break;
      }
    }
  }

  /** Ends all open claims on a domain that has an owner now, a few mailboxes a transaction; may be repeated. */
  async evictAll(domainAscii: string, cause: EventCause): Promise<void> {
    const evictSome = async (session: Session): Promise<number> => {
      const claims = await session.all<OpenClaim>(
        `SELECT DISTINCT tenant_id, mailbox_id FROM mailbox_address WHERE domain_ascii = ? AND basis = 'open' AND state <> 'released' LIMIT ${mailboxesPerTransaction}`,
        [domainAscii],
      );
      for (const claim of claims) {
        await this.evict(claim.tenant_id, session, claim.mailbox_id, domainAscii, cause);
      }
      return claims.length;
    };
    for await (const evicted of this.database.writeInBatches(evictSome)) {
      if (evicted < mailboxesPerTransaction) {
        break;
      }
    }
  }

  /** Ends the open claims of one mailbox on a domain, in the caller's transaction. `tenant` is the holder's. */
  async evict(
    tenant: TenantId,
    session: Session,
    mailboxId: string,
    domainAscii: string,
    cause: EventCause,
  ): Promise<void> {
    const before = await this.mailboxes.findById(tenant, session, mailboxId);
    if (before !== undefined) {
      const policy = await readMailPolicy(tenant, session);
      const after = withoutOpenClaims(before, domainAscii, { now: cause.at, policy });
      await this.writer.write(tenant, session, [{ before, after }], policy, cause);
    }
  }
}

function withoutOpenClaims(
  mailbox: Mailbox,
  domainAscii: string,
  circumstances: Pick<Circumstances, 'now' | 'policy'>,
): Mailbox {
  return mailbox.addresses
    .filter(
      (address) => address.domainAscii === domainAscii && address.basis === 'open' && address.state !== 'released',
    )
    .reduce((current, address) => {
      const wish = parked({ key: addressKey(address), domainAscii }, 'domain_not_owned');
      const isWanted = address.role === 'primary' && current.deletedAt === null && wish.kind === 'parked';
      return withoutAddress(current, addressKey(address), isWanted ? wish.wish : undefined, circumstances);
    }, mailbox);
}
