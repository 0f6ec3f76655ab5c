import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const label = 'cleanmail scim cursor 1';
const saltLength = 16;
const tagLength = 16;
const keyLength = 32;
const nonceLength = 12;

/**
 * Seals the content of cursors (RFC 9865): nobody but a service with the same secret can read or make one, and it opens
 * only in the context that it was sealed in. Each cursor has a key of its own, derived from the secret and a random
 * salt, so that no number of cursors wears the secret out.
 */
export class CursorSeal {
  constructor(private readonly secret: string) {}

  /** A text of characters that a URL need not escape. */
  seal(content: string, context: string): string {
    const salt = randomBytes(saltLength);
    const { key, nonce } = this.derive(salt);
    const sealing = createCipheriv(cipher, key, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([salt, sealing.update(content, 'utf8'), sealing.final()]);
    return Buffer.concat([sealed, sealing.getAuthTag()]).toString('base64url');
  }

  /** The content; undefined for what was not sealed here, in another context, or changed since. */
  open(cursor: string, context: string): string | undefined {
    const bytes = Buffer.from(cursor, 'base64url');
    if (bytes.length < saltLength + tagLength || bytes.toString('base64url') !== cursor) {
      return undefined;
    }
    const { key, nonce } = this.derive(bytes.subarray(0, saltLength));
    const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagLength })
      .setAAD(Buffer.from(context))
      .setAuthTag(bytes.subarray(-tagLength));
    try {
      return Buffer.concat([opening.update(bytes.subarray(saltLength, -tagLength)), opening.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  private derive(salt: Buffer): { readonly key: Buffer; readonly nonce: Buffer } {
    const derived = Buffer.from(hkdfSync('sha256', this.secret, salt, label, keyLength + nonceLength));
    return { key: derived.subarray(0, keyLength), nonce: derived.subarray(keyLength) };
  }
}
