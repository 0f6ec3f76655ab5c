import { createHash, createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type JWK, SignJWT } from 'jose';
import { EVENT_SETTINGS, type EventSettings } from '../event-settings.js';
import type { FeedEvent } from '../feed/feed-event.js';
import type { Receiver } from '../receiver.js';

const label = 'cleanmail security event tokens 1';
/** RFC 8410 section 7: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');
const algorithm = 'EdDSA';

/** Events of RFC 9967 section 2.4 that say the same as one of ours. */
const scimEvents: Readonly<Record<string, string>> = {
  'mailbox.activated': 'urn:ietf:params:scim:event:prov:activate',
  'mailbox.restored': 'urn:ietf:params:scim:event:prov:activate',
  'mailbox.suspended': 'urn:ietf:params:scim:event:prov:deactivate',
  'mailbox.deleted': 'urn:ietf:params:scim:event:prov:delete',
};

/**
 * Events as security event tokens (RFC 8417) in the profile of SCIM (RFC 9967), signed with an Ed25519 key derived from
 * the pepper: every node signs with the same one.
 */
@Injectable()
export class SecurityEventTokens {
  private readonly privateKey;
  private readonly publicKey: JWK;
  private readonly issuer: string;

  constructor(@Inject(EVENT_SETTINGS) { pepper, issuer }: EventSettings) {
    const seed = Buffer.from(hkdfSync('sha256', pepper, '', label, 32));
    this.privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
    const jwk = createPublicKey(this.privateKey).export({ format: 'jwk' }) as JWK;
    const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url').slice(0, 16);
    this.publicKey = { ...jwk, kid, alg: algorithm, use: 'sig' };
    this.issuer = issuer;
  }

  /** The keys by which receivers verify tokens (RFC 7517). */
  keys(): { readonly keys: readonly JWK[] } {
    return { keys: [this.publicKey] };
  }

  /** The compact form of an event's token; `jti` is the event's id. */
  sign(event: FeedEvent, { name }: Pick<Receiver, 'name'>, now: number): Promise<string> {
    const { id, type, tenantId, version, mailboxId, userId, requestId, data } = event;
    const subject = userId === null ? `/tenants/${tenantId}` : `/Users/${userId}`;
    const standard = scimEvents[type];
    const claims = {
      txn: requestId ?? id,
      sub_id: { format: 'scim', uri: subject },
      toe: Math.floor(event.at / 1000),
      events: {
        ...(standard === undefined ? {} : { [standard]: {} }),
        [`urn:cleanmail:event:${type}`]: { tenantId, mailboxId, version, ...data },
      },
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, typ: 'secevent+jwt', kid: this.publicKey.kid ?? '' })
      .setIssuer(this.issuer)
      .setAudience(name)
      .setJti(id)
      .setIssuedAt(Math.floor(now / 1000))
      .sign(this.privateKey);
  }
}
