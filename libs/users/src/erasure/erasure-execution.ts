import { Database, databaseTime, type Session, StaleRowError, type TenantId } from '@cleanmail/database';
import { ErasureCertificates, type ErasedPerson, type EventCause, JournalErasure } from '@cleanmail/journal';
import { type Mailbox, MailboxErasure } from '@cleanmail/mailboxes';
import { foldCase } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { GroupMemberRepository } from '../group-member.repository.js';
import type { User } from '../user.js';
import { UserRepository } from '../user.repository.js';
import type { ErasureProgress, ErasureRequest } from './erasure-request.js';
import { ErasureRequestRepository } from './erasure-request.repository.js';
import {
  addFormerNames,
  addTraces,
  digestsOf,
  type ErasureTraces,
  mentionsOf,
  withoutOthers,
} from './erasure-traces.js';

/** A user and its mailbox, by their ids. */
export interface Link {
  readonly userId: string | null;
  readonly mailboxId: string | null;
}

/** What one step found: that there is more to do, that a legal hold stands in the way, or that nothing is left. */
type Step = 'more' | 'held' | 'over';

const erasedFields = [
  'userName', 'externalId', 'profile', 'groups', 'addresses.localPart', 'wishes',
  'provisioningLog.userName', 'provisioningLog.detail', 'auditLog.details',
]; // prettier-ignore

/**
 * Carries a confirmed erasure out, in short transactions: the user and the mailboxes, then the journals, then the proof.
 * How far it is stands in the request's row, so that whoever calls it next goes on there.
 */
