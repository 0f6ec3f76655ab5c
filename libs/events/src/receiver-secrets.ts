import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { EVENT_SETTINGS, type EventSettings } from './event-settings.js';

const label = 'cleanmail receiver secret 1';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Secrets of receivers, which signing needs in clear: sealed with AES-256-GCM under a key derived from the pepper, bound
 * to the receiver's id, so that the database alone gives none away.
 */
@Injectable()
export class ReceiverSecrets {
  private readonly key: Buffer;

  constructor(@Inject(EVENT_SETTINGS) { pepper }: EventSettings) {
    this.key = Buffer.from(hkdfSync('sha256', pepper, '', label, 32));
  }

  /** A new secret as Standard Webhooks write it: `whsec_` and 256 random bits in base64. */
  create(): string {
    return `whsec_${randomBytes(32).toString('base64')}`;
  }

  seal(receiverId: string, secret: string): string {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(receiverId));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** @throws Error when it was sealed under another pepper or for another receiver. */
  open(receiverId: string, sealed: string): string {
    const bytes = Buffer.from(sealed, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, nonceBytes))
      .setAAD(Buffer.from(receiverId))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
    const secret = decipher.update(bytes.subarray(nonceBytes + tagBytes));
    return Buffer.concat([secret, decipher.final()]).toString('utf8');
  }
}
