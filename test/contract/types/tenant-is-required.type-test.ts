import type { Session } from '@cleanmail/database';
import { asTenantId } from '@cleanmail/database';
import type { EventFeed, ReceiptsService } from '@cleanmail/events';
import type { AuditTrail, EventCause, Outbox, ProvisioningLog } from '@cleanmail/journal';
import type {
  AddressExplanations,
  DomainRegistry,
  GuardBatches,
  MailboxDirectory,
  MailboxHistory,
  InactiveGrace,
  MailboxImport,
  MailboxProvisioning,
  MailboxSupport,
  MailPolicies,
  MailSettlement,
  PendingMailboxes,
  RecipientFeed,
  Reconciler,
  SeatLedger,
  TenantDomains,
  TenantMail,
  UserFacts,
} from '@cleanmail/mailboxes';
import type { SchemaRequest, TenantSchemasService, TenantsService, TokensService } from '@cleanmail/tenants';
import type { PageDirectory, ResourceSearch, UserCommand, UserReconciliation, UsersService } from '@cleanmail/users';

declare const users: UsersService;
declare const directory: PageDirectory;
declare const search: ResourceSearch;
declare const mailboxes: MailboxDirectory;
declare const history: MailboxHistory;
declare const explanations: AddressExplanations;
declare const provisioning: MailboxProvisioning;
declare const domains: TenantDomains;
declare const registry: DomainRegistry;
declare const mail: TenantMail;
declare const support: MailboxSupport;
declare const policies: MailPolicies;
declare const settlement: MailSettlement;
declare const pending: PendingMailboxes;
declare const seats: SeatLedger;
declare const grace: InactiveGrace;
declare const guard: GuardBatches;
declare const tenants: TenantsService;
declare const tokens: TokensService;
declare const schemas: TenantSchemasService;
declare const schemaRequest: SchemaRequest;
declare const log: ProvisioningLog;
declare const audit: AuditTrail;
declare const outbox: Outbox;
declare const feed: RecipientFeed;
declare const imports: MailboxImport;
declare const reconciler: Reconciler;
declare const reconciliation: UserReconciliation;
declare const events: EventFeed;
declare const receipts: ReceiptsService;
declare const session: Session;
declare const command: UserCommand;
declare const facts: UserFacts;
declare const cause: EventCause;
declare const text: string;
const actor = { name: 'a', requestId: 'r' };
const traits = { erasesOnDeactivation: false };
const entry = {} as Parameters<ProvisioningLog['append']>[1];

