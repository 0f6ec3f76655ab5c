import { Database, databaseTime, DuplicateKeyError, forUpdate, newId, type Session } from '@cleanmail/database';
import { type Actor, AuditTrail } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import type { Receiver, ReceiverFormat, SealedReceiver } from './receiver.js';
import { ReceiverRepository } from './receiver.repository.js';
import { ReceiverSecrets } from './receiver-secrets.js';
import { InvalidReceiverError, ReceiverExistsError, ReceiverNotFoundError } from './receivers.errors.js';
import { AddressPolicy } from './sending/address-policy.js';

/** A receiver as it is asked for. */
export interface NewReceiver {
  readonly name: string;
  /** None for a service that fetches its events. */
  readonly url?: string;
  readonly format?: ReceiverFormat;
  readonly tenants?: readonly string[];
  readonly types?: readonly string[];
  readonly concurrency?: number;
  /** With what it begins: what happens from now on, or all that is still kept. */
  readonly start?: 'now' | 'horizon';
}

/** What may be changed of a receiver; null for a list means all. */
export interface ReceiverChange {
  readonly name?: string;
  readonly url?: string;
  readonly status?: 'active' | 'paused';
  readonly tenants?: readonly string[] | null;
  readonly types?: readonly string[] | null;
  readonly concurrency?: number;
}

/** A receiver with its secret, which is shown this once. */
export interface IssuedReceiver {
  readonly receiver: Receiver;
  readonly secret: string;
}

const defaultConcurrency = 8;

/** Receivers of events: every change is audited, and secrets are kept sealed. */
@Injectable()
export class ReceiversService {
  constructor(
    private readonly database: Database,
    private readonly repository: ReceiverRepository,
    private readonly secrets: ReceiverSecrets,
    private readonly policy: AddressPolicy,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws ReceiverExistsError @throws InvalidReceiverError */
  async create(actor: Actor, wanted: NewReceiver): Promise<IssuedReceiver> {
    const { name, url, format = 'standard-webhooks', tenants = null, types = null, start = 'now' } = wanted;
    const id = newId();
    const secret = this.secrets.create();
    const kept = { url: url === undefined ? null : this.policy.requireUrl(url), tenants, types };
    const { concurrency = defaultConcurrency } = wanted;
    const receiver = await this.writing(name, async (session) => {
      const now = await databaseTime(session);
      const added: SealedReceiver = {
        ...{ id, name, format, status: 'active', concurrency, ...kept, secret: this.secrets.seal(id, secret) },
        ...{ formerSecret: null, formerUntil: null, failingSince: null, notBefore: 0, createdAt: now, updatedAt: now },
      };
      await this.repository.insert(session, added);
      const column = start === 'now' ? 'feed_version' : 'feed_horizon';
      await this.repository.startAt(session, id, column, { only: tenants, not: [] });
      await this.audit.recordGlobal(session, actor, {
        action: 'receiver.create',
        target: id,
        details: { name, format, start, host: hostOf(kept.url), tenants, types },
      });
      return added;
    });
    return { receiver: withoutSecrets(receiver), secret };
  }

  async list(): Promise<readonly Receiver[]> {
    return (await this.database.read((session) => this.repository.list(session))).map(withoutSecrets);
  }

  /** @throws ReceiverNotFoundError */
  async get(id: string): Promise<Receiver> {
    return withoutSecrets(await this.sealed(id));
  }

  /** For those who sign. @throws ReceiverNotFoundError */
  async sealed(id: string): Promise<SealedReceiver> {
    return required(await this.database.read((session) => this.repository.find(session, id)));
  }

  /** Activating begins anew: what failed before no longer counts. @throws ReceiverNotFoundError */
  async change(actor: Actor, id: string, wanted: ReceiverChange): Promise<Receiver> {
    const change: ReceiverChange = Object.fromEntries(
      Object.entries(wanted).filter(([, value]) => value !== undefined),
    );
    const url = change.url === undefined ? {} : { url: this.policy.requireUrl(change.url) };
    const begun = change.status === 'active' ? { failingSince: null, notBefore: 0 } : {};
    const changed = await this.writing(change.name ?? '', async (session) => {
      const before = required(await this.repository.find(session, id, forUpdate(session)));
      if (url.url !== undefined && before.url === null) {
        throw new InvalidReceiverError('url: this receiver fetches its events; add another one.');
      }
      const after = { ...before, ...change, ...url, ...begun, updatedAt: await databaseTime(session) };
      await this.repository.update(session, after);
      await this.startNewTenants(session, before, after);
      const details = { ...change, ...(url.url === undefined ? {} : { url: undefined, host: hostOf(url.url) }) };
      await this.audit.recordGlobal(session, actor, { action: 'receiver.change', target: id, details });
      return after;
    });
    return withoutSecrets(changed);
  }

  /** @throws ReceiverNotFoundError */
  async remove(actor: Actor, id: string): Promise<void> {
    await this.database.write(async (session) => {
      const { name } = required(await this.repository.find(session, id, forUpdate(session)));
      await this.repository.delete(session, id);
      await this.audit.recordGlobal(session, actor, { action: 'receiver.remove', target: id, details: { name } });
    });
  }

  /** A new secret; deliveries are signed with both until the overlap is over. @throws ReceiverNotFoundError */
  async rotate(actor: Actor, id: string, overlapSeconds: number): Promise<IssuedReceiver> {
    const secret = this.secrets.create();
    const receiver = await this.database.write(async (session) => {
      const before = required(await this.repository.find(session, id, forUpdate(session)));
      const now = await databaseTime(session);
      const after: SealedReceiver = {
        ...before,
        secret: this.secrets.seal(id, secret),
        formerSecret: overlapSeconds === 0 ? null : before.secret,
        formerUntil: overlapSeconds === 0 ? null : now + overlapSeconds * 1000,
        updatedAt: now,
      };
      await this.repository.update(session, after);
      await this.audit.recordGlobal(session, actor, {
        action: 'receiver.rotate',
        target: id,
        details: { overlapSeconds },
      });
      return after;
    });
    return { receiver: withoutSecrets(receiver), secret };
  }

  /** Tenants that are added later begin with what happens from now on. */
  private async startNewTenants(session: Session, before: Receiver, after: Receiver): Promise<void> {
    if (before.tenants !== null && before.tenants !== after.tenants) {
      const where = { only: after.tenants, not: before.tenants };
      await this.repository.startAt(session, before.id, 'feed_version', where);
    }
  }

  private async writing<T>(name: string, work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await this.database.write(work);
    } catch (error) {
      if (error instanceof DuplicateKeyError && error.key === 'uq_event_receiver_name') {
        throw new ReceiverExistsError(name);
      }
      throw error;
    }
  }
}

function required(receiver: SealedReceiver | undefined): SealedReceiver {
  if (receiver === undefined) {
    throw new ReceiverNotFoundError();
  }
  return receiver;
}

function withoutSecrets(receiver: SealedReceiver): Receiver {
  const { id, name, url, format, status, tenants, types, concurrency, ...rest } = receiver;
  const { failingSince, notBefore, createdAt, updatedAt, formerUntil } = rest;
  return {
    ...{ id, name, url, format, status, tenants, types, concurrency },
    ...{ failingSince, notBefore, createdAt, updatedAt, formerUntil },
  };
}

/** URLs may hold a credential in their path or query: of one that is told elsewhere only the host is. */
function hostOf(url: string | null): string | null {
  return url === null ? null : new URL(url).host;
}
