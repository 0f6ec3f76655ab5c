import type { TenantId } from '@cleanmail/database';
import { type AuditEntry, AuditTrail, ProvisioningLog, type ProvisioningLogEntry } from '@cleanmail/journal';
import { type Token, TokensService } from '@cleanmail/tenants';
import { Injectable } from '@nestjs/common';

/** Something that happened, as its own record knows it. */
export interface Trace {
  readonly at: number;
  /** `token:<id>`, `clock:<job>` or the name of somebody at support; null when that was not kept. */
  readonly actor: string | null;
  readonly requestId: string | null;
  /** The user or mailbox that it was about. */
  readonly resourceId?: string | null;
}

/** Where something came from: the token behind its actor, and what is still kept of the request. */
export interface Origin {
  readonly actor: string | null;
  readonly token: Token | undefined;
  readonly request: ProvisioningLogEntry | undefined;
  readonly audit: AuditEntry | undefined;
}

const tokenActor = 'token:';
const clockActor = 'clock:';

/** The kinds of actors there are. */
export const actorKinds = ['token', 'clock', 'support', 'unknown'] as const;

/** Of which kind an actor is. */
export function actorKind(actor: string | null): (typeof actorKinds)[number] {
  if (actor === null) {
    return 'unknown';
  }
  return actor.startsWith(tokenActor) ? 'token' : actor.startsWith(clockActor) ? 'clock' : 'support';
}

/** Finds out who is behind the actors of a page, and by which requests they acted. */
@Injectable()
export class RequestOrigins {
  constructor(
    private readonly tokens: TokensService,
    private readonly log: ProvisioningLog,
    private readonly audit: AuditTrail,
  ) {}

  /** In the order of the traces. */
  async of(tenant: TenantId, traces: readonly Trace[]): Promise<readonly Origin[]> {
    const tokens = await this.tokens.known(tenant, [...new Set(traces.flatMap(({ actor }) => tokenIdOf(actor)))]);
    const references = (kind: 'token' | 'support') =>
      traces.filter(({ actor, requestId }) => actorKind(actor) === kind && requestId !== null);
    const [scim, support] = [references('token'), references('support')];
    const [requests, audits] = await Promise.all([
      this.log.ofRequests(tenant, scim.map(reference)),
      this.audit.ofRequests(tenant, support.map(reference)),
    ]);
    const requestOf = new Map(scim.map((trace, index) => [trace, requests[index]]));
    const auditOf = new Map(support.map((trace, index) => [trace, audits[index]]));
    return traces.map((trace) => ({
      actor: trace.actor,
      token: tokens.get(tokenIdOf(trace.actor)[0] ?? ''),
      request: requestOf.get(trace),
      audit: auditOf.get(trace),
    }));
  }
}

function tokenIdOf(actor: string | null): readonly string[] {
  return actor?.startsWith(tokenActor) === true ? [actor.slice(tokenActor.length)] : [];
}

function reference({ at, requestId, resourceId }: Trace) {
  return { at, requestId: requestId ?? '', ...(resourceId === null || resourceId === undefined ? {} : { resourceId }) };
}
