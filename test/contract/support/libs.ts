import { afterAll, beforeAll } from '@jest/globals';
import { parseDatabaseUrl } from '@cleanmail/config';
import { Database, migrate, newId, openDatabase, type TenantId } from '@cleanmail/database';
import {
  type Actor,
  AuditTrail,
  type ClockJob,
  Clocks,
  journalClockJobs,
  JournalModule,
  ProvisioningLog,
} from '@cleanmail/journal';
import {
  AddressExplanations,
  DnsTxtResolver,
  DomainRelease,
  DomainRegistry,
  GuardBatches,
  InactiveGrace,
  mailboxClockJobs,
  MailboxDirectory,
  MailboxesModule,
  MailboxHistory,
  MailboxImport,
  MailboxSupport,
  MailPolicies,
  MailSettlement,
  PendingMailboxes,
  Reconciler,
  RecipientFeed,
  RecipientResolver,
  SeatLedger,
  TxtResolver,
} from '@cleanmail/mailboxes';
import {
  ClientCredentials,
  DialectWatch,
  DomainTransfers,
  type ProfileName,
  tenantClockJobs,
  TenantDialects,
  TenantProfiles,
  TenantSchemasService,
  TenantsModule,
  TenantsService,
  TOKEN_PEPPER,
  TokenCache,
  TokensService,
  TokenVerifier,
} from '@cleanmail/tenants';
import {
  ErasuresService,
  GroupsService,
  ResourceSearch,
  userClockJobs,
  UserReconciliation,
  UsersModule,
  UsersService,
} from '@cleanmail/users';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createMigratedDatabaseUrl, dropDatabase, type TestEngine } from '../../support/engines/index.js';

/** The public classes of the libs, put together on one database as the service does it, without a listener. */
export interface Libs {
  readonly databaseUrl: string;
  readonly database: Database;
  readonly tenants: TenantsService;
  readonly tokens: TokensService;
  readonly dialects: TenantDialects;
  readonly watch: DialectWatch;
  readonly verifier: TokenVerifier;
  readonly credentials: ClientCredentials;
  readonly schemas: TenantSchemasService;
  readonly profiles: TenantProfiles;
  readonly users: UsersService;
  readonly groups: GroupsService;
  readonly erasures: ErasuresService;
  readonly search: ResourceSearch;
  readonly mailboxes: MailboxDirectory;
  readonly history: MailboxHistory;
  readonly explanations: AddressExplanations;
  readonly resolver: RecipientResolver;
  readonly support: MailboxSupport;
  readonly imports: MailboxImport;
  readonly reconciler: Reconciler;
  readonly userReconciliation: UserReconciliation;
  readonly policies: MailPolicies;
  readonly settlement: MailSettlement;
  readonly pending: PendingMailboxes;
  readonly seats: SeatLedger;
  readonly grace: InactiveGrace;
  readonly feed: RecipientFeed;
  readonly guard: GuardBatches;
  readonly domains: DomainRegistry;
  readonly releases: DomainRelease;
  readonly transfers: DomainTransfers;
  readonly clocks: Clocks;
  readonly jobs: readonly ClockJob[];
  readonly log: ProvisioningLog;
  readonly audit: AuditTrail;
  close(): Promise<void>;
}

/** Who acts on the admin surface in these tests. */
export const actor: Actor = { name: 'support:test', requestId: 'request-of-a-test' };

export const pepper = 'pepper-of-the-contract-tests';

/**
 * Libs on a fresh, migrated database for the surrounding `describe`; the returned function gives them once they are up.
 * `dnsServers` are asked for proofs of domains; `unverified` says why the tests may leave broken rows behind.
 */
export function libsFor(
  engine: TestEngine,
  dnsServers: () => readonly string[] = () => [],
  { unverified }: { readonly unverified?: string } = {},
): () => Libs {
  let libs: Libs | undefined;
  let databaseUrl: string | undefined;
  beforeAll(async () => {
    databaseUrl = await createMigratedDatabaseUrl(engine);
    libs = await openLibs(databaseUrl, pepper, dnsServers());
  });
  afterAll(async () => {
    await libs?.close();
    if (databaseUrl !== undefined) await dropDatabase(databaseUrl, { unverified });
  });
  return () => {
    if (libs === undefined) throw new Error('the libs did not start');
    return libs;
  };
}