/** None of these compiles: a tenant is not any text, and it cannot be left out. */
export const refused = [
  // @ts-expect-error not a tenant
  () => guard.list(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => guard.get(text, text),
  // @ts-expect-error not a tenant
  () => guard.release(text, actor, text),
  // @ts-expect-error not a tenant
  () => guard.reject(actor, text),
  // @ts-expect-error not a tenant
  () => users.create(text, command, {}),
  // @ts-expect-error not a tenant
  () => users.create(command, {}),
  // @ts-expect-error not a tenant
  () => users.get(text, text),
  // @ts-expect-error not a tenant
  () => users.get(text),
  // @ts-expect-error not a tenant
  () => users.list(text, { startIndex: 1, count: 1 }),
  // @ts-expect-error not a tenant
  () => search.list(text, { startIndex: 1, count: 1 }),
  // @ts-expect-error not a tenant
  () => users.page(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => users.replace(text, command, text, {}),
  // @ts-expect-error not a tenant
  () => users.modify(text, command, text, {}),
  // @ts-expect-error not a tenant
  () => users.delete(text, command, text),
  // @ts-expect-error not a tenant
  () => mailboxes.byId(text, text),
  // @ts-expect-error not a tenant
  () => mailboxes.byUser(text, text),
  // @ts-expect-error not a tenant
  () => mailboxes.byAddress(text, text),
  // @ts-expect-error not a tenant
  () => mailboxes.byAddress(text),
  // @ts-expect-error not a tenant
  () => mailboxes.byIds(text, [text]),
  // @ts-expect-error not a tenant
  () => mailboxes.addresses(text, text),
  // @ts-expect-error not a tenant
  () => mailboxes.wishes(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => mailboxes.list(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => mailboxes.list({ limit: 1 }),
  // @ts-expect-error not a tenant
  () => history.entries(text, text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => history.entriesOfUser(text, text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => history.at(text, text, 0),
  // @ts-expect-error not a tenant
  () => history.redact(text, session, text),
  // @ts-expect-error not a tenant
  () => explanations.explain(text, text),
  // @ts-expect-error not a tenant
  () => tokens.known(text, []),
  // @ts-expect-error not a tenant
  () => log.ofRequests(text, []),
  // @ts-expect-error not a tenant
  () => audit.ofRequests(text, []),
  // @ts-expect-error not a tenant
  () => provisioning.userCreated(text, session, facts, traits, cause),
  // @ts-expect-error not a tenant
  () => provisioning.userChanged(text, session, facts, traits, cause),
  // @ts-expect-error not a tenant
  () => provisioning.userDeleted(text, session, text, traits, cause),
  // @ts-expect-error not a tenant
  () => domains.claim(text, session, [], 0),
  // @ts-expect-error not a tenant
  () => domains.list(text),
  // @ts-expect-error not a tenant
  () => domains.listOf([text]),
  // @ts-expect-error not a tenant
  () => domains.releaseAll(text, session),
  // @ts-expect-error not a tenant
  () => registry.add(text, actor, { domain: text }),
  // @ts-expect-error not a tenant
  () => registry.list(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => registry.get(text, text),
  // @ts-expect-error not a tenant
  () => registry.verify(text, actor, text),
  // @ts-expect-error not a tenant
  () => registry.recheck(text, actor, text),
  // @ts-expect-error not a tenant
  () => registry.release(text, actor, text),
  // @ts-expect-error not a tenant
  () => registry.transfer(asTenantId(text), actor, text, text),
  // @ts-expect-error not a tenant
  () => mail.open(text, session, [], 0),
  // @ts-expect-error not a tenant
  () => mail.close(text, cause),
  // @ts-expect-error not a tenant
  () => support.change(text, actor, { id: text }, {}),
  // @ts-expect-error not a tenant
  () => support.restore(text, actor, { id: text }),
  // @ts-expect-error not a tenant
  () => support.addAlias(text, actor, { id: text }, text),
  // @ts-expect-error not a tenant
  () => support.removeAlias(text, actor, { id: text }, text),
  // @ts-expect-error not a tenant
  () => support.create(text, actor, { address: text, kind: 'user', origin: 'manual', aliases: [] }),
  // @ts-expect-error not a tenant
  () => policies.get(text),
  // @ts-expect-error not a tenant
  () => policies.change(text, actor, {}),
  // @ts-expect-error not a tenant
  () => settlement.settle(text, cause),
  // @ts-expect-error not a tenant
  () => pending.settleSeats(text, cause),
  // @ts-expect-error not a tenant
  () => pending.retry(text, session, text, cause),
  // @ts-expect-error not a tenant
  () => seats.usage(text),
  // @ts-expect-error not a tenant
  () => seats.setLimit(text, actor, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => seats.peak(text, 0),
  // @ts-expect-error not a tenant
  () => seats.peaks(text, { from: 0, to: 1 }),
  // @ts-expect-error not a tenant
  () => seats.intervals(text, { from: 0, to: 1 }, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => grace.settleGrace(text, session, [], cause),
  // @ts-expect-error not a tenant
  () => tenants.get(text),
  // @ts-expect-error not a tenant
  () => tenants.change(text, actor, {}),
  // @ts-expect-error not a tenant
  () => tenants.close(text, actor),
  // @ts-expect-error not a tenant
  () => schemas.register(text, actor, schemaRequest),
  // @ts-expect-error not a tenant
  () => schemas.list(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => schemas.get(text, text),
  // @ts-expect-error not a tenant
  () => schemas.replace(text, actor, text, schemaRequest),
  // @ts-expect-error not a tenant
  () => schemas.retire(text, actor, text),
  // @ts-expect-error not a tenant
  () => tokens.issue(text, actor, {}),
  // @ts-expect-error not a tenant
  () => tokens.list(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => tokens.revoke(text, actor, text),
  // @ts-expect-error not a tenant
  () => tokens.rotate(text, actor, text),
  // @ts-expect-error not a tenant
  () => log.record(text, session, entry),
  // @ts-expect-error not a tenant
  () => log.append(text, entry),
  // @ts-expect-error not a tenant
  () => log.list(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => log.isRecorded(text, session, text),
  // @ts-expect-error not a tenant
  () => audit.record(text, session, actor, { action: text, target: text }),
  // @ts-expect-error not a tenant
  () => audit.list(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => outbox.append(text, session, 1, cause, []),
  // @ts-expect-error not a tenant
  () => directory.add(text, session, text),
  // @ts-expect-error not a tenant
  () => directory.remove(text, session, text),
  // @ts-expect-error not a tenant
  () => directory.count(text, session),
  // @ts-expect-error not a tenant
  () => directory.find(text, session, 1),
  // @ts-expect-error not a tenant
  () => feed.changes(text, 0),
  // @ts-expect-error not a tenant
  () => feed.snapshot(text),
  // @ts-expect-error not a tenant
  () => feed.walk(text),
  // @ts-expect-error not a tenant
  () => feed.relayDomains(text),
  // @ts-expect-error not a tenant
  () => feed.digest(text),
  // @ts-expect-error not a tenant
  () => imports.import(text, actor, []),
  // @ts-expect-error not a tenant
  () => reconciler.compareRows(text, []),
  // @ts-expect-error not a tenant
  () => reconciler.wishCounts(text),
  // @ts-expect-error not a tenant
  () => reconciler.recipients(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => reconciler.recipientProblems(text, { first: text, last: text }),
  // @ts-expect-error not a tenant
  () => reconciler.rewriteRecipients(text, actor, text),
  // @ts-expect-error not a tenant
  () => reconciliation.find(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => reconciliation.repair(text, actor, { limit: 1 }, { traits, removesExtra: false }),
  // @ts-expect-error not a tenant
  () => events.ofTenant(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => receipts.list(text, { limit: 1 }),
  // @ts-expect-error not a tenant
  () => mailboxes.byIds(text, []),
  // @ts-expect-error not a tenant
  () => mailboxes.byUsers(text, []),
  // @ts-expect-error not a tenant
  () => session.increment({ table: text, column: text }, text, 1),
];

/** The same calls with a tenant's id do. */
export const accepted = [
  () => users.get(asTenantId(text), text),
  () => users.list(asTenantId(text), { startIndex: 1, count: 1 }),
  () => search.list(asTenantId(text), { startIndex: 1, count: 1 }),
  () => mailboxes.byId(asTenantId(text), text),
  () => tokens.issue(asTenantId(text), actor, {}),
  () => log.list(asTenantId(text), { limit: 1 }),
  () => feed.changes(asTenantId(text), 0),
  () => imports.import(asTenantId(text), actor, []),
  () => reconciler.recipientProblems(asTenantId(text), { first: text, last: text }),
  () => reconciliation.repair(asTenantId(text), actor, { limit: 1 }, { traits, removesExtra: false }),
  () => events.ofTenant(asTenantId(text), { limit: 1 }),
  () => receipts.list(asTenantId(text), { limit: 1 }),
];
