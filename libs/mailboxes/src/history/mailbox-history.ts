import { Database, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import type { Mailbox } from '../mailbox.js';
import { MailboxDirectory } from '../mailbox-directory.js';
import { HistoryUnknownError, MailboxNotFoundError, MailboxNotYetError } from '../mailboxes.errors.js';
import { type HistoryEntry, historyEntry, rebuiltEntry } from './history-entry.js';
import type { HistoryPosition } from './history-key.js';
import { historyColumns, type HistoryRecord, historyRecord, type HistoryRow } from './history-rows.js';
import { undone } from './mailbox-delta.js';
import { spanOfUser, type UserSpan } from './user-span.js';

/** Who made a mailbox. */
interface Creation {
  readonly created_at: number;
  readonly created_by: string | null;
  readonly created_request: string | null;
  readonly row_version: number;
}

/** A mailbox now, with who made it. */
interface Known {
  readonly mailbox: Mailbox;
  readonly creation: Creation;
}

/** Which entries of a history to give: newest first, those before a position. */
export interface HistoryPage {
  readonly before?: HistoryPosition;
  readonly limit: number;
}

/** Who wrote something, in which request. */
export interface Authorship {
  readonly at: number;
  readonly actor: string | null;
  readonly requestId: string | null;
}

const recordsPerRead = 200;
const createdBy =
  'SELECT created_at, created_by, created_request, row_version FROM mailbox_account WHERE tenant_id = ? AND id = ?';
const ofMailbox = `SELECT ${historyColumns} FROM mailbox_history WHERE tenant_id = ? AND mailbox_id = ?`;
const olderThan = `${ofMailbox} AND version < ? ORDER BY version DESC LIMIT ${recordsPerRead}`;
const writtenAt = `${ofMailbox} AND at = ? ORDER BY version DESC LIMIT 1`;

/**
 * The history of mailboxes: every version with who brought it about, and a mailbox as it was at any time. Kept are the
 * changes alone; what a mailbox was follows from what it is, by taking them back from the newest on.
 */
@Injectable()
export class MailboxHistory {
  constructor(
    private readonly database: Database,
    private readonly directory: MailboxDirectory,
  ) {}

  /**
   * Takes what says something about a person out of a mailbox's history, in the caller's transaction, after the last
   * change that is to be covered: who did what and when stays.
   */
  async redact(tenant: TenantId, session: Session, mailboxId: string): Promise<void> {
    await session.run(
      'UPDATE mailbox_history SET personal = NULL WHERE tenant_id = ? AND mailbox_id = ? AND personal IS NOT NULL',
      [tenant, mailboxId],
    );
  }

  /** Newest first; the last entry is the making of the mailbox. @throws MailboxNotFoundError */
  async entries(tenant: TenantId, mailboxId: string, { before, limit }: HistoryPage): Promise<readonly HistoryEntry[]> {
    const known = await this.known(tenant, mailboxId);
    const newest = before?.version ?? known.mailbox.rowVersion + 1;
    const records = await this.database.read((session) =>
      session.list<HistoryRow>(`${ofMailbox} AND version < ? ORDER BY version DESC LIMIT ${Math.trunc(limit)}`, [
        tenant,
        mailboxId,
        newest,
      ]),
    );
    const entries = records.map((row) => historyEntry(historyRecord(row), known.mailbox));
    return entries.length < limit && newest > 1 ? [...entries, await this.creation(tenant, known)] : entries;
  }

  /** Like {@link entries}, of the mailboxes that a user had and from when it had them; also after its end. */
  async entriesOfUser(tenant: TenantId, userId: string, page: HistoryPage): Promise<readonly HistoryEntry[]> {
    const spans = await this.database.read((session) => spanOfUser(tenant, session, userId));
    const entries: HistoryEntry[] = [];
    for (const span of spans) {
      entries.push(...(await this.entriesOfSpan(tenant, span, page)));
    }
    return entries.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, page.limit);
  }

  /**
   * The mailbox as it was at a time, but for what was erased since.
   * @throws MailboxNotFoundError; MailboxNotYetError; HistoryUnknownError for a time before its history was kept.
   */
  async at(tenant: TenantId, mailboxId: string, time: number): Promise<Mailbox> {
    const { mailbox, creation } = await this.known(tenant, mailboxId);
    if (creation.created_at > time) {
      throw new MailboxNotYetError(mailboxId, creation.created_at);
    }
    const { mailbox: then, oldest } = await this.undo(tenant, mailbox, ({ at }) => at > time);
    if (then.rowVersion > 1 && oldest === undefined) {
      throw new HistoryUnknownError(mailboxId);
    }
    return then;
  }

  /** Who wrote what a mailbox came to at just that time; undefined when it was no change of the mailbox itself. */
  async writerAt(tenant: TenantId, mailboxId: string, at: number): Promise<Authorship | undefined> {
    return this.database.read(async (session) => {
      const changed = await session.first<HistoryRow>(writtenAt, [tenant, mailboxId, at]);
      if (changed !== undefined) {
        return { at, actor: changed.actor, requestId: changed.request_id };
      }
      const created = await session.first<Creation>(createdBy, [tenant, mailboxId]);
      return created?.created_at === at
        ? { at, actor: created.created_by, requestId: created.created_request }
        : undefined;
    });
  }

  private async entriesOfSpan(
    tenant: TenantId,
    { mailboxId, first, end, hasCreation }: UserSpan,
    { before, limit }: HistoryPage,
  ): Promise<readonly HistoryEntry[]> {
    const known = await this.known(tenant, mailboxId);
    const earlier = before === undefined ? '' : ' AND (at < ? OR (at = ? AND version < ?))';
    const position: SqlValue[] = before === undefined ? [] : [before.at, before.at, before.version];
    const rows = await this.database.read((session) =>
      session.list<HistoryRow>(
        `${ofMailbox} AND version >= ? AND version < ?${earlier} ORDER BY at DESC, version DESC LIMIT ${Math.trunc(limit)}`,
        [tenant, mailboxId, first, end, ...position],
      ),
    );
    const entries = rows.map((row) => historyEntry(historyRecord(row), known.mailbox));
    const isMissing = hasCreation && entries.length < limit && !isPassed(known.creation, before);
    return isMissing ? [...entries, await this.creation(tenant, known)] : entries;
  }

  /** The mailbox and who made it, as they were at one moment. */
  private async known(tenant: TenantId, mailboxId: string): Promise<Known> {
    for (;;) {
      const mailbox = await this.directory.byId(tenant, mailboxId);
      const creation = await this.database.read((session) => session.first<Creation>(createdBy, [tenant, mailboxId]));
      if (mailbox === undefined || creation === undefined) {
        throw new MailboxNotFoundError(mailboxId);
      }
      if (mailbox.rowVersion === creation.row_version) {
        return { mailbox, creation };
      }
    }
  }

  private async creation(tenant: TenantId, { mailbox, creation }: Known): Promise<HistoryEntry> {
    const { mailbox: first } = await this.undo(tenant, mailbox, () => true);
    const { created_at: at, created_by: actor, created_request: requestId } = creation;
    return rebuiltEntry({ at, actor, requestId }, first, mailbox);
  }

  /** Takes changes back while the test holds; `oldest` is the first one that stays, undefined when none is known. */
  private async undo(
    tenant: TenantId,
    mailbox: Mailbox,
    isToGo: (record: HistoryRecord) => boolean,
  ): Promise<{ readonly mailbox: Mailbox; readonly oldest: HistoryRecord | undefined }> {
    let current = mailbox;
    for (;;) {
      const values = [tenant, mailbox.id, current.rowVersion + 1];
      const rows = await this.database.read((session) => session.all<HistoryRow>(olderThan, values));
      for (const record of rows.map(historyRecord)) {
        const isNext = record.version === current.rowVersion;
        if (!isNext || !isToGo(record)) {
          return { mailbox: current, oldest: isNext ? record : undefined };
        }
        current = { ...undone(current, record), rowVersion: record.version - 1 };
      }
      if (rows.length < recordsPerRead) {
        return { mailbox: current, oldest: undefined };
      }
    }
  }
}

function isPassed({ created_at: at }: Creation, before: HistoryPosition | undefined): boolean {
  return before !== undefined && (before.at < at || (before.at === at && before.version <= 1));
}
