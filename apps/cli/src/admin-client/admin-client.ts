import { CommandError } from '../terminal/command-error.js';
import { adminError, isRecord } from './admin-error.js';
import type { Explanation, HistoryItem } from './history-types.js';
import type {
  ExtensionSchema,
  IssuedToken,
  LogQuery,
  Mailbox,
  MailboxChange,
  MailboxQuery,
  MailPolicy,
  NewMailbox,
  NewSchema,
  NewTenant,
  NewToken,
  ProvisionedUser,
  SchemaSummary,
  SeatInterval,
  Seats,
  Tenant,
  TenantChange,
  Token,
} from './admin-types.js';
import type { ClockRun, ClockStatus, Domain, DomainChange } from './domain-types.js';
import type { GuardBatch } from './guard-types.js';
import type { Erasure, NewErasure } from './erasure-types.js';
import type { ImportAnswer, ImportRequest, ImportRow } from './import-types.js';
import type { ReconciledPart, Recipient, RecipientsDigest, RowComparison } from './reconcile-types.js';
import type { AdminAnswer, AdminTransport } from './transport.js';

/** One page of a list and the cursor of the next one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: string;
}

/** State of one health check: `ok` is the 2xx answer, `body` what the service says about it. */
export interface Health {
  readonly ok: boolean;
  readonly status: number;
  readonly body: unknown;
}

const pageSize = 100;

/**
 * The admin REST as methods. Lists are followed by cursor. A refused request throws CommandError with the problem's
 * text as one line and the exit code of its status.
 */
export class AdminClient {
  constructor(private readonly transport: AdminTransport) {}

  createTenant(tenant: NewTenant): Promise<Tenant> {
    return this.call('POST', '/tenants', tenant);
  }

  tenants(): AsyncIterable<Tenant> {
    return this.list('/tenants');
  }

  tenant(tenantId: string): Promise<Tenant> {
    return this.call('GET', `/tenants/${segment(tenantId)}`);
  }

  changeTenant(tenantId: string, change: TenantChange): Promise<Tenant> {
    return this.call('PATCH', `/tenants/${segment(tenantId)}`, change);
  }

  async deleteTenant(tenantId: string): Promise<void> {
    await this.answer('DELETE', `/tenants/${segment(tenantId)}`);
  }

  domains(tenantId: string): AsyncIterable<Domain> {
    return this.list(`/tenants/${segment(tenantId)}/domains`);
  }

  addDomain(tenantId: string, body: { readonly domain: string; readonly vouched?: boolean }): Promise<Domain> {
    return this.call('POST', `/tenants/${segment(tenantId)}/domains`, body);
  }

  domain(tenantId: string, name: string): Promise<Domain> {
    return this.call('GET', `/tenants/${segment(tenantId)}/domains/${segment(name)}`);
  }

  changeDomain(tenantId: string, name: string, change: DomainChange): Promise<Domain> {
    return this.call('PATCH', `/tenants/${segment(tenantId)}/domains/${segment(name)}`, change);
  }

  actOnDomain(
    tenantId: string,
    name: string,
    action: 'verify' | 'suspend' | 'resume' | 'release' | 'transfer',
    body: object = {},
  ): Promise<Domain> {
    return this.call('POST', `/tenants/${segment(tenantId)}/domains/${segment(name)}/${action}`, body);
  }

  async clocks(): Promise<readonly ClockStatus[]> {
    return (await this.call<{ readonly items: readonly ClockStatus[] }>('GET', '/clocks')).items;
  }

  /** Runs the clock jobs, or one of them, and answers the runs. */
  async runClocks(job?: string): Promise<readonly ClockRun[]> {
    const body = job === undefined ? {} : { job };
    return (await this.call<{ readonly items: readonly ClockRun[] }>('POST', '/clocks/run', body)).items;
  }

  issueToken(tenantId: string, token: NewToken): Promise<IssuedToken> {
    return this.call('POST', `/tenants/${segment(tenantId)}/tokens`, token);
  }

  tokens(tenantId: string): AsyncIterable<Token> {
    return this.list(`/tenants/${segment(tenantId)}/tokens`);
  }

  async revokeToken(tenantId: string, tokenId: string): Promise<void> {
    await this.answer('DELETE', `/tenants/${segment(tenantId)}/tokens/${segment(tokenId)}`);
  }

  rotateToken(tenantId: string, tokenId: string, overlapSeconds?: number): Promise<IssuedToken> {
    const path = `/tenants/${segment(tenantId)}/tokens/${segment(tokenId)}/rotate`;
    return this.call('POST', path, overlapSeconds === undefined ? {} : { overlapSeconds });
  }

  addSchema(tenantId: string, schema: NewSchema): Promise<ExtensionSchema> {
    return this.call('POST', `/tenants/${segment(tenantId)}/schemas`, schema);
  }

  schemas(tenantId: string): AsyncIterable<SchemaSummary> {
    return this.list(`/tenants/${segment(tenantId)}/schemas`);
  }

  schema(tenantId: string, urn: string): Promise<ExtensionSchema> {
    return this.call('GET', `/tenants/${segment(tenantId)}/schemas/${segment(urn)}`);
  }

