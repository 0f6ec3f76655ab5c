import { Database, type Session, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { AddressSettlement, type Settlement } from './address-settlement.js';
import { yieldsTo } from './address-requests.js';
import { providedAliases, type SourcedGrant } from './grants.js';
import { type MailSettings, readMailPolicy } from './mail-policy.js';
import { type AddressWish, type Mailbox, primaryWish } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxWriter } from './mailbox-writer.js';
import { isSeatFree } from './seat-settlement.js';
import { type AddressGrants, followGrants } from './transitions.js';

const mailboxesPerTransaction = 25;

/** Mailboxes that wait for an address or a seat, tried again when there may be one. */
@Injectable()
export class PendingMailboxes {
  constructor(
    private readonly database: Database,
    private readonly settlement: AddressSettlement,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
  ) {}

  /**
   * Gives free seats to the mailboxes that wait for one, those that waited longest first, a few in a transaction.
   * Answers how many got one. May be repeated, and run by several nodes at once.
   */
  async settleSeats(tenant: TenantId, cause: EventCause): Promise<number> {
    let seated = 0;
    for await (const some of this.database.writeInBatches((session) => this.settleSomeSeats(tenant, session, cause))) {
      if (some === 0) {
        break;
      }
      seated += some;
    }
    return seated;
  }

  /**
   * Asks once more for everything that a mailbox wishes for, in the caller's transaction; the settings are read unless
   * the caller has them. Answers the mailbox as it is afterwards, undefined when it waits for nothing any more.
   */
  async retry(
    tenant: TenantId,
    session: Session,
    mailboxId: string,
    cause: EventCause,
    settings?: MailSettings,
  ): Promise<Mailbox | undefined> {
    const before = await this.mailboxes.findById(tenant, session, mailboxId);
    if (before === undefined || before.deletedAt !== null || before.wishes.length === 0) {
      return undefined;
    }
    const policy = settings ?? (await readMailPolicy(tenant, session));
    const asker = { mailboxId, externalId: before.externalId, policy, cause };
    const ask = (wish: AddressWish) => this.settlement.settle(tenant, session, wish.wantedKey, asker);
    const { grants, settlements } = await askWishes(before, ask);
    const after = followGrants(before, grants, { now: cause.at, policy, erasesOnDeactivation: false });
    const yielded = settlements.flatMap((settled) => (settled.yielded === undefined ? [] : [settled.yielded]));
    await this.writer.write(tenant, session, [...yieldsTo(after, yielded), { before, after }], policy, cause);
    return after;
  }

  private async settleSomeSeats(tenant: TenantId, session: Session, cause: EventCause): Promise<number> {
    let settings = await readMailPolicy(tenant, session);
    const rows = await session.all<{ readonly mailbox_id: string }>(
      `SELECT mailbox_id FROM mailbox_address_wish WHERE tenant_id = ? AND reason = 'seat_limit' AND role = 'primary' ORDER BY first_seen, mailbox_id LIMIT ${mailboxesPerTransaction}`,
      [tenant],
    );
    let seated = 0;
    for (const { mailbox_id: id } of rows) {
      if (!isSeatFree(settings)) {
        break;
      }
      const after = await this.retry(tenant, session, id, cause, settings);
      if (after?.seat === true) {
        settings = { ...settings, seatsUsed: settings.seatsUsed + 1 };
        seated += 1;
      }
    }
    return seated;
  }
}

/** Asks for everything that a mailbox wishes for, and says as what it gets that. */
export async function askWishes(
  mailbox: Mailbox,
  ask: (wish: AddressWish) => Promise<Settlement>,
): Promise<{ readonly grants: AddressGrants; readonly settlements: readonly Settlement[] }> {
  const wish = primaryWish(mailbox);
  const primary = wish === undefined || wish.reason === 'address_source_missing' ? undefined : await ask(wish);
  const aliases: Settlement[] = [];
  for (const alias of mailbox.wishes.filter(({ role }) => role === 'alias')) {
    aliases.push(await ask(alias));
  }
  const source = mailbox.origin === 'scim' ? 'email' : 'import';
  const granted = aliases.map(({ grant }): SourcedGrant => ({ grant, source }));
  return {
    grants: {
      ...(primary === undefined ? {} : { primary: { grant: primary.grant, source: 'userName' } }),
      ...(aliases.length === 0 ? {} : { aliases: [...providedAliases(mailbox), ...granted] }),
    },
    settlements: [...(primary === undefined ? [] : [primary]), ...aliases],
  };
}
