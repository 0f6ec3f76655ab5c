import type { TenantId } from '@cleanmail/database';
import { ProvisioningLog, type ProvisioningLogEntry } from '@cleanmail/journal';
import { type HistoryEntry, historyPosition, MailboxHistory } from '@cleanmail/mailboxes';
import { Injectable } from '@nestjs/common';
import { type Origin, RequestOrigins, type Trace } from './request-origins.js';
import { UserNotFoundError } from './user-not-found.error.js';

/** A change of a mailbox, or a request that changed none, with where it came from. */
export interface HistoryItem {
  /** Sorts by time. */
  readonly id: string;
  readonly at: number;
  readonly requestId: string | null;
  readonly entry: HistoryEntry | undefined;
  readonly origin: Origin;
}

/** Which items to give: newest first, those before an id. */
export interface ItemPage {
  readonly before?: string;
  readonly limit: number;
}

/** What a request and the change that it made may be apart in the order by time, in milliseconds. */
const apart = 1000;

/** Puts the history of mailboxes together with the requests that made it. */
@Injectable()
export class HistoryReader {
  constructor(
    private readonly history: MailboxHistory,
    private readonly log: ProvisioningLog,
    private readonly origins: RequestOrigins,
  ) {}

  /** @throws MailboxNotFoundError */
  async ofMailbox(tenant: TenantId, mailboxId: string, page: ItemPage): Promise<readonly HistoryItem[]> {
    const position = page.before === undefined ? {} : { before: historyPosition(page.before) };
    const entries = await this.history.entries(tenant, mailboxId, { ...position, limit: page.limit });
    return this.withOrigins(tenant, entries);
  }

  /**
   * What was asked for a user and what became of its mailbox; also after its end. A request that changed the mailbox is
   * told once, with the change. @throws UserNotFoundError for a user of whom there is no trace.
   */
  async ofUser(tenant: TenantId, userId: string, { before, limit }: ItemPage): Promise<readonly HistoryItem[]> {
    const logged = await this.log.list(tenant, {
      user: userId,
      writesOnly: true,
      limit,
      ...(before === undefined ? {} : { before }),
    });
    // Also changes that stood on the page before: their requests may be on this one.
    const from = before === undefined ? undefined : historyPosition(before).at + apart;
    const position = from === undefined ? {} : { before: { at: from, version: 0 } };
    const entries = await this.history.entriesOfUser(tenant, userId, { ...position, limit: limit + 10 });
    if (before === undefined && logged.length === 0 && entries.length === 0) {
      throw new UserNotFoundError(userId);
    }
    const told = new Set(entries.map(({ requestId }) => requestId));
    const shown = entries.filter(({ id }) => before === undefined || id < before);
    const alone = logged.filter(({ requestId }) => !told.has(requestId)).map(withoutChange);
    const items = [...(await this.withOrigins(tenant, shown)), ...(await this.withTokens(tenant, alone))];
    return items.sort((a, b) => (a.id < b.id ? 1 : -1)).slice(0, limit);
  }

  private async withOrigins(tenant: TenantId, entries: readonly HistoryEntry[]): Promise<readonly HistoryItem[]> {
    const origins = await this.origins.of(tenant, entries.map(traceOf));
    return entries.map((entry, index) => {
      const { id, at, requestId } = entry;
      return { id, at, requestId, entry, origin: origins[index] ?? nothingKnown };
    });
  }

  /** The entries of the log are there already; only their tokens are not. */
  private async withTokens(tenant: TenantId, items: readonly HistoryItem[]): Promise<readonly HistoryItem[]> {
    const traces = items.map(({ at, origin }): Trace => ({ at, actor: origin.actor, requestId: null }));
    const origins = await this.origins.of(tenant, traces);
    return items.map((item, index) => ({ ...item, origin: { ...item.origin, token: origins[index]?.token } }));
  }
}

const nothingKnown: Origin = { actor: null, token: undefined, request: undefined, audit: undefined };

function withoutChange(request: ProvisioningLogEntry): HistoryItem {
  const { id, at, requestId, tokenId } = request;
  const origin = { actor: `token:${tokenId}`, token: undefined, request, audit: undefined };
  return { id, at, requestId, entry: undefined, origin };
}

/** A token acts on users, support on mailboxes. */
function traceOf({ at, actor, requestId, userId, mailboxId }: HistoryEntry): Trace {
  return { at, actor, requestId, resourceId: actor?.startsWith('token:') === true ? userId : mailboxId };
}
