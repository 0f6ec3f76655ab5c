import { Database, type Session, type TenantId } from '@cleanmail/database';
import { Outbox } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { type Authorship, MailboxHistory } from '../history/mailbox-history.js';
import { readMailPolicy } from '../mail-policy.js';
import type { Mailbox, WishReason } from '../mailbox.js';
import { MailboxDirectory } from '../mailbox-directory.js';
import { factsOf, lookUpRecipient } from './recipient-lookup.js';
import { type RecipientRule, recipientRule } from './recipient-rule.js';
import {
  type KnownRecipient,
  recipientQuestion,
  type RecipientFacts,
  type RecipientQuestion,
  type RecipientVerdict,
  resolveRecipient,
} from './resolve-recipient.js';

/** Somebody who waits for an address. */
export interface WaitingWish {
  readonly tenant: TenantId;
  readonly mailboxId: string;
  readonly role: 'primary' | 'alias';
  readonly reason: WishReason;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** Why mail for an address goes as it goes: which row, which rule, since when, by whom. */
export interface AddressExplanation {
  readonly question: RecipientQuestion;
  readonly verdict: RecipientVerdict;
  /** The tenant that owns the domain or has the address. */
  readonly tenant: TenantId | undefined;
  readonly rule: RecipientRule;
  readonly row: KnownRecipient | undefined;
  readonly mailbox: Mailbox | undefined;
  /** Who wrote the row; undefined for a row that followed a change of settings whose event is no longer kept. */
  readonly writer: Authorship | undefined;
  readonly wishes: readonly WaitingWish[];
}

interface WishRow {
  readonly tenant_id: TenantId;
  readonly mailbox_id: string;
  readonly role: WaitingWish['role'];
  readonly reason: WishReason;
  readonly first_seen: number;
  readonly last_seen: number;
}

const mostWishes = 50;
const wishes = `SELECT tenant_id, mailbox_id, role, reason, first_seen, last_seen FROM mailbox_address_wish WHERE wanted_key = ? ORDER BY first_seen, mailbox_id LIMIT ${mostWishes}`;
const wishesOfTenant = `SELECT tenant_id, mailbox_id, role, reason, first_seen, last_seen FROM mailbox_address_wish WHERE wanted_key = ? AND tenant_id = ? ORDER BY first_seen, mailbox_id LIMIT ${mostWishes}`;

/** Answers support's question about an address: what a gateway does with mail for it, and why. */
@Injectable()
export class AddressExplanations {
  constructor(
    private readonly database: Database,
    private readonly directory: MailboxDirectory,
    private readonly history: MailboxHistory,
    private readonly outbox: Outbox,
  ) {}

  /** As it looks to one tenant: what others own or have is not told, and not even that they do. */
  async explain(tenant: TenantId, raw: string): Promise<AddressExplanation> {
    const question = recipientQuestion(raw);
    const [facts, waiting] = await this.database.read((session) =>
      Promise.all([lookUpRecipient(session, question), waitingFor(session, question, raw, tenant)]),
    );
    return this.explainFacts(question, factsOf(tenant, facts), waiting);
  }

  /** Across tenants, as a gateway sees it; for support of the whole platform. */
  async explainAnywhere(raw: string): Promise<AddressExplanation> {
    const question = recipientQuestion(raw);
    const [facts, waiting] = await this.database.read((session) =>
      Promise.all([lookUpRecipient(session, question), waitingFor(session, question, raw)]),
    );
    return this.explainFacts(question, facts, waiting);
  }

  private async explainFacts(
    question: RecipientQuestion,
    facts: RecipientFacts,
    waiting: readonly WaitingWish[],
  ): Promise<AddressExplanation> {
    const resolution = resolveRecipient(question, facts);
    const { verdict, row } = resolution;
    const tenant = facts.domain?.tenant ?? row?.tenant;
    if (tenant === undefined) {
      const rule = recipientRule({ question, facts, resolution, mailbox: undefined, policy: nobodysPolicy });
      return { question, verdict, tenant, rule, row, mailbox: undefined, writer: undefined, wishes: waiting };
    }
    const mailbox = row === undefined ? undefined : await this.directory.byId(tenant, row.mailboxId);
    const policy = await this.database.read((session) => readMailPolicy(tenant, session));
    const writer = row === undefined ? undefined : await this.writerOf(tenant, row);
    const rule = recipientRule({ question, facts, resolution, mailbox, policy });
    return { question, verdict, tenant, rule, row, mailbox, writer, wishes: waiting };
  }

  /** A change of the mailbox itself is in its history for ever; one of the tenant's settings has only its event. */
  private async writerOf(
    tenant: TenantId,
    { mailboxId, changedAt, version }: KnownRecipient,
  ): Promise<Authorship | undefined> {
    return (
      (await this.history.writerAt(tenant, mailboxId, changedAt)) ??
      (await this.database.read((session) => this.outbox.causeOf(tenant, session, version)))
    );
  }
}

const nobodysPolicy = { inactiveMailPolicy: 'reject' } as const;

async function waitingFor(
  session: Session,
  { keys }: RecipientQuestion,
  raw: string,
  tenant?: TenantId,
): Promise<readonly WaitingWish[]> {
  // A text that is no address stands in the wish as it was given.
  const key = keys[0] ?? raw.slice(0, 512);
  const rows =
    tenant === undefined
      ? await session.all<WishRow>(wishes, [key])
      : await session.all<WishRow>(wishesOfTenant, [key, tenant]);
  return rows.map((row) => ({
    tenant: row.tenant_id,
    mailboxId: row.mailbox_id,
    role: row.role,
    reason: row.reason,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
  }));
}
