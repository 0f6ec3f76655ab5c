import { Database, type Session, type TenantId } from '@cleanmail/database';
import { type Actor, type AuditAction, AuditTrail, type EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { parseAddress } from './address-codec.js';
import { AddressRefusedError } from './addresses.errors.js';
import { AddressSettlement, type Asker, type Settlement } from './address-settlement.js';
import { type Circumstances, type SourcedGrant, withAlias, withPrimary } from './grants.js';
import { readMailPolicy } from './mail-policy.js';
import { addressKey, type Mailbox, type MailboxKind, primaryAddress } from './mailbox.js';
import { MailboxRepository } from './mailbox.repository.js';
import { type MailboxChange, MailboxWriter } from './mailbox-writer.js';
import {
  AliasNotFoundError,
  MailboxChangedError,
  MailboxNotFoundError,
  MailboxStateError,
} from './mailboxes.errors.js';
import { PendingMailboxes } from './pending-mailboxes.js';
import { settleSeat } from './seat-settlement.js';
import { lostPrimaryKey, type MailboxSettings, withoutAlias, withSettings } from './support-changes.js';
import { TakenAddresses } from './taken-addresses.js';
import { blankMailbox, undeleted } from './transitions.js';

/** Which mailbox support acts on, and in which version it was seen; without one it does not matter. */
export interface MailboxTarget {
  readonly id: string;
  readonly version?: number | undefined;
}

/** A mailbox that support makes: it works at once, and becomes the mailbox of the user who comes with its address. */
export interface NewMailbox {
  readonly address: string;
  readonly kind: MailboxKind;
  readonly origin: 'manual' | 'import';
  readonly aliases: readonly string[];
}

type Step = (
  before: Mailbox,
  circumstances: Circumstances,
  session: Session,
) => Promise<{ readonly after: Mailbox; readonly yielded?: readonly MailboxChange[]; readonly details?: object }>;

/**
 * What support does to a mailbox. Each call is one transaction with its audit entry, on the mailbox as it is then: of
 * two people at once none loses the other's change, and who names the version that was seen is told when it is no longer
 * that one.
 */
@Injectable()
export class MailboxSupport {
  constructor(
    private readonly database: Database,
    private readonly mailboxes: MailboxRepository,
    private readonly settlement: AddressSettlement,
    private readonly writer: MailboxWriter,
    private readonly pending: PendingMailboxes,
    private readonly taken: TakenAddresses,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws MailboxNotFoundError, MailboxChangedError, MailboxStateError */
  async change(tenant: TenantId, actor: Actor, target: MailboxTarget, settings: MailboxSettings): Promise<void> {
    await this.act(tenant, actor, target, 'mailbox.change', async (before, circumstances) => {
      const after = withSettings(before, settings, circumstances);
      return { after, details: { before: settingsOf(before, settings), after: settingsOf(after, settings) } };
    });
  }

  /** Gives a deleted mailbox back, with the addresses that nobody else has taken. @throws MailboxStateError */
  async restore(tenant: TenantId, actor: Actor, target: MailboxTarget): Promise<void> {
    await this.act(tenant, actor, target, 'mailbox.restore', async (before, circumstances, session) => {
      if (before.status !== 'deleted') {
        throw new MailboxStateError(`The mailbox is ${before.status}; only a deleted one can be restored.`);
      }
      const restored = { ...undeleted(before, circumstances), scimActive: null };
      const lost = primaryAddress(restored) === undefined ? lostPrimaryKey(before) : undefined;
      const settled =
        lost === undefined ? undefined : await this.ask(tenant, session, lost, before.id, circumstances, actor);
      const named =
        settled === undefined
          ? restored
          : withPrimary(restored, { grant: settled.grant, source: 'admin' }, circumstances);
      return { after: settleSeat(before, named, circumstances), yielded: yieldedBy(settled) };
    });
  }

  /** @throws AddressRefusedError when the address cannot be had. */
  async addAlias(tenant: TenantId, actor: Actor, target: MailboxTarget, address: string): Promise<void> {
    await this.act(tenant, actor, target, 'mailbox.alias.add', async (before, circumstances, session) => {
      requireLiving(before);
      const settled = await this.ask(tenant, session, address, before.id, circumstances, actor);
      const grant = granted(settled);
      return {
        after: settleSeat(before, withAlias(before, grant, 'admin', circumstances.now), circumstances),
        yielded: yieldedBy(settled),
        details: { address: grant.address.key },
      };
    });
  }

  /**
   * Takes an alias away, or a former address before its time; a mailbox of the tenant that waits for it has it then.
   * @throws AliasNotFoundError
   */
  async removeAlias(tenant: TenantId, actor: Actor, target: MailboxTarget, address: string): Promise<void> {
    const parsed = parseAddress(address.trim());
    const key = typeof parsed === 'string' ? address : parsed.key;
    await this.act(tenant, actor, target, 'mailbox.alias.remove', async (before, circumstances) => {
      const after = withoutAlias(before, key, circumstances);
      if (after === undefined) {
        throw new AliasNotFoundError(address);
      }
      return { after, details: { address: key } };
    });
    await this.taken.settle(tenant, cause(actor, Date.now()), { key });
  }

  /** Makes a mailbox and answers its id. @throws AddressRefusedError when one of its addresses cannot be had; nothing is made then. */
  async create(tenant: TenantId, actor: Actor, wanted: NewMailbox): Promise<string> {
    return this.database.write(async (session) => {
      const circumstances = await readCircumstances(tenant, session);
      const blank = { ...blankMailbox(wanted, circumstances), kindFixed: true };
      const source = wanted.origin === 'import' ? 'import' : 'admin';
      const ask = (address: string) => this.ask(tenant, session, address, blank.id, circumstances, actor);
      const primary = await ask(wanted.address);
      const named = withPrimary(blank, { grant: granted(primary), source }, circumstances);
      const settlements = [primary];
      const aliases: SourcedGrant[] = [];
      for (const address of wanted.aliases) {
        const settled = await ask(address);
        settlements.push(settled);
        aliases.push({ grant: granted(settled), source });
      }
      const full = aliases.reduce(
        (mailbox, { grant }) => withAlias(mailbox, granted({ grant }), source, circumstances.now),
        named,
      );
      const after = settleSeat(blank, full, circumstances);
      const changes = [...settlements.flatMap(yieldedBy), { before: undefined, after }];
      await this.writer.write(tenant, session, changes, circumstances.policy, cause(actor, circumstances.now));
      const details = { kind: after.kind, origin: after.origin, addresses: full.addresses.map(addressKey) };
      await this.audit.record(tenant, session, actor, { action: 'mailbox.create', target: after.id, details });
      return after.id;
    });
  }

  private async act(
    tenant: TenantId,
    actor: Actor,
    { id, version }: MailboxTarget,
    action: AuditAction['action'],
    step: Step,
  ): Promise<void> {
    const freesSeat = await this.database.write(async (session) => {
      const before = await this.mailboxes.findById(tenant, session, id);
      if (before === undefined) {
        throw new MailboxNotFoundError(id);
      }
      if (version !== undefined && version !== before.rowVersion) {
        throw new MailboxChangedError(version, before.rowVersion);
      }
      const circumstances = await readCircumstances(tenant, session);
      const { after, yielded = [], details = {} } = await step(before, circumstances, session);
      const changes = [...yielded, { before, after }];
      await this.writer.write(tenant, session, changes, circumstances.policy, cause(actor, circumstances.now));
      await this.audit.record(tenant, session, actor, { action, target: id, details: { ...details } });
      return before.seat && !after.seat && circumstances.policy.seatPolicy === 'hard';
    });
    if (freesSeat) {
      await this.pending.settleSeats(tenant, cause(actor, Date.now()));
    }
  }

  private async ask(
    tenant: TenantId,
    session: Session,
    address: string,
    mailboxId: string,
    { policy, now }: Circumstances,
    actor: Actor,
  ): Promise<Settlement> {
    const asker: Asker = { mailboxId, externalId: null, policy, cause: cause(actor, now) };
    return this.settlement.settle(tenant, session, address.trim(), asker);
  }
}

/** @throws AddressRefusedError: support is told at once, where an identity provider's wish would wait. */
function granted({ grant }: Pick<Settlement, 'grant'>): Settlement['grant'] & { readonly kind: 'granted' } {
  if (grant.kind === 'parked') {
    throw new AddressRefusedError(grant.wish.wantedKey, grant.wish.reason);
  }
  return grant;
}

function requireLiving({ deletedAt, status }: Mailbox): void {
  if (deletedAt !== null) {
    throw new MailboxStateError(`The mailbox is ${status}; restore it before it is changed.`);
  }
}

function yieldedBy(settled: Settlement | undefined): readonly MailboxChange[] {
  return settled?.yielded === undefined ? [] : [settled.yielded];
}

function settingsOf(mailbox: Mailbox, changed: MailboxSettings): object {
  const { adminState, kind, legalHold, inactiveMailPolicy } = mailbox;
  const all = { adminState, kind, legalHold, inactiveMailPolicy };
  const names = Object.keys(all) as (keyof typeof all)[];
  const shown = names.filter((name) => changed[name] !== undefined).map((name) => [name, all[name]]);
  return { ...Object.fromEntries(shown), status: mailbox.status } as object;
}

async function readCircumstances(tenant: TenantId, session: Session): Promise<Circumstances> {
  return { now: Date.now(), policy: await readMailPolicy(tenant, session), erasesOnDeactivation: false };
}

function cause({ name, requestId }: Actor, at: number): EventCause {
  return { actor: name, requestId, at };
}
