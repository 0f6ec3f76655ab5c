import { tokenPrefix } from '@cleanmail/tenants';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { auditEntryView, AuditEntryView, logEntryView, LogEntryView } from '../log/log.dto.js';
import { actorKind, actorKinds, type Origin } from './request-origins.js';

/** Who acted. */
export class ActorView {
  @ApiProperty({ enum: actorKinds }) readonly kind!: string;
  @ApiProperty({
    nullable: true,
    type: String,
    description: 'token:<id>, clock:<job>, or the name that support gave; null when that was not kept.',
  })
  readonly name!: string | null;
  @ApiPropertyOptional({ description: 'How the token begins.' }) readonly tokenPrefix?: string;
  @ApiPropertyOptional({ description: 'What support wrote about the token.' }) readonly tokenDescription?: string;
}

/** Who acted, why, and in which request. */
export class OriginView {
  @ApiProperty({ type: ActorView }) readonly actor!: ActorView;
  @ApiProperty({
    nullable: true,
    type: String,
    description: 'Such as "SCIM modify: active", "mailbox.change" or "clock inactive-grace"; null when no longer kept.',
  })
  readonly why!: string | null;
  @ApiProperty({ nullable: true, type: String }) readonly requestId!: string | null;
  @ApiPropertyOptional({ type: LogEntryView, description: 'The SCIM request, while its entry is kept.' })
  readonly request?: LogEntryView;
  @ApiPropertyOptional({ type: AuditEntryView, description: 'What support did, while its entry is kept.' })
  readonly audit?: AuditEntryView;
}

/** Renders where something came from. */
export function originView({ actor, token, request, audit }: Origin, requestId: string | null): OriginView {
  const description = token?.description ?? null;
  return {
    actor: {
      kind: actorKind(actor),
      name: actor,
      ...(token === undefined ? {} : { tokenPrefix: tokenPrefix(token.publicId) }),
      ...(description === null ? {} : { tokenDescription: description }),
    },
    why: whyOf({ actor, request, audit }),
    requestId,
    ...(request === undefined ? {} : { request: logEntryView(request) }),
    ...(audit === undefined ? {} : { audit: auditEntryView(audit) }),
  };
}

function whyOf({ actor, request, audit }: Pick<Origin, 'actor' | 'request' | 'audit'>): string | null {
  if (request !== undefined) {
    const about =
      request.outcome === 'failure' ? (request.detail ?? String(request.status)) : request.changes.join(', ');
    const failed = request.outcome === 'failure' ? ' failed' : '';
    return `SCIM ${request.operation}${failed}${about === '' ? '' : `: ${about}`}`;
  }
  return audit?.action ?? (actorKind(actor) === 'clock' ? (actor ?? '').replace(':', ' ') : null);
}