  replaceSchema(tenantId: string, urn: string, schema: NewSchema): Promise<ExtensionSchema> {
    return this.call('PUT', `/tenants/${segment(tenantId)}/schemas/${segment(urn)}`, schema);
  }

  async removeSchema(tenantId: string, urn: string): Promise<void> {
    await this.answer('DELETE', `/tenants/${segment(tenantId)}/schemas/${segment(urn)}`);
  }

  users(tenantId: string): AsyncIterable<ProvisionedUser> {
    return this.list(`/tenants/${segment(tenantId)}/users`);
  }

  mailboxes(tenantId: string, query: MailboxQuery, limit = pageSize): AsyncIterable<Mailbox> {
    return this.list(`/tenants/${segment(tenantId)}/mailboxes`, query, limit);
  }

  mailbox(tenantId: string, mailboxId: string): Promise<Mailbox> {
    return this.call('GET', `/tenants/${segment(tenantId)}/mailboxes/${segment(mailboxId)}`);
  }

  /** The mailbox as it was at an ISO 8601 instant. */
  mailboxAt(tenantId: string, mailboxId: string, at: string): Promise<Mailbox> {
    return this.call('GET', `${mailboxPath(tenantId, mailboxId)}?${new URLSearchParams({ at }).toString()}`);
  }

  /** Newest first. */
  mailboxHistory(tenantId: string, mailboxId: string): AsyncIterable<HistoryItem> {
    return this.list(`${mailboxPath(tenantId, mailboxId)}/history`);
  }

  /** Newest first. */
  userHistory(tenantId: string, userId: string): AsyncIterable<HistoryItem> {
    return this.list(`/tenants/${segment(tenantId)}/users/${segment(userId)}/history`);
  }

  /** Explains an address across tenants, or as far as it concerns one. */
  explain(address: string, tenantId?: string): Promise<Explanation> {
    const path = tenantId === undefined ? '/explain' : `/tenants/${segment(tenantId)}/explain`;
    return this.call('GET', `${path}?${new URLSearchParams({ address }).toString()}`);
  }

  createMailbox(tenantId: string, mailbox: NewMailbox): Promise<Mailbox> {
    return this.call('POST', `/tenants/${segment(tenantId)}/mailboxes`, mailbox);
  }

  /** Makes mailboxes of up to 1000 rows and answers each row in its place. */
  async importMailboxes(tenantId: string, request: ImportRequest): Promise<readonly ImportAnswer[]> {
    const path = `/tenants/${segment(tenantId)}/mailboxes/import`;
    return (await this.call<{ readonly items: readonly ImportAnswer[] }>('POST', path, request)).items;
  }

  /** What of a part of the tenant does not follow from its users. */
  reconcile(tenantId: string, place: { readonly limit: number; readonly cursor?: string }): Promise<ReconciledPart> {
    const query = new URLSearchParams({ ...place, limit: String(place.limit) });
    return this.call('GET', `${reconciliationPath(tenantId)}?${query.toString()}`);
  }

  /** Repairs what is found in a part of the tenant. */
  repair(tenantId: string, body: object): Promise<ReconciledPart> {
    return this.call('POST', reconciliationPath(tenantId), body);
  }

  /** Compares rows of a list with the mapping, each in its place. */
  async compareRows(tenantId: string, rows: readonly ImportRow[]): Promise<readonly RowComparison[]> {
    const path = `${reconciliationPath(tenantId)}/mailboxes`;
    return (await this.call<{ readonly items: readonly RowComparison[] }>('POST', path, { rows })).items;
  }

  /** What gateways should have. */
  recipients(tenantId: string, limit: number): AsyncIterable<Recipient> {
    return this.list(`${reconciliationPath(tenantId)}/recipients`, {}, limit);
  }

  recipientsDigest(tenantId: string): Promise<RecipientsDigest> {
    return this.call('GET', `${reconciliationPath(tenantId)}/digest`);
  }

  /** Changes a mailbox; with a version only that one. */
  changeMailbox(tenantId: string, mailboxId: string, change: MailboxChange, version?: number): Promise<Mailbox> {
    return this.call('PATCH', mailboxPath(tenantId, mailboxId), change, version);
  }

  restoreMailbox(tenantId: string, mailboxId: string, version?: number): Promise<Mailbox> {
    return this.call('POST', `${mailboxPath(tenantId, mailboxId)}/restore`, undefined, version);
  }

  addAlias(tenantId: string, mailboxId: string, address: string, version?: number): Promise<Mailbox> {
    return this.call('POST', `${mailboxPath(tenantId, mailboxId)}/aliases`, { address }, version);
  }

  async removeAlias(tenantId: string, mailboxId: string, address: string, version?: number): Promise<void> {
    await this.answer('DELETE', `${mailboxPath(tenantId, mailboxId)}/aliases/${segment(address)}`, undefined, version);
  }

  erasures(tenantId: string, subject?: string): AsyncIterable<Erasure> {
    return this.list(`/tenants/${segment(tenantId)}/erasures`, subject === undefined ? {} : { subject });
  }

