import { Database, databaseTime, newId, type Session, type TenantId } from '@cleanmail/database';
import { type Actor, anonymousActor, AuditTrail } from '@cleanmail/journal';
import { type Mailbox, MailboxErasure, MailboxNotFoundError } from '@cleanmail/mailboxes';
import { foldCase } from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import type { User } from '../user.js';
import { UserRepository } from '../user.repository.js';
import { ErasureExecution } from './erasure-execution.js';
import { confirmationPeriod, type ErasureRequest, type ErasureSubject, noProgress } from './erasure-request.js';
import { ErasureRequestRepository } from './erasure-request.repository.js';
import { addTraces, mentionsOf, noTraces, subjectDigests } from './erasure-traces.js';
import {
  ActorRequiredError,
  ErasureActorError,
  ErasureNotFoundError,
  ErasureStateError,
  InvalidErasureError,
  LegalHoldError,
  UserNotFoundError,
} from './erasures.errors.js';

/** Which erasures are listed; `subject` is a userName, an address or an external id of somebody who was erased. */
export interface ErasureQuery {
  readonly after?: string;
  readonly limit: number;
  readonly subject?: string;
}

interface Person {
  readonly userId: string | null;
  readonly user: User | undefined;
  /** The mailbox of the person, first, and those that the same person had before. */
  readonly mailboxes: readonly Mailbox[];
}

/** How long a confirmation waits for the work, in milliseconds; a clock job goes on with what is left. */
const patience = 10_000;

/** Erasure on request: one member of the staff asks, another confirms, and what was erased is proved and never kept. */
@Injectable()
export class ErasuresService {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly mailboxes: MailboxErasure,
    private readonly requests: ErasureRequestRepository,
    private readonly execution: ErasureExecution,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws InvalidErasureError, ActorRequiredError, UserNotFoundError, MailboxNotFoundError, LegalHoldError, ErasureStateError */
  async ask(tenant: TenantId, actor: Actor, subject: ErasureSubject, reason: string): Promise<ErasureRequest> {
    requireNamed(actor);
    return this.database.write(async (session) => {
      const { userId, user, mailboxes } = await this.find(tenant, session, subject);
      requireNoHold(mailboxes);
      requireNameless(reason, user, mailboxes);
      const now = await databaseTime(session);
      const about = { userId, mailboxId: mailboxes[0]?.id ?? null };
      const open = await this.requests.findOpen(tenant, session, about, now);
      if (open !== undefined) {
        throw new ErasureStateError(`The erasure ${open.id} of the same person is ${open.state} already.`);
      }
      const request: ErasureRequest = {
        ...{ id: newId(), ...about, reason, state: 'requested', requestedBy: actor.name, requestedAt: now },
        ...{ expiresAt: now + confirmationPeriod, confirmedBy: null, confirmedAt: null, cancelledBy: null },
        ...{ cancelledAt: null, completedAt: null, progress: noProgress },
      };
      await this.requests.insert(tenant, session, request);
      await this.record(tenant, session, actor, 'erasure.request', request);
      return request;
    });
  }

  /**
   * Confirms and erases. One who repeats a confirmation gets the erasure as it is now.
   * @throws ActorRequiredError, ErasureActorError, ErasureNotFoundError, ErasureStateError, LegalHoldError
   */
  async confirm(tenant: TenantId, actor: Actor, id: string): Promise<ErasureRequest> {
    requireNamed(actor);
    await this.database.write(async (session) => {
      const now = await databaseTime(session);
      const request = await this.locked(tenant, session, id, now);
      requireAnother(actor, request);
      if (isConfirmedBy(request, actor)) {
        return;
      }
      requireRequested(request, 'confirmed');
      const subject = request.mailboxId === null ? { userId: request.userId } : { mailboxId: request.mailboxId };
      requireNoHold((await this.find(tenant, session, subject)).mailboxes);
      const confirmed: ErasureRequest = { ...request, state: 'confirmed', confirmedBy: actor.name, confirmedAt: now };
      await this.requests.update(tenant, session, confirmed);
      await this.record(tenant, session, actor, 'erasure.confirm', confirmed);
    });
    const until = performance.now() + patience;
    await this.execution.run(tenant, id, actor.requestId, async () => performance.now() < until);
    return this.get(tenant, id);
  }

  /** Takes a request back, whoever made it. @throws ActorRequiredError, ErasureNotFoundError, ErasureStateError */
  async cancel(tenant: TenantId, actor: Actor, id: string): Promise<ErasureRequest> {
    requireNamed(actor);
    return this.database.write(async (session) => {
      const now = await databaseTime(session);
      const request = await this.locked(tenant, session, id, now);
      requireRequested(request, 'cancelled');
      const cancelled: ErasureRequest = { ...request, state: 'cancelled', cancelledBy: actor.name, cancelledAt: now };
      await this.requests.update(tenant, session, cancelled);
      await this.record(tenant, session, actor, 'erasure.cancel', cancelled);
      return cancelled;
    });
  }

