import { Database, newId, type Session, type SqlValue, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import type { RequestReference } from './provisioning-log-entry.js';
import { leastIdOf } from './retention/retention.js';

/** Who does something on the admin surface, and in which request. */
export interface Actor {
  readonly name: string;
  readonly requestId: string;
}

/** The name of whoever has the admin key and says no name. */
export const anonymousActor = 'admin-key';

/** What was done to what; `details` names changed fields and never holds a secret. */
export interface AuditAction {
  readonly action: string;
  readonly target: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An action as it was recorded; `at` in milliseconds since 1970, UTC. */
export interface AuditEntry extends Required<AuditAction> {
  readonly id: string;
  readonly at: number;
  readonly actor: string;
  readonly requestId: string | null;
}

interface Row extends Omit<AuditEntry, 'details' | 'requestId'> {
  readonly request_id: string | null;
  readonly details: string;
}

/** Ids carry the time of an action, which follows the beginning of its request: that part of the tenant's keys is read. */
const ofRequest = `
  SELECT id, at, actor, action, target, request_id, details FROM audit_entry
   WHERE tenant_id = ? AND id >= ? AND id < ? AND request_id = ?
   ORDER BY CASE WHEN target = ? THEN 0 ELSE 1 END, id LIMIT 1`;
const earlier = 2000;
const later = 60_000;

/** The append-only trail of what support staff did; an action's row is part of the action's own transaction. */
@Injectable()
export class AuditTrail {
  constructor(private readonly database: Database) {}

  async record(tenant: TenantId, session: Session, actor: Actor, action: AuditAction): Promise<void> {
    await this.insert(tenant, session, actor, action);
  }

  /** What belongs to no tenant, such as a change of a receiver of events. */
  async recordGlobal(session: Session, actor: Actor, action: AuditAction): Promise<void> {
    await this.insert(null, session, actor, action);
  }

  private async insert(
    tenant: TenantId | null,
    session: Session,
    actor: Actor,
    { action, target, details = {} }: AuditAction,
  ): Promise<void> {
    await session.run(
      'INSERT INTO audit_entry (id, tenant_id, at, actor, action, target, request_id, details) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      [
        newId(),
        tenant,
        Date.now(),
        actor.name.slice(0, 128),
        action,
        target.slice(0, 128),
        actor.requestId.slice(0, 64),
        JSON.stringify(details),
      ],
    );
  }

  /** Newest first; `before` is the id of the last entry of the page before. */
  async list(
    tenant: TenantId,
    { before, limit }: { readonly before?: string; readonly limit: number },
  ): Promise<readonly AuditEntry[]> {
    const parameters: SqlValue[] = before === undefined ? [tenant] : [tenant, before];
    const rows = await this.database.read((session) =>
      session.list<Row>(
        `SELECT id, at, actor, action, target, request_id, details FROM audit_entry WHERE tenant_id = ?${before === undefined ? '' : ' AND id < ?'} ORDER BY id DESC LIMIT ${Math.trunc(limit)}`,
        parameters,
      ),
    );
    return rows.map(fromRow);
  }

  /** The entries of requests, in their order, of several of one request the one about the resource. */
  async ofRequests(
    tenant: TenantId,
    references: readonly RequestReference[],
  ): Promise<readonly (AuditEntry | undefined)[]> {
    return this.database.read((session) =>
      Promise.all(
        references.map(async ({ requestId, at, resourceId = '' }) => {
          const [from, to] = [leastIdOf(at - earlier), leastIdOf(at + later)];
          const row = await session.first<Row>(ofRequest, [tenant, from, to, requestId, resourceId]);
          return row === undefined ? undefined : fromRow(row);
        }),
      ),
    );
  }
}

function fromRow({ request_id: requestId, details, ...row }: Row): AuditEntry {
  return { ...row, requestId, details: JSON.parse(details) as Readonly<Record<string, unknown>> };
}
