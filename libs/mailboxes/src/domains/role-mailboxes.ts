import { Database, type Session, StaleRowError, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { AddressSettlement } from '../address-settlement.js';
import type { Circumstances } from '../grants.js';
import { readMailPolicy } from '../mail-policy.js';
import type { Mailbox } from '../mailbox.js';
import { MailboxRepository } from '../mailbox.repository.js';
import { MailboxWriter } from '../mailbox-writer.js';
import { blankMailbox, endMailbox, followGrants } from '../transitions.js';
import { DomainRepository } from './domain.repository.js';
import { isOwned } from './mail-domain.js';

/** The addresses that every mail domain must have (RFC 5321 section 4.5.1, RFC 2142 section 2). */
const roles = ['postmaster', 'abuse'] as const;

/** Mailboxes of a domain that belong to nobody, so that mail for its roles is accepted: never a seat, adopted by no user. */
@Injectable()
export class RoleMailboxes {
  constructor(
    private readonly database: Database,
    private readonly domains: DomainRepository,
    private readonly settlement: AddressSettlement,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
  ) {}

  /** Makes those that are missing; an address that a mailbox of the tenant has already stays where it is. */
  async ensure(tenant: TenantId, nameAscii: string, cause: EventCause): Promise<void> {
    for (const role of roles) {
      await this.database.write(async (session) => {
        const domain = await this.domains.find(tenant, session, nameAscii);
        if (domain !== undefined && isOwned(domain) && domain.transferTo === null) {
          await this.create(tenant, session, `${role}@${nameAscii}`, cause);
        }
      });
    }
  }

  /** Ends those of a domain and gives their addresses up, in the caller's transaction. */
  async end(tenant: TenantId, session: Session, nameAscii: string, cause: EventCause): Promise<void> {
    const held = await session.all<{ readonly mailbox_id: string }>(
      "SELECT DISTINCT a.mailbox_id FROM mailbox_address a JOIN mailbox_account m ON m.tenant_id = a.tenant_id AND m.id = a.mailbox_id WHERE a.domain_ascii = ? AND a.basis = 'domain' AND a.state <> 'released' AND a.tenant_id = ? AND m.kind = 'role'",
      [nameAscii, tenant],
    );
    const policy = await readMailPolicy(tenant, session);
    for (const { mailbox_id: id } of held) {
      const before = await this.mailboxes.findById(tenant, session, id);
      if (before !== undefined) {
        requireStillRole(before);
        const after = endedForGood(before, { now: cause.at, policy, erasesOnDeactivation: false });
        await this.writer.write(tenant, session, [{ before, after }], policy, cause);
      }
    }
  }

  private async create(tenant: TenantId, session: Session, address: string, cause: EventCause): Promise<void> {
    const policy = await readMailPolicy(tenant, session);
    const asker = { mailboxId: undefined, externalId: null, policy, cause };
    const { grant, adopted, yielded } = await this.settlement.settle(tenant, session, address, asker);
    // A former address of a living person stays that person's until it expires: it takes mail as well.
    const isFormer = yielded?.before !== undefined && yielded.before.deletedAt === null;
    if (grant.kind === 'parked' || adopted !== undefined || isFormer) {
      return;
    }
    const circumstances = { now: cause.at, policy, erasesOnDeactivation: false };
    const blank = blankMailbox({ origin: 'manual', kind: 'role' }, circumstances);
    const after = followGrants(blank, { primary: { grant, source: 'admin' } }, circumstances);
    const changes = [...(yielded === undefined ? [] : [yielded]), { before: undefined, after }];
    await this.writer.write(tenant, session, changes, policy, cause);
  }
}

/** Support may have given it to people before it was locked: its addresses then keep the domain, as any others do. */
function requireStillRole({ id, kind }: Mailbox): void {
  if (kind !== 'role') {
    throw new StaleRowError(`mailbox ${id} was changed meanwhile`);
  }
}

function endedForGood(mailbox: Mailbox, circumstances: Circumstances): Mailbox {
  const ended = endMailbox(mailbox, circumstances);
  return {
    ...ended,
    purgeAfter: circumstances.now,
    addresses: ended.addresses.map((address) => ({ ...address, state: 'released', validUntil: null })),
  };
}
