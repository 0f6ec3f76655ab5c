import { Database, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { parked } from '../address-claims.js';
import { parseAddress } from '../address-codec.js';
import type { Grant } from '../grants.js';
import { type MailSettings, readMailPolicy } from '../mail-policy.js';
import type { AddressWish, Mailbox } from '../mailbox.js';
import { MailboxRepository } from '../mailbox.repository.js';
import { type MailboxChange, MailboxWriter } from '../mailbox-writer.js';
import { askWishes, PendingMailboxes } from '../pending-mailboxes.js';
import { followGrants } from '../transitions.js';
import { DomainRepository } from './domain.repository.js';
import { isOwned } from './mail-domain.js';

interface Waiting {
  readonly mailbox_id: string;
  readonly first_seen: number;
}

interface Batch {
  /** Mailboxes that need look-ups of their own. */
  readonly contested: readonly string[];
  /** The last one of the batch, undefined when no batch follows. */
  readonly last: Waiting | undefined;
}

/** A few dozen: the tenant's feed is locked while the rows of a batch are written, and provisioning waits for it. */
const mailboxesPerTransaction = 40;

/**
 * Wishes at a domain which their tenant did not own. An alias waits with the primary address of its mailbox, whatever
 * that waits for, and comes with it.
 */
export const waitsForDomain = `
  w.reason = 'domain_not_owned' AND (w.role = 'primary' OR NOT EXISTS (
    SELECT 1 FROM mailbox_address_wish p WHERE p.tenant_id = w.tenant_id AND p.mailbox_id = w.mailbox_id AND p.role = 'primary'))`;
const nextWaiting = `
  SELECT w.mailbox_id, MIN(w.first_seen) AS first_seen FROM mailbox_address_wish w
   WHERE w.tenant_id = ? AND w.domain_ascii = ? AND ${waitsForDomain}
     AND (w.first_seen > ? OR (w.first_seen = ? AND w.mailbox_id > ?))
   GROUP BY w.mailbox_id ORDER BY first_seen, w.mailbox_id LIMIT ${mailboxesPerTransaction}`;

/** Mailboxes that wait for an address at a domain which their tenant did not own. */
@Injectable()
export class WaitingMailboxes {
  constructor(
    private readonly database: Database,
    private readonly domains: DomainRepository,
    private readonly mailboxes: MailboxRepository,
    private readonly pending: PendingMailboxes,
    private readonly writer: MailboxWriter,
  ) {}

  async count(tenant: TenantId, nameAscii: string): Promise<number> {
    const row = await this.database.read((session) =>
      session.first<{ readonly n: number }>(
        "SELECT COUNT(DISTINCT mailbox_id) AS n FROM mailbox_address_wish WHERE tenant_id = ? AND domain_ascii = ? AND reason = 'domain_not_owned'",
        [tenant, nameAscii],
      ),
    );
    return Number(row?.n ?? 0);
  }

  /**
   * Grants what waits for a domain that the tenant owns now, in the order in which it was first asked for: short
   * transactions that any node may go on with, so that provisioning comes in between.
   */
  async release(
    tenant: TenantId,
    nameAscii: string,
    cause: EventCause,
    goesOn: () => Promise<boolean> = async () => true,
  ): Promise<void> {
    let after: Waiting = { first_seen: -1, mailbox_id: '' };
    const releaseSome = (session: Session) => this.releaseSome(tenant, session, { nameAscii, after }, cause);
    for await (const { contested, last } of this.database.writeInBatches(releaseSome)) {
      await this.database.writeEach(contested, (session, id) => this.pending.retry(tenant, session, id, cause));
      if (last === undefined || !(await goesOn())) {
        break;
      }
      after = last;
    }
  }

  private async releaseSome(
    tenant: TenantId,
    session: Session,
    { nameAscii, after }: { readonly nameAscii: string; readonly after: Waiting },
    cause: EventCause,
  ): Promise<Batch> {
    const domain = await this.domains.find(tenant, session, nameAscii);
    if (domain === undefined || !isOwned(domain) || domain.transferTo !== null) {
      return { contested: [], last: undefined };
    }
    const waiting = await session.all<Waiting>(nextWaiting, [
      tenant,
      nameAscii,
      after.first_seen,
      after.first_seen,
      after.mailbox_id,
    ]);
    const ids = waiting.map(({ mailbox_id: id }) => id);
    const locked = new Map((await this.mailboxes.findMany(tenant, session, ids)).map((each) => [each.id, each]));
    const mailboxes = ids.flatMap((id) => locked.get(id) ?? []);
    const held = await heldAmong(session, [
      ...new Set(mailboxes.flatMap(({ wishes }) => wishes.map(({ wantedKey }) => wantedKey))),
    ]);
    const settings = await readMailPolicy(tenant, session);
    const { changes, contested } = await grantAll(mailboxes, { nameAscii, held, settings, now: cause.at });
    await this.writer.write(tenant, session, changes, settings, cause);
    return { contested, last: waiting.length < mailboxesPerTransaction ? undefined : waiting.at(-1) };
  }
}

/**
 * Grants in memory what nobody else has or was granted just before; every seat that is taken counts for those that
 * follow. A mailbox that has another wish besides is left to be settled as if it asked just now.
 */
async function grantAll(
  mailboxes: readonly Mailbox[],
  {
    nameAscii,
    held,
    settings,
    now,
  }: {
    readonly nameAscii: string;
    readonly held: ReadonlySet<string>;
    readonly settings: MailSettings;
    readonly now: number;
  },
): Promise<{ readonly changes: readonly MailboxChange[]; readonly contested: readonly string[] }> {
  const taken = new Set(held);
  const changes: MailboxChange[] = [];
  const contested: string[] = [];
  let { seatsUsed } = settings;
  for (const before of mailboxes) {
    const keys = before.wishes.map(({ wantedKey }) => wantedKey);
    if (before.deletedAt !== null) {
      changes.push({ before, after: { ...before, wishes: [] } });
    } else if (keys.some((key) => taken.has(key)) || before.wishes.some((wish) => wish.domainAscii !== nameAscii)) {
      contested.push(before.id);
    } else {
      const { grants } = await askWishes(before, async (wish) => ({ grant: grantOf(wish) }));
      const policy = { ...settings, seatsUsed };
      const after = followGrants(before, grants, { now, policy, erasesOnDeactivation: false });
      seatsUsed += Number(after.seat) - Number(before.seat);
      keys.forEach((key) => taken.add(key));
      changes.push({ before, after });
    }
  }
  return { changes, contested };
}

function grantOf({ wantedKey }: AddressWish): Grant {
  const address = parseAddress(wantedKey);
  return typeof address === 'string'
    ? parked({ key: wantedKey, domainAscii: null }, address)
    : { kind: 'granted', address, basis: 'domain' };
}

async function heldAmong(session: Session, keys: readonly SqlValue[]): Promise<Set<string>> {
  if (keys.length === 0) {
    return new Set();
  }
  const rows = await session.list<{ readonly claim_key: string }>(
    `SELECT claim_key FROM mailbox_address WHERE claim_key IN (${keys.map(() => '?').join(', ')})`,
    keys,
  );
  return new Set(rows.map(({ claim_key: key }) => key));
}
