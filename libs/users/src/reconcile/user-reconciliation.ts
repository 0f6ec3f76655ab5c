import { Database, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail } from '@cleanmail/journal';
import {
  AddressRefusedError,
  differencesFromUser,
  MailboxDirectory,
  MailboxProvisioning,
  type MappingContext,
  readMailPolicy,
  Reconciler,
  type ServiceTraits,
} from '@cleanmail/mailboxes';
import { Injectable } from '@nestjs/common';
import { mailFacts } from '../mail-facts.js';
import { type User, userNameOf } from '../user.js';
import { UserRepository } from '../user.repository.js';
import type { ReconciledPart, RepairedDifference, UserDifference } from './user-difference.js';

/** Where a part begins, and how many users or mailboxes it looks at. */
export interface ReconcilePlace {
  /** `users:` or `mailboxes:` and the id of the last one of the part before. */
  readonly after?: string;
  readonly limit: number;
}

/** What a repair may do. */
export interface RepairOptions {
  readonly traits: ServiceTraits;
  /** Also ends mailboxes whose user there is not, as if the user were deleted now: their data goes into retention. */
  readonly removesExtra: boolean;
}

interface Orphan {
  readonly id: string;
  readonly scim_user_id: string;
}

const mailboxRange = 'SELECT id FROM mailbox_account WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT';
const orphans = `
  SELECT m.id, m.scim_user_id FROM mailbox_account m LEFT JOIN scim_user u ON u.tenant_id = m.tenant_id AND u.id = m.scim_user_id
   WHERE m.tenant_id = ? AND m.id >= ? AND m.id <= ? AND m.scim_user_id IS NOT NULL AND u.id IS NULL ORDER BY m.id`;

/**
 * Whether every user has the mailbox that follows from it, every mailbox its user, and gateways what follows from the
 * mailbox: part by part, in tenants of any size. Repairs have the services do again what they would have done.
 */
