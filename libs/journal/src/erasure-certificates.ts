import { newId, type Session, type TenantId } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import type { EventCause } from './outbox.js';

/** An erasure: of whom, why, and which fields went. Names of fields, never their values. */
export interface Erasure {
  readonly userId: string | null;
  readonly mailboxId: string | null;
  readonly reason: 'deactivated' | 'retention' | 'request';
  readonly fields: readonly string[];
  /** The certificate's own id; a new one when absent. */
  readonly id?: string;
  /** What else proves it: ids, names of staff, counts and digests. */
  readonly proof?: Readonly<Record<string, unknown>>;
}

/** Proof that personal data was erased, written in the transaction that erases it. */
@Injectable()
export class ErasureCertificates {
  async issue(
    tenant: TenantId,
    session: Session,
    erasure: Erasure,
    { actor, requestId, at }: EventCause,
  ): Promise<void> {
    const { userId, mailboxId, reason, fields, id = newId(), proof = {} } = erasure;
    const details = JSON.stringify({ fields, ...proof });
    await session.run(
      'INSERT INTO erasure_certificate (tenant_id, id, user_id, mailbox_id, reason, actor, request_id, details, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      [tenant, id, userId, mailboxId, reason, actor.slice(0, 160), requestId.slice(0, 64), details, at],
    ); // prettier-ignore
  }
}