  erasure(tenantId: string, erasureId: string): Promise<Erasure> {
    return this.call('GET', `/tenants/${segment(tenantId)}/erasures/${segment(erasureId)}`);
  }

  askErasure(tenantId: string, erasure: NewErasure): Promise<Erasure> {
    return this.call('POST', `/tenants/${segment(tenantId)}/erasures`, erasure);
  }

  actOnErasure(tenantId: string, erasureId: string, action: 'confirm' | 'cancel'): Promise<Erasure> {
    return this.call('POST', `/tenants/${segment(tenantId)}/erasures/${segment(erasureId)}/${action}`);
  }

  mailPolicy(tenantId: string): Promise<MailPolicy> {
    return this.call('GET', `/tenants/${segment(tenantId)}/mail-policy`);
  }

  changeMailPolicy(tenantId: string, change: MailPolicy): Promise<MailPolicy> {
    return this.call('PATCH', `/tenants/${segment(tenantId)}/mail-policy`, change);
  }

  seats(tenantId: string, months: number): Promise<Seats> {
    return this.call('GET', `/tenants/${segment(tenantId)}/seats?months=${months}`);
  }

  seatIntervals(
    tenantId: string,
    period: { readonly from?: string; readonly to?: string },
  ): AsyncIterable<SeatInterval> {
    return this.list(`/tenants/${segment(tenantId)}/seats/intervals`, period);
  }

  guardBatches(tenantId: string, query: { readonly status?: string }): AsyncIterable<GuardBatch> {
    return this.list(guardPath(tenantId), query);
  }

  guardBatch(tenantId: string, batchId: string): Promise<GuardBatch> {
    return this.call('GET', `${guardPath(tenantId)}/${segment(batchId)}`);
  }

  guardBatchMailboxes(tenantId: string, batchId: string): AsyncIterable<Mailbox> {
    return this.list(`${guardPath(tenantId)}/${segment(batchId)}/mailboxes`);
  }

  decideGuardBatch(tenantId: string, batchId: string, decision: 'release' | 'reject'): Promise<GuardBatch> {
    return this.call('POST', `${guardPath(tenantId)}/${segment(batchId)}/${decision}`);
  }

  /** One page of the provisioning log, newest first. */
  log(tenantId: string, query: LogQuery, limit: number, cursor?: string): Promise<Page<Record<string, unknown>>> {
    return this.page(`/tenants/${segment(tenantId)}/provisioning-log`, query, limit, cursor);
  }

  async health(check: 'live' | 'ready'): Promise<Health> {
    const { status, body } = await this.transport({ method: 'GET', path: `/health/${check}` });
    return { ok: status >= 200 && status < 300, status, body };
  }

  /** All items of a list below `/admin/v1`, followed by cursor. */
  async *list<Item>(path: string, query: object = {}, limit = pageSize): AsyncIterable<Item> {
    let cursor: string | undefined;
    do {
      const page = await this.page<Item>(path, query, limit, cursor);
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== undefined);
  }

  private async page<Item>(path: string, query: object, limit: number, cursor?: string): Promise<Page<Item>> {
    const parameters = new URLSearchParams(Object.entries(query) as [string, string][]);
    parameters.set('limit', String(limit));
    if (cursor !== undefined) parameters.set('cursor', cursor);
    const page = await this.call<{ items?: unknown; nextCursor?: unknown }>('GET', `${path}?${parameters.toString()}`);
    if (!Array.isArray(page.items)) throw notTheAdminApi();
    return {
      items: page.items as Item[],
      ...(typeof page.nextCursor === 'string' && page.nextCursor !== '' ? { nextCursor: page.nextCursor } : {}),
    };
  }

  /** One call below `/admin/v1` that answers an object. */
  async call<Body extends object>(method: string, path: string, body?: object, ifMatch?: number): Promise<Body> {
    const answer = await this.answer(method, path, body, ifMatch);
    if (!isRecord(answer.body)) throw notTheAdminApi();
    return answer.body as Body;
  }

  /** One call below `/admin/v1`; throws CommandError unless it is answered well. */
  async answer(method: string, path: string, body?: object, ifMatch?: number): Promise<AdminAnswer> {
    const answer = await this.transport({
      method,
      path: `/admin/v1${path}`,
      ...(body === undefined ? {} : { body }),
      ...(ifMatch === undefined ? {} : { ifMatch }),
    });
    if (answer.status < 200 || answer.status > 299) throw adminError(answer);
    return answer;
  }
}

function mailboxPath(tenantId: string, mailboxId: string): string {
  return `/tenants/${segment(tenantId)}/mailboxes/${segment(mailboxId)}`;
}

function reconciliationPath(tenantId: string): string {
  return `/tenants/${segment(tenantId)}/reconciliation`;
}

function guardPath(tenantId: string): string {
  return `/tenants/${segment(tenantId)}/guard-batches`;
}

function segment(value: string): string {
  return encodeURIComponent(value);
}

function notTheAdminApi(): CommandError {
  return new CommandError(
    'the answer is not one of the admin REST: is --admin-url the admin listener (ADMIN_PORT), not the SCIM one?',
  );
}