@Injectable()
export class UserReconciliation {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly directory: MailboxDirectory,
    private readonly provisioning: MailboxProvisioning,
    private readonly reconciler: Reconciler,
    private readonly audit: AuditTrail,
  ) {}

  /** Looks at a part. What seems to differ is looked at again: a user may have been changed between two statements. */
  async find(tenant: TenantId, { after = 'users:', limit }: ReconcilePlace): Promise<ReconciledPart> {
    const [phase = '', last = ''] = after.split(':');
    return phase === 'users' ? this.findByUsers(tenant, last, limit) : this.findByMailboxes(tenant, last, limit);
  }

  /** Looks at a part and repairs what it finds, each in a transaction of its own, with an audit entry. */
  async repair(
    tenant: TenantId,
    actor: Actor,
    place: ReconcilePlace,
    options: RepairOptions,
  ): Promise<ReconciledPart<RepairedDifference>> {
    const { differences, ...part } = await this.find(tenant, place);
    const repaired: RepairedDifference[] = [];
    for (const difference of differences) {
      const problem = await this.repairOne(tenant, actor, difference, options);
      repaired.push({
        ...difference,
        isRepaired: problem === undefined,
        ...(problem === undefined ? {} : { problem }),
      });
    }
    return { ...part, differences: repaired };
  }

  private async findByUsers(tenant: TenantId, after: string, limit: number): Promise<ReconciledPart> {
    const users = await this.database.read((session) => this.users.listAfter(tenant, session, { after, limit }));
    const seeming = await this.differencesOf(tenant, users);
    const ids = new Set(seeming.map(({ userId }) => userId));
    const again = await this.readAgain(
      tenant,
      users.filter(({ id }) => ids.has(id)),
    );
    const last = users.at(-1);
    const next = users.length < limit || last === undefined ? 'mailboxes:' : `users:${last.id}`;
    return { differences: await this.differencesOf(tenant, again), users: users.length, mailboxes: 0, next };
  }

  private async readAgain(tenant: TenantId, users: readonly User[]): Promise<readonly User[]> {
    const found = await this.database.read(async (session) => {
      const read: (User | undefined)[] = [];
      for (const { id } of users) {
        read.push(await this.users.findById(tenant, session, id));
      }
      return read;
    });
    return found.filter((user) => user !== undefined);
  }

  private async differencesOf(tenant: TenantId, users: readonly User[]): Promise<readonly UserDifference[]> {
    const mailboxes = await this.directory.byUsers(
      tenant,
      users.map(({ id }) => id),
    );
    const policy = await this.database.read((session) => readMailPolicy(tenant, session));
    const byUser = new Map(mailboxes.map((mailbox) => [mailbox.scimUserId, mailbox]));
    return users.flatMap((user): readonly UserDifference[] => {
      const mailbox = byUser.get(user.id);
      const about = { userId: user.id, subject: userNameOf(user), mailboxId: mailbox?.id ?? null };
      return mailbox === undefined
        ? [{ ...about, kind: 'userWithoutMailbox', mapping: '', source: userNameOf(user) }]
        : differencesFromUser(mailbox, mailFacts(user), policy).map(({ field, ...values }) => ({
            ...about,
            kind: field,
            ...values,
          }));
    });
  }

  private async findByMailboxes(tenant: TenantId, after: string, limit: number): Promise<ReconciledPart> {
    const ids = await this.database.read((session) =>
      session.list<{ readonly id: string }>(`${mailboxRange} ${Math.trunc(limit)}`, [tenant, after]),
    );
    const [first, last] = [ids[0]?.id, ids.at(-1)?.id];
    if (first === undefined || last === undefined) {
      return { differences: [], users: 0, mailboxes: 0 };
    }
    const lost = await this.database.read((session) => session.all<Orphan>(orphans, [tenant, first, last]));
    const differences = [
      ...lost.map(({ id, scim_user_id: userId }): UserDifference => ({
        ...{ kind: 'mailboxWithoutUser', userId, mailboxId: id, subject: `mailbox ${id}` },
        ...{ mapping: userId, source: '' },
      })),
      ...(await this.recipientDifferences(tenant, first, last)),
    ];
    const next = ids.length < limit ? {} : { next: `mailboxes:${last}` };
    return { differences, users: 0, mailboxes: ids.length, ...next };
  }

  private async recipientDifferences(tenant: TenantId, first: string, last: string): Promise<UserDifference[]> {
    const seeming = await this.reconciler.recipientProblems(tenant, { first, last });
    const confirmed = [];
    for (const id of new Set(seeming.map(({ mailboxId }) => mailboxId))) {
      confirmed.push(...(await this.reconciler.recipientProblems(tenant, { first: id, last: id })));
    }
    return confirmed.map(({ mailboxId, problem }) => ({
      ...{ kind: 'recipients', userId: null, mailboxId, subject: problem, mapping: '', source: '' },
    }));
  }

  /** Undefined when it was repaired, or need not be any more; else why not. */
  private async repairOne(
    tenant: TenantId,
    actor: Actor,
    { kind, userId, mailboxId }: UserDifference,
    { traits, removesExtra }: RepairOptions,
  ): Promise<string | undefined> {
    if (kind === 'recipients') {
      await this.reconciler.rewriteRecipients(tenant, actor, mailboxId ?? '');
      return undefined;
    }
    if (kind === 'mailboxWithoutUser' && !removesExtra) {
      return 'ends a mailbox: only with removeExtra';
    }
    const context: MappingContext = {
      traits,
      cause: { actor: actor.name, requestId: actor.requestId, at: Date.now() },
    };
    const outcome = await this.database
      .write((session) => this.apply(tenant, session, actor, { kind, userId: userId ?? '' }, context))
      .catch((error: unknown) => {
        if (error instanceof AddressRefusedError) {
          return error.message;
        }
        throw error;
      });
    if (typeof outcome === 'string') {
      return outcome;
    }
    this.provisioning.warnIfTripped(tenant, outcome);
    return undefined;
  }

  /** What the user's next request would do, on the user as it is now. */
  private async apply(
    tenant: TenantId,
    session: Parameters<Parameters<Database['write']>[0]>[0],
    actor: Actor,
    { kind, userId }: Pick<UserDifference, 'kind'> & { readonly userId: string },
    context: MappingContext,
  ) {
    const user = await this.users.findForUpdate(tenant, session, userId);
    await this.audit.record(tenant, session, actor, {
      action: 'reconcile.repair',
      target: userId,
      details: { field: kind },
    });
    return user === undefined
      ? this.provisioning.userDeleted(tenant, session, userId, context)
      : this.provisioning.userChanged(tenant, session, mailFacts(user), context);
  }
}
