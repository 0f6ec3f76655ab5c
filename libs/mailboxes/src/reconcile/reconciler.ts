import { Database, type KeyRange, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { AddressClaims } from '../address-claims.js';
import type { ImportRow } from '../import/import-row.js';
import { readRow, type ReadRow } from '../import/row-judgement.js';
import { recipientFindings } from '../invariants/recipient-invariants.js';
import { readMailPolicy } from '../mail-policy.js';
import type { Mailbox, WishReason } from '../mailbox.js';
import { knownAddress, MailboxDirectory } from '../mailbox-directory.js';
import { MailboxRepository } from '../mailbox.repository.js';
import { MailboxWriter } from '../mailbox-writer.js';
import type { FeedRecipient } from '../feed/feed-row.js';
import type { RecipientAction } from '../recipients.js';
import { SeatLedger } from '../seat-ledger.js';
import { AddressSet } from './address-set.js';
import type { ExtraMailbox, ReconcileReport, RowComparison, WishCounts } from './reconcile-report.js';
import { compareRow } from './row-comparison.js';

/** What a gateway reads of a mailbox that does not follow from the mailbox. */
export interface RecipientProblem {
  readonly mailboxId: string;
  readonly problem: string;
}

const mailboxesPerPage = 500;
/** A report of two lists that have nothing in common must not fill the memory. */
const mostInReport = 10_000;

/** Compares the mapping with what others know: a list of accounts, and what gateways read. Changes nothing by itself. */
@Injectable()
export class Reconciler {
  constructor(
    private readonly database: Database,
    private readonly claims: AddressClaims,
    private readonly directory: MailboxDirectory,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
    private readonly seats: SeatLedger,
    private readonly audit: AuditTrail,
  ) {}

  /** Compares some rows of a list, each in its place; a few look-ups for all of them. */
  async compareRows(tenant: TenantId, rows: readonly ImportRow[]): Promise<readonly RowComparison[]> {
    const read = rows.map(readRow);
    const readable = read.flatMap((each): readonly ReadRow[] => ('outcome' in each ? [] : [each]));
    const owners = await this.mailboxesWith(tenant, readable);
    return read.map((each) => {
      if ('outcome' in each) {
        return { key: null, mailboxId: null, differences: [] };
      }
      const { key } = each.primary;
      const mailbox = owners.get(key);
      return mailbox === undefined
        ? { key, mailboxId: null, differences: [] }
        : { key, mailboxId: mailbox.id, differences: compareRow(each, mailbox) };
    });
  }

  /** Compares a whole list of accounts, in one pass over it and one over the mapping. */
  async report(
    tenant: TenantId,
    source: { readonly kind: 'csv'; readonly rows: AsyncIterable<readonly ImportRow[]> },
  ): Promise<ReconcileReport> {
    const listed = new AddressSet();
    const onlyInMapping: ExtraMailbox[] = [];
    const onlyInSource: string[] = [];
    const differing: ReconcileReport['differing'][number][] = [];
    const compared = { mailboxes: 0, rows: 0 };
    for await (const rows of source.rows) {
      const compare = await this.compareRows(tenant, rows);
      compared.rows += rows.length;
      compare.forEach(({ key, mailboxId, differences }, index) => {
        const known = key ?? rows[index]?.address ?? '';
        listed.set(known);
        if (mailboxId === null) onlyInSource.push(known);
        else differing.push(...differences.map((each) => ({ ...each, key: known, mailboxId })));
      });
      [onlyInSource, differing].forEach((list) => list.splice(mostInReport));
    }
    for (let after: string | undefined, isLast = false; !isLast;) {
      const page = await this.directory.list(tenant, {
        limit: mailboxesPerPage,
        ...(after === undefined ? {} : { after }),
      });
      compared.mailboxes += page.length;
      onlyInMapping.push(...extraMailboxes(page, listed));
      onlyInMapping.splice(mostInReport);
      [after, isLast] = [page.at(-1)?.id, page.length < mailboxesPerPage];
    }
    const isCut = [onlyInMapping, onlyInSource, differing].some(({ length }) => length === mostInReport);
    const [wishes, seats] = [await this.wishCounts(tenant), await this.seats.usage(tenant)];
    return { at: Date.now(), compared, onlyInMapping, onlyInSource, differing, isCut, wishes, seats };
  }

  /** How many addresses are wanted and not granted. */
  async wishCounts(tenant: TenantId): Promise<WishCounts> {
    const rows = await this.database.read((session) =>
      session.all<{ readonly reason: WishReason; readonly n: number }>(
        'SELECT reason, COUNT(*) AS n FROM mailbox_address_wish WHERE tenant_id = ? GROUP BY reason',
        [tenant],
      ),
    );
    return Object.fromEntries(rows.map(({ reason, n }) => [reason, Number(n)]));
  }

  /** What gateways should have, but for what is gone: whole mailboxes, by id; about as many rows as the limit says. */
  async recipients(
    tenant: TenantId,
    { after = '', limit }: { readonly after?: string; readonly limit: number },
  ): Promise<{ readonly rows: readonly Omit<FeedRecipient, 'policyProfile' | 'version'>[]; readonly next?: string }> {
    const page = await this.directoryPage(tenant, after, limit);
    const last = page.at(-1);
    const rows = last === undefined ? [] : await this.recipientsBetween(tenant, after, last);
    return { rows, ...(page.length < limit || last === undefined ? {} : { next: last }) };
  }

  /** What gateways read of the mailboxes of a range that does not follow from them. */
  async recipientProblems(tenant: TenantId, { first, last }: KeyRange): Promise<readonly RecipientProblem[]> {
    const found = await this.database.read((session) => recipientFindings(tenant, session, { first, last }));
    return found.map(({ id, problem }) => ({ mailboxId: id, problem }));
  }

  /** Writes what gateways read of a mailbox anew, as it follows from the mailbox. */
  async rewriteRecipients(tenant: TenantId, actor: Actor, mailboxId: string): Promise<void> {
    await this.database.write(async (session) => {
      const mailbox = await this.mailboxes.findById(tenant, session, mailboxId);
      if (mailbox === undefined) {
        return;
      }
      const cause = { actor: actor.name, requestId: actor.requestId, at: Date.now() };
      const settings = await readMailPolicy(tenant, session);
      await this.writer.writeAnew(tenant, session, [{ before: mailbox, after: mailbox }], settings, cause);
      await this.audit.record(tenant, session, actor, {
        action: 'reconcile.repair',
        target: mailboxId,
        details: { field: 'recipients' },
      });
    });
  }

  private async directoryPage(tenant: TenantId, after: string, limit: number): Promise<readonly string[]> {
    const rows = await this.database.read((session) =>
      session.list<{ readonly id: string }>(
        `SELECT id FROM mailbox_account WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
        [tenant, after],
      ),
    );
    return rows.map(({ id }) => id);
  }

  private async recipientsBetween(tenant: TenantId, after: string, last: string) {
    const rows = await this.database.read((session) =>
      session.all<{
        readonly address_key: string;
        readonly action: RecipientAction;
        readonly primary_key: string;
        readonly mailbox_id: string;
      }>(
        "SELECT address_key, action, primary_key, mailbox_id FROM mail_recipient WHERE tenant_id = ? AND mailbox_id > ? AND mailbox_id <= ? AND action <> 'gone'",
        [tenant, after, last],
      ),
    );
    return rows.map(({ address_key: key, action, primary_key: primary, mailbox_id: mailboxId }) => ({
      ...{ key, action, primary, mailboxId },
    }));
  }

  /** The mailboxes that hold or wait for the primary addresses of rows, by those. */
  private async mailboxesWith(tenant: TenantId, rows: readonly ReadRow[]): Promise<ReadonlyMap<string, Mailbox>> {
    const keys = rows.map(({ primary }) => primary.key);
    if (keys.length === 0) {
      return new Map();
    }
    const ids = await this.database.read(async (session) => {
      const inquiries = await this.claims.inquireMany(
        tenant,
        session,
        rows.map(({ primary }) => primary),
      );
      const wishes = await session.list<{ readonly wanted_key: string; readonly mailbox_id: string }>(
        `SELECT wanted_key, mailbox_id FROM mailbox_address_wish WHERE tenant_id = ? AND role = 'primary' AND wanted_key IN (${keys.map(() => '?').join(', ')}) ORDER BY first_seen DESC`,
        [tenant, ...keys],
      );
      const holders = [...inquiries].flatMap(([key, { holder }]) =>
        holder?.tenant === tenant && !holder.isDeleted ? [[key, holder.mailboxId] as const] : [],
      );
      return new Map([...wishes.map(({ wanted_key: key, mailbox_id: id }) => [key, id] as const), ...holders]);
    });
    const found = await this.directory.byIds(tenant, [...new Set(ids.values())]);
    const byId = new Map(found.map((mailbox) => [mailbox.id, mailbox]));
    return new Map([...ids].flatMap(([key, id]) => (byId.has(id) ? [[key, byId.get(id) as Mailbox] as const] : [])));
  }
}

/** The mailboxes of a page that a list does not have; those that have ended or wait for an attribute are in none. */
function extraMailboxes(page: readonly Mailbox[], listed: AddressSet): readonly ExtraMailbox[] {
  return page.flatMap((mailbox) => {
    const key = knownAddress(mailbox);
    return key === undefined || mailbox.deletedAt !== null || listed.has(key)
      ? []
      : [{ key, mailboxId: mailbox.id, userId: mailbox.scimUserId }];
  });
}