/** One more node of the service on a database; it migrates first, as every node does. */
export async function openLibs(
  databaseUrl: string,
  tokenPepper: string = pepper,
  dnsServers: readonly string[] = [],
): Promise<Libs> {
  const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [] });
  await migrate(database);
  const context = await applicationContext(database, tokenPepper, dnsServers);
  const jobs = [...tenantClockJobs, ...mailboxClockJobs, ...userClockJobs, ...journalClockJobs].map((job): ClockJob =>
    context.get(job),
  );
  return {
    databaseUrl,
    database,
    tenants: context.get(TenantsService),
    tokens: context.get(TokensService),
    dialects: context.get(TenantDialects),
    watch: context.get(DialectWatch),
    verifier: context.get(TokenVerifier),
    credentials: context.get(ClientCredentials),
    schemas: context.get(TenantSchemasService),
    profiles: context.get(TenantProfiles),
    users: context.get(UsersService),
    groups: context.get(GroupsService),
    erasures: context.get(ErasuresService),
    search: context.get(ResourceSearch),
    mailboxes: context.get(MailboxDirectory),
    history: context.get(MailboxHistory),
    explanations: context.get(AddressExplanations),
    resolver: context.get(RecipientResolver),
    support: context.get(MailboxSupport),
    imports: context.get(MailboxImport),
    reconciler: context.get(Reconciler),
    userReconciliation: context.get(UserReconciliation),
    policies: context.get(MailPolicies),
    settlement: context.get(MailSettlement),
    pending: context.get(PendingMailboxes),
    seats: context.get(SeatLedger),
    grace: context.get(InactiveGrace),
    feed: context.get(RecipientFeed),
    guard: context.get(GuardBatches),
    domains: context.get(DomainRegistry),
    releases: context.get(DomainRelease),
    transfers: context.get(DomainTransfers),
    clocks: new Clocks(database, jobs),
    jobs,
    log: context.get(ProvisioningLog),
    audit: context.get(AuditTrail),
    close: async () => {
      await context.close();
      await database.close();
    },
  };
}

/** Another node on the database of `libs`; the embedded one has a single node, which then does everything twice. */
export async function withSecondNode(
  engine: TestEngine,
  libs: Libs,
  use: (second: Libs) => Promise<void>,
  dnsServers: readonly string[] = [],
): Promise<void> {
  if (engine.name === 'sqlite') return use(libs);
  const second = await openLibs(libs.databaseUrl, pepper, dnsServers);
  try {
    await use(second);
  } finally {
    await second.close();
  }
}

/** A tenant with a name of its own. */
export async function createTenant(
  { tenants }: Pick<Libs, 'tenants'>,
  {
    profile = 'cleanmail',
    domains = [],
  }: { readonly profile?: ProfileName; readonly domains?: readonly string[] } = {},
): Promise<TenantId> {
  return (await tenants.create(actor, { name: `Tenant ${newId()}`, profile, domains })).id;
}

function applicationContext(
  database: Database,
  tokenPepper: string,
  dnsServers: readonly string[],
): Promise<INestApplicationContext> {
  const providers = [
    { provide: Database, useValue: database },
    { provide: TokenCache, useValue: new TokenCache() },
    { provide: TOKEN_PEPPER, useValue: tokenPepper },
    { provide: TxtResolver, useValue: new DnsTxtResolver(dnsServers) },
  ];
  class SharedModule {}
  class ContractModule {}
  const shared = { module: SharedModule, global: true, providers, exports: providers };
  const imports = [shared, JournalModule, MailboxesModule, TenantsModule, UsersModule];
  return NestFactory.createApplicationContext({ module: ContractModule, imports }, { logger: false });
}
