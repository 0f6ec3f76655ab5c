import { type Database, openDatabaseForReading } from '@cleanmail/database';
import { AuditTrail, Outbox } from '@cleanmail/journal';
import { AddressClaims } from './address-claims.js';
import { AddressSettlement } from './address-settlement.js';
import { DomainCheck } from './domains/domain-check.js';
import { DomainClaims } from './domains/domain-claims.js';
import { DomainDuties } from './domains/domain-duties.js';
import { DomainFeed } from './domains/domain-feed.js';
import { DomainProof } from './domains/domain-proof.js';
import { DomainRegistry } from './domains/domain-registry.js';
import { DomainRelease } from './domains/domain-release.js';
import { DomainRepository } from './domains/domain.repository.js';
import { DomainTransfer } from './domains/domain-transfer.js';
import { RoleMailboxes } from './domains/role-mailboxes.js';
import { WaitingMailboxes } from './domains/waiting-mailboxes.js';
import { RecipientFeed } from './feed/recipient-feed.js';
import { MailboxHistory } from './history/mailbox-history.js';
import { MailPolicies } from './mail-policies.js';
import { MailSettlement } from './mail-settlement.js';
import { MailboxDirectory } from './mailbox-directory.js';
import { MailboxRepository } from './mailbox.repository.js';
import { MailboxSupport } from './mailbox-support.js';
import { MailboxWriter } from './mailbox-writer.js';
import { OpenClaims } from './open-claims.js';
import { PendingMailboxes } from './pending-mailboxes.js';
import { AddressExplanations } from './resolving/address-explanation.js';
import { RecipientResolver } from './resolving/recipient-resolver.js';
import { SeatLedger } from './seat-ledger.js';
import { TakenAddresses } from './taken-addresses.js';
import { TenantDomains } from './tenant-domains.js';

/** What other services use of mailboxes, put together on one database. */
export interface Mailboxes {
  readonly resolver: RecipientResolver;
  readonly feed: RecipientFeed;
  readonly directory: MailboxDirectory;
  readonly history: MailboxHistory;
  readonly explanations: AddressExplanations;
  readonly seats: SeatLedger;
  readonly policies: MailPolicies;
  readonly domains: DomainRegistry;
  readonly support: MailboxSupport;
}

/** Puts the public classes together without Nest's container, as {@link MailboxesModule} does with it. */
export function composeMailboxes(database: Database): Mailboxes {
  const outbox = new Outbox();
  const audit = new AuditTrail(database);
  const directory = new MailboxDirectory(database);
  const history = new MailboxHistory(database, directory);
  const explanations = new AddressExplanations(database, directory, history, outbox);
  const mailboxes = new MailboxRepository();
  const writer = new MailboxWriter(mailboxes, outbox);
  const openClaims = new OpenClaims(database, mailboxes, writer);
  const addresses = new AddressSettlement(new AddressClaims(), mailboxes, openClaims);
  const pending = new PendingMailboxes(database, addresses, mailboxes, writer);
  const settlement = new MailSettlement(database, mailboxes, pending, writer);
  const policies = new MailPolicies(database, settlement, audit);
  const taken = new TakenAddresses(database, pending);
  return {
    resolver: new RecipientResolver(database, explanations),
    feed: new RecipientFeed(database),
    directory,
    history,
    explanations,
    seats: new SeatLedger(database, policies),
    policies,
    domains: composeDomains(database, { outbox, audit, mailboxes, writer, openClaims, addresses, pending, settlement }),
    support: new MailboxSupport(database, mailboxes, addresses, writer, pending, taken, audit),
  };
}

interface DomainParts {
  readonly outbox: Outbox;
  readonly audit: AuditTrail;
  readonly mailboxes: MailboxRepository;
  readonly writer: MailboxWriter;
  readonly openClaims: OpenClaims;
  readonly addresses: AddressSettlement;
  readonly pending: PendingMailboxes;
  readonly settlement: MailSettlement;
}

function composeDomains(
  database: Database,
  { outbox, audit, mailboxes, writer, openClaims, addresses, pending, settlement }: DomainParts,
): DomainRegistry {
  const domains = new DomainRepository();
  const names = new TenantDomains(database, domains);
  const feed = new DomainFeed(outbox);
  const claims = new DomainClaims(mailboxes, writer);
  const roles = new RoleMailboxes(database, domains, addresses, mailboxes, writer);
  const waiting = new WaitingMailboxes(database, domains, mailboxes, pending, writer);
  const duties = new DomainDuties(database, openClaims, roles, waiting);
  const releases = new DomainRelease(database, names, domains, claims, roles, feed, settlement, audit);
  const transfers = new DomainTransfer(database, domains, claims, roles, duties, feed, settlement, audit);
  const check = new DomainCheck(database, domains, feed);
  const proof = new DomainProof();
  const registry = [database, names, domains, proof, check, duties, waiting, feed, settlement] as const;
  return new DomainRegistry(...registry, releases, transfers, audit);
}

/**
 * Opens the database of the service for another one that only reads; the engine refuses whatever would write. Nothing is
 * migrated, and SELECT on the tables that are read is all that is needed (docs/libraries.md names them).
 * @throws ConfigurationError naming DATABASE_URL when the URL is none, or the database is not there.
 */
export async function openMailboxes(
  databaseUrl: string,
  options: Parameters<typeof openDatabaseForReading>[1] = {},
): Promise<Mailboxes & { readonly database: Database; close(): Promise<void> }> {
  const database = await openDatabaseForReading(databaseUrl, options);
  return { ...composeMailboxes(database), database, close: () => database.close() };
}
