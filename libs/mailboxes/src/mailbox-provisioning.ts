import { allDone, type Session, soundTime, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable, Logger } from '@nestjs/common';
import { AddressClaims } from './address-claims.js';
import { AddressRequests, yieldsTo } from './address-requests.js';
import type { Circumstances } from './grants.js';
import { DeprovisionGuard, type TrippedGuard } from './guard/deprovision-guard.js';
import { readMailPolicy } from './mail-policy.js';
import type { MailboxStatus } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import { type MailboxChange, MailboxWriter } from './mailbox-writer.js';
import { endMailbox, followUser, newMailbox, reviveMailbox } from './transitions.js';
import type { UserFacts } from './user-facts.js';

/** What a change of a user did to the mailbox account that belongs to it. */
export interface MappingOutcome {
  readonly mailboxId: string;
  readonly status: MailboxStatus;
  readonly reason: string | null;
  /** The batch of leavers that was opened for it. */
  readonly tripped?: TrippedGuard;
}

/** What the tenant's service wants of its mailboxes, beyond the mail policy. */
export interface ServiceTraits {
  readonly erasesOnDeactivation: boolean;
}

/** On whose behalf a mailbox follows its user, and in which kind of service. */
export interface MappingContext {
  readonly traits: ServiceTraits;
  readonly cause: EventCause;
  /** Is waited for between what is looked up and what is written for a new user. */
  readonly turn?: Promise<void>;
  /** Writes what locks rows that even more requests share; asked for together with what the mailbox writes, behind it. */
  readonly last?: () => Promise<void>;
}

/**
 * Lets mailbox accounts follow SCIM users, inside the transaction that writes the user. A user is never refused for
 * an address or a seat that cannot be granted, unless the tenant's policy wants that: the mailbox is then pending, with
 * the reason.
 */
@Injectable()
export class MailboxProvisioning {
  private readonly logger = new Logger(MailboxProvisioning.name);

  constructor(
    private readonly claims: AddressClaims,
    private readonly requests: AddressRequests,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
    private readonly guard: DeprovisionGuard,
  ) {}

  /**
   * A user was created: a new mailbox, or the one that the same person had, or one that waited for its user.
   * @throws AddressRefusedError when the tenant's policy refuses foreign addresses.
   */
  async userCreated(
    tenant: TenantId,
    session: Session,
    facts: UserFacts,
    context: MappingContext,
  ): Promise<MappingOutcome> {
    const { settings: policy, inquiry, formerId } = await this.claims.inquireProspect(tenant, session, facts);
    await context.turn;
    const circumstances = { now: context.cause.at, policy, ...context.traits };
    // The mailbox that the same person had: only the same external id proves that it is the same one.
    const former = formerId === undefined ? undefined : await this.mailboxes.findById(tenant, session, formerId);
    // While it was not yet locked, somebody else with the same external id may have taken it, or a clock purged it.
    const own = former?.scimUserId === null && former.externalId === facts.externalId ? former : undefined;
    const asker = { own, inquiry, externalId: facts.externalId, policy, cause: context.cause };
    const { grants, adopted, yielded } = await this.requests.ask(tenant, session, facts, asker);
    const after =
      own !== undefined
        ? reviveMailbox(own, facts, grants, circumstances)
        : adopted !== undefined
          ? followUser(adopted, facts, grants, circumstances)
          : newMailbox(facts, grants, circumstances);
    return this.write(tenant, session, { yielded, change: { before: own ?? adopted, after } }, circumstances, context);
  }

  /**
   * A user's names, addresses or activity changed; an address that cannot be granted leaves the old one in place.
   * @throws AddressRefusedError when the tenant's policy refuses foreign addresses.
   */
  async userChanged(
    tenant: TenantId,
    session: Session,
    facts: UserFacts,
    context: MappingContext,
  ): Promise<MappingOutcome> {
    const [before, circumstances] = await allDone([
      this.mailboxes.findByUser(tenant, session, facts.userId),
      readCircumstances(tenant, session, context),
    ]);
    if (before === undefined) {
      return this.userCreated(tenant, session, facts, context);
    }
    const asker = { own: before, externalId: facts.externalId, policy: circumstances.policy, cause: context.cause };
    const { grants, yielded } = await this.requests.ask(tenant, session, facts, asker);
    const after = followUser(before, facts, grants, circumstances);
    return this.write(tenant, session, { yielded, change: { before, after } }, circumstances, context);
  }

  /** A user was deleted: its mailbox ends, and its data is kept until the retention clock runs out. */
  async userDeleted(
    tenant: TenantId,
    session: Session,
    userId: string,
    context: MappingContext,
  ): Promise<MappingOutcome | undefined> {
    const [before, circumstances] = await allDone([
      this.mailboxes.findByUser(tenant, session, userId),
      readCircumstances(tenant, session, context),
    ]);
    if (before === undefined) {
      await context.last?.();
      return undefined;
    }
    const change = { before, after: endMailbox(before, circumstances) };
    return this.write(tenant, session, { yielded: [], change }, circumstances, context);
  }

  /** Warns of a batch of leavers that a unit of work opened, once that is committed. */
  warnIfTripped(tenant: TenantId, outcome: Pick<MappingOutcome, 'tripped'> | undefined): void {
    if (outcome?.tripped !== undefined) {
      const { batchId, threshold } = outcome.tripped;
      this.logger.warn(
        `deprovision guard of tenant ${tenant} tripped: more than ${threshold} leavers within an hour, batch ${batchId} waits for support`,
      );
    }
  }

  /** What other mailboxes give up is written first, so that their addresses are free. */
  private async write(
    tenant: TenantId,
    session: Session,
    { yielded, change }: { readonly yielded: readonly MailboxChange[]; readonly change: MailboxChange },
    circumstances: Circumstances,
    { cause, last }: MappingContext,
  ): Promise<MappingOutcome> {
    const { change: guarded, leaver, tripped } = await this.guard.judge(tenant, session, change, circumstances);
    const changes = [...yieldsTo(guarded.after, yielded), guarded];
    await this.writer.write(tenant, session, changes, circumstances.policy, cause, { leaver, last });
    const { id: mailboxId, status, statusReason: reason } = guarded.after;
    return { mailboxId, status, reason, ...(tripped === undefined ? {} : { tripped }) };
  }
}

/** For changes that set deadlines, which clocks act on later: a node whose own clock is wrong must not set them. */
async function readCircumstances(
  tenant: TenantId,
  session: Session,
  { traits, cause }: MappingContext,
): Promise<Circumstances> {
  const [policy, now] = await allDone([readMailPolicy(tenant, session), soundTime(session, cause.at)]);
  return { now, policy, ...traits };
}
