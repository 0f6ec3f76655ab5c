import type { Session, TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { AddressSettlement } from './address-settlement.js';
import { readMailPolicy } from './mail-policy.js';
import { type Mailbox, type MailboxStatus, primaryAddress } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import { type MailboxChange, MailboxWriter } from './mailbox-writer.js';
import {
  type Circumstances,
  endMailbox,
  followUser,
  newMailbox,
  reviveMailbox,
  type UserFacts,
} from './transitions.js';

/** What a change of a user did to the mailbox account that belongs to it. */
export interface MappingOutcome {
  readonly mailboxId: string;
  readonly status: MailboxStatus;
  readonly reason: string | null;
}

/** What the tenant's service wants of its mailboxes, beyond the mail policy. */
export interface ServiceTraits {
  readonly erasesOnDeactivation: boolean;
}

/** On whose behalf a mailbox follows its user, and in which kind of service. */
export interface MappingContext {
  readonly traits: ServiceTraits;
  readonly cause: EventCause;
}

/**
 * Lets mailbox accounts follow SCIM users, inside the transaction that writes the user. A user is never refused for
 * an address that cannot be granted: the mailbox is then pending, with the reason.
 */
@Injectable()
export class MailboxProvisioning {
  constructor(
    private readonly settlement: AddressSettlement,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
  ) {}

  /** A user was created: a new mailbox, or the one that the same person had, or one that waited for its user. */
  async userCreated(
    tenant: TenantId,
    session: Session,
    facts: UserFacts,
    context: MappingContext,
  ): Promise<MappingOutcome> {
    const circumstances = await readCircumstances(tenant, session, context);
    const own = await this.formerMailbox(tenant, session, facts);
    const settled = await this.settlement.settle(tenant, session, facts.userName, own?.id, context.cause);
    const { grant, adopted } = settled;
    if (own !== undefined) {
      const change = { before: own, after: reviveMailbox(own, facts, grant, circumstances) };
      return this.write(tenant, session, [settled.yielded, change], circumstances, context);
    }
    const after =
      adopted === undefined
        ? newMailbox(facts, grant, circumstances)
        : followUser(adopted, facts, grant, circumstances);
    return this.write(tenant, session, [settled.yielded, { before: adopted, after }], circumstances, context);
  }

  /** A user's name, external id or activity changed; an address that cannot be granted leaves the old one in place. */
  async userChanged(
    tenant: TenantId,
    session: Session,
    facts: UserFacts,
    context: MappingContext,
  ): Promise<MappingOutcome> {
    const before = await this.mailboxes.findByUser(tenant, session, facts.userId);
    if (before === undefined) {
      return this.userCreated(tenant, session, facts, context);
    }
    const circumstances = await readCircumstances(tenant, session, context);
    const settled = hasAddress(before, facts.userName)
      ? undefined
      : await this.settlement.settle(tenant, session, facts.userName, before.id, context.cause);
    const after = followUser(before, facts, settled?.grant, circumstances);
    return this.write(tenant, session, [settled?.yielded, { before, after }], circumstances, context);
  }

  /** A user was deleted: its mailbox ends, and its data is kept until the retention clock runs out. */
  async userDeleted(
    tenant: TenantId,
    session: Session,
    userId: string,
    context: MappingContext,
  ): Promise<MappingOutcome | undefined> {
    const before = await this.mailboxes.findByUser(tenant, session, userId);
    if (before === undefined) {
      return undefined;
    }
    const circumstances = await readCircumstances(tenant, session, context);
    const change = { before, after: endMailbox(before, circumstances) };
    return this.write(tenant, session, [undefined, change], circumstances, context);
  }

  /** The deleted mailbox of the same person: only the same external id proves that it is the same one. */
  private async formerMailbox(
    tenant: TenantId,
    session: Session,
    { externalId }: UserFacts,
  ): Promise<Mailbox | undefined> {
    return externalId === null ? undefined : this.mailboxes.findDeletedByExternalId(tenant, session, externalId);
  }

  /** What another mailbox gives up is written first, so that its address is free. */
  private async write(
    tenant: TenantId,
    session: Session,
    [yielded, change]: readonly [MailboxChange | undefined, MailboxChange],
    { policy }: Circumstances,
    { cause }: MappingContext,
  ): Promise<MappingOutcome> {
    const changes = yielded === undefined ? [change] : [yielded, change];
    await this.writer.write(tenant, session, changes, policy, cause);
    const { id: mailboxId, status, statusReason: reason } = change.after;
    return { mailboxId, status, reason };
  }
}

async function readCircumstances(
  tenant: TenantId,
  session: Session,
  { traits, cause }: MappingContext,
): Promise<Circumstances> {
  return { now: cause.at, policy: await readMailPolicy(tenant, session), ...traits };
}

/** Whether the mailbox has just the address that the user asks for, so that nothing need be looked up. */
function hasAddress(mailbox: Mailbox, userName: string): boolean {
  const primary = primaryAddress(mailbox);
  return (
    primary !== undefined &&
    mailbox.wishes.length === 0 &&
    userName === `${primary.localDisplay}@${primary.domainAscii}`
  );
}