  /** @throws ErasureNotFoundError */
  async get(tenant: TenantId, id: string): Promise<ErasureRequest> {
    return this.database.read(async (session) =>
      found(await this.requests.find(tenant, session, id, await databaseTime(session)), id),
    );
  }

  /** In the order in which they were asked for. */
  async list(tenant: TenantId, { subject, ...page }: ErasureQuery): Promise<readonly ErasureRequest[]> {
    const digests = subject === undefined ? {} : { digests: subjectDigests(tenant, subject) };
    return this.database.read(async (session) =>
      this.requests.list(tenant, session, { ...page, ...digests }, await databaseTime(session)),
    );
  }

  private async locked(tenant: TenantId, session: Session, id: string, now: number): Promise<ErasureRequest> {
    return found(await this.requests.lock(tenant, session, id, now), id);
  }

  /** The user before the mailbox, as in every request. */
  private async find(
    tenant: TenantId,
    session: Session,
    subject: { readonly userId?: string | null | undefined; readonly mailboxId?: string | undefined },
  ): Promise<Person> {
    const { userId = null, mailboxId } = subject;
    if ((userId === null) === (mailboxId === undefined)) {
      throw new InvalidErasureError('Give either userId or mailboxId: an erasure is of one person.');
    }
    const link = await this.execution.linkOf(tenant, session, userId, mailboxId ?? null);
    if (mailboxId !== undefined && link.mailboxId === null) {
      throw new MailboxNotFoundError(mailboxId);
    }
    const user = link.userId === null ? undefined : await this.users.findForUpdate(tenant, session, link.userId);
    if (userId !== null && user === undefined) {
      throw new UserNotFoundError(userId);
    }
    const own = link.mailboxId === null ? [] : await this.mailboxes.lock(tenant, session, [link.mailboxId]);
    if (own[0]?.status === 'purged') {
      throw new ErasureStateError(`The mailbox ${own[0].id} is purged: there is nothing left to erase.`);
    }
    if (own[0]?.kind === 'role') {
      throw new InvalidErasureError(`The mailbox ${own[0].id} is one of a role, and of no person.`);
    }
    const { externalIds } = addTraces(noTraces, user === undefined ? [] : [user], own);
    const former = await this.mailboxes.formerOnes(tenant, session, externalIds);
    const others = former.filter((id) => id !== link.mailboxId);
    return { userId: link.userId, user, mailboxes: [...own, ...(await this.mailboxes.lock(tenant, session, others))] };
  }

  private async record(
    tenant: TenantId,
    session: Session,
    actor: Actor,
    action: string,
    { id, userId, mailboxId }: ErasureRequest,
  ): Promise<void> {
    await this.audit.record(tenant, session, actor, { action, target: id, details: { userId, mailboxId } });
  }
}

function found(request: ErasureRequest | undefined, id: string): ErasureRequest {
  if (request === undefined) {
    throw new ErasureNotFoundError(id);
  }
  return request;
}

/** Who acts must be told apart from others, which the holder of the key alone cannot be. */
function requireNamed({ name }: Actor): void {
  if (comparable(name) === comparable(anonymousActor)) {
    throw new ActorRequiredError();
  }
}

function requireAnother(actor: Actor, { requestedBy }: ErasureRequest): void {
  if (comparable(actor.name) === comparable(requestedBy)) {
    throw new ErasureActorError(
      `${requestedBy} asked for this erasure; somebody else must confirm it (header X-Actor, which is compared without regard to case).`,
    );
  }
}

function isConfirmedBy({ confirmedBy }: ErasureRequest, { name }: Actor): boolean {
  return confirmedBy !== null && comparable(confirmedBy) === comparable(name);
}

function requireRequested({ id, state, confirmedBy }: ErasureRequest, deed: string): void {
  if (state === 'expired') {
    throw new ErasureStateError(`The erasure ${id} was not confirmed within seven days; ask for it again.`);
  }
  if (state !== 'requested') {
    const by = confirmedBy === null ? '' : ` by ${confirmedBy}`;
    const is = state === 'cancelled' ? 'cancelled' : `confirmed${by}`;
    throw new ErasureStateError(`The erasure ${id} is ${is} already and can no longer be ${deed}.`);
  }
}

function requireNoHold(mailboxes: readonly Mailbox[]): void {
  const held = mailboxes.find(({ legalHold }) => legalHold);
  if (held !== undefined) {
    throw new LegalHoldError(held.id);
  }
}

/** The reason is kept as a part of the proof. */
function requireNameless(reason: string, user: User | undefined, mailboxes: readonly Mailbox[]): void {
  const traces = addTraces(noTraces, user === undefined ? [] : [user], mailboxes);
  if (mentionsOf(traces)(reason)) {
    throw new InvalidErasureError('reason: it is kept, so it must not name the person; give the number of the case.');
  }
}

function comparable(name: string): string {
  return foldCase(name.normalize('NFKC').trim().replaceAll(/\s+/g, ' '));
}