@Injectable()
export class ErasureExecution {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly members: GroupMemberRepository,
    private readonly mailboxes: MailboxErasure,
    private readonly journal: JournalErasure,
    private readonly requests: ErasureRequestRepository,
    private readonly certificates: ErasureCertificates,
  ) {}

  /** `held`: nothing goes on until the legal hold ends; `more`: `goesOn` said no before it was over. */
  async run(tenant: TenantId, id: string, requestId: string, goesOn: () => Promise<boolean>): Promise<Step> {
    let step: Step = 'more';
    if (await goesOn()) {
      for await (step of this.database.writeInBatches((session) => this.step(tenant, session, id, requestId))) {
        if (step !== 'more' || !(await goesOn())) {
          break;
        }
      }
    }
    return step;
  }

  /** The user and the mailbox that belong together, when one of them is known; without a lock. */
  async linkOf(tenant: TenantId, session: Session, userId: string | null, mailboxId: string | null): Promise<Link> {
    const row = await session.first<{ readonly id: string; readonly scim_user_id: string | null }>(
      `SELECT id, scim_user_id FROM mailbox_account WHERE tenant_id = ? AND ${mailboxId === null ? 'scim_user_id' : 'id'} = ?`,
      [tenant, mailboxId ?? userId],
    );
    return { userId: row?.scim_user_id ?? userId, mailboxId: row?.id ?? null };
  }

  private async step(tenant: TenantId, session: Session, id: string, requestId: string): Promise<Step> {
    const now = await databaseTime(session);
    const request = await this.requests.lock(tenant, session, id, now);
    const cause: EventCause = { actor: request?.confirmedBy ?? 'system', requestId, at: now };
    switch (request?.state) {
      case 'confirmed':
        return this.eraseAccount(tenant, session, request, cause);
      case 'erasing':
        return this.goOn(tenant, session, request, cause);
      case 'requested':
      case 'expired':
      case 'cancelled':
      case 'done':
      case undefined:
        return 'over';
    }
  }

  /** The user and its mailbox, in the order of every request: user, mailbox, counter, page directory. */
  private async eraseAccount(
    tenant: TenantId,
    session: Session,
    request: ErasureRequest,
    cause: EventCause,
  ): Promise<Step> {
    const link = await this.linkOf(tenant, session, request.userId, request.mailboxId);
    const ids = [...new Set([request.userId, link.userId])].filter((id) => id !== null).sort();
    const users: User[] = [];
    for (const id of ids) {
      const user = await this.users.findForUpdate(tenant, session, id);
      users.push(...(user === undefined ? [] : [user]));
    }
    const mailboxes = await this.mailboxes.lock(tenant, session, link.mailboxId === null ? [] : [link.mailboxId]);
    requireSameUser(mailboxes, ids);
    if (mailboxes.some(({ legalHold }) => legalHold)) {
      return 'held';
    }
    for (const user of users) {
      await this.users.delete(tenant, session, user);
      await this.members.end(tenant, session, user.id, cause.at);
    }
    await this.keepTraces(tenant, session, request, { users, mailboxes });
    await this.mailboxes.purge(tenant, session, mailboxes, cause, proofOf(request));
    for (const user of users) {
      await this.users.directory.remove(tenant, session, user.id);
    }
    return 'more';
  }

  private async goOn(tenant: TenantId, session: Session, request: ErasureRequest, cause: EventCause): Promise<Step> {
    const traces = await this.requests.traces(tenant, session, request.id);
    const formerIds = await this.mailboxes.formerOnes(tenant, session, traces.externalIds);
    if (formerIds.length > 0) {
      const mailboxes = await this.mailboxes.lock(tenant, session, formerIds);
      if (mailboxes.some(({ legalHold }) => legalHold)) {
        return 'held';
      }
      // Whoever came back meanwhile has a mailbox again, and is somebody who was provisioned after the erasure.
      const former = mailboxes.filter(({ scimUserId }) => scimUserId === null);
      await this.keepTraces(tenant, session, request, { users: [], mailboxes: former });
      await this.mailboxes.purge(tenant, session, former, cause, proofOf(request));
      return 'more';
    }
    return this.eraseJournals(tenant, session, request, traces, cause);
  }

  private async eraseJournals(
    tenant: TenantId,
    session: Session,
    request: ErasureRequest,
    traces: ErasureTraces,
    cause: EventCause,
  ): Promise<Step> {
    const person = erasedPerson(traces);
    const { progress } = request;
    const logged = await this.journal.eraseLogged(tenant, session, person);
    if (logged > 0) {
      return this.save(tenant, session, request, { logEntries: logged });
    }
    const { logAfter = '', auditAfter = '' } = progress;
    if (logAfter !== walkedThrough) {
      const { last = walkedThrough, changed } = await this.journal.eraseFailures(tenant, session, person, logAfter);
      return this.save(tenant, session, request, { logEntries: changed, logAfter: last });
    }
    if (auditAfter !== walkedThrough) {
      const { last = walkedThrough, changed } = await this.journal.eraseAudit(tenant, session, person, auditAfter);
      return this.save(tenant, session, request, { auditEntries: changed, auditAfter: last });
    }
    return this.finish(tenant, session, request, traces, cause);
  }

  private async finish(
    tenant: TenantId,
    session: Session,
    request: ErasureRequest,
    traces: ErasureTraces,
    cause: EventCause,
  ): Promise<Step> {
    const { users, mailboxes, logEntries, auditEntries } = request.progress;
    const progress: ErasureProgress = { users, mailboxes, logEntries, auditEntries };
    await this.certificates.issue(
      tenant,
      session,
      {
        ...{ id: request.id, userId: request.userId, mailboxId: request.mailboxId, reason: 'request' },
        fields: erasedFields,
        proof: { ...proofOf(request), counts: progress, subjects: digestsOf(tenant, traces) },
      },
      cause,
    );
    // A reason that was without a name when it was given may have one by now.
    const reason = mentionsOf(traces)(request.reason) ? '[erased]' : request.reason;
    await this.requests.setTraces(tenant, session, request.id, null);
    await this.requests.update(tenant, session, { ...request, reason, state: 'done', completedAt: cause.at, progress });
    return 'over';
  }

  /** Remembers what identifies the person, until the journals are done; what has passed on to others is not among it. */
  private async keepTraces(
    tenant: TenantId,
    session: Session,
    request: ErasureRequest,
    { users, mailboxes }: { readonly users: readonly User[]; readonly mailboxes: readonly Mailbox[] },
  ): Promise<void> {
    const known = await this.requests.traces(tenant, session, request.id);
    const mailboxIds = mailboxes.map(({ id }) => id);
    const formerUsers = await this.mailboxes.formerUsers(tenant, session, mailboxIds);
    const asked = request.userId === null ? [] : [request.userId];
    const userIds = [...new Set([...known.userIds, ...formerUsers, ...asked])];
    const names = await this.journal.namesOf(tenant, session, userIds);
    const all = addFormerNames(addTraces({ ...known, userIds }, users, mailboxes), names);
    const keys = all.texts.map((text) => foldCase(text));
    const traces = withoutOthers(all, [
      ...(await this.users.takenNames(tenant, session, keys)),
      ...(await this.mailboxes.heldByOthers(tenant, session, keys, mailboxIds)),
    ]);
    const living = mailboxes.filter(({ status }) => status !== 'purged').length;
    const counts = { users: users.length, mailboxes: living };
    await this.save(tenant, session, { ...request, state: 'erasing' }, counts);
    await this.requests.setTraces(tenant, session, request.id, traces);
    await this.requests.addSubjects(tenant, session, request.id, digestsOf(tenant, traces));
  }

  /** Adds to the counts, and sets how far the walks are. */
  private async save(
    tenant: TenantId,
    session: Session,
    request: ErasureRequest,
    { users = 0, mailboxes = 0, logEntries = 0, auditEntries = 0, ...walks }: Partial<ErasureProgress>,
  ): Promise<Step> {
    const { progress } = request;
    const next: ErasureProgress = {
      ...progress,
      ...walks,
      users: progress.users + users,
      mailboxes: progress.mailboxes + mailboxes,
      logEntries: progress.logEntries + logEntries,
      auditEntries: progress.auditEntries + auditEntries,
    };
    await this.requests.update(tenant, session, { ...request, progress: next });
    return 'more';
  }
}

/** Behind every id. */
const walkedThrough = '~';

function requireSameUser(mailboxes: readonly Mailbox[], userIds: readonly string[]): void {
  if (mailboxes.some(({ scimUserId }) => scimUserId !== null && !userIds.includes(scimUserId))) {
    throw new StaleRowError('the mailbox got another user meanwhile');
  }
}

function proofOf({ id, requestedBy, confirmedBy }: ErasureRequest): Readonly<Record<string, unknown>> {
  return { erasureId: id, requestedBy, confirmedBy };
}

function erasedPerson(traces: ErasureTraces): ErasedPerson {
  return {
    resourceIds: traces.userIds,
    userNameKeys: traces.userNames.map((name) => foldCase(name.slice(0, 512)).slice(0, 640)),
    mentions: mentionsOf(traces),
  };
}
