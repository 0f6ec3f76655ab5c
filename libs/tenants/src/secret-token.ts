import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from './crc32.js';

/**
 * A token as its holder keeps it: `cm_`, 16 characters of public id, 43 of secret (256 bits), 6 of checksum, all of
 * them letters and digits, so that a double click selects it and a scanner recognises a leaked one.
 */
export interface SecretToken {
  readonly publicId: string;
  /** The whole text, to be shown once. */
  readonly text: string;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const alphabetSet = new Set(alphabet);
const prefix = 'cm_';
const publicIdLength = 16;
const secretLength = 43;
const checksumLength = 6;
const tokenLength = prefix.length + publicIdLength + secretLength + checksumLength;

/** Makes a token from the system's random generator. */
export function generateToken(): SecretToken {
  const publicId = randomText(publicIdLength);
  const body = `${prefix}${publicId}${randomText(secretLength)}`;
  return { publicId, text: `${body}${checksum(body)}` };
}

/** The public id of a text that has a token's form and checksum; undefined costs no look into the database. */
export function publicIdOf(text: string): string | undefined {
  if (
    text.length !== tokenLength ||
    !text.startsWith(prefix) ||
    ![...text.slice(prefix.length)].every((character) => alphabetSet.has(character))
  ) {
    return undefined;
  }
  const body = text.slice(0, -checksumLength);
  return checksum(body) === text.slice(-checksumLength)
    ? body.slice(prefix.length, prefix.length + publicIdLength)
    : undefined;
}

/** What is kept of a token: HMAC-SHA-256 under the pepper, in hexadecimal. */
export function tokenHash(text: string, pepper: string): string {
  return createHmac('sha256', pepper).update(text).digest('hex');
}

/** What a token is known by within this process: quicker made than what is kept of it, and as hard to invert. */
export function tokenDigest(text: string): string {
  return hash('sha256', text, 'base64');
}

/** Compares two texts in a time that does not depend on where they differ. */
export function isSameSecret(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What support staff see of a token: enough to tell two apart. */
export function tokenPrefix(publicId: string): string {
  return `${prefix}${publicId.slice(0, 8)}…`;
}

function checksum(body: string): string {
  let rest = crc32(Buffer.from(body));
  let text = '';
  while (text.length < checksumLength) {
    text = `${alphabet[rest % alphabet.length] ?? ''}${text}`;
    rest = Math.floor(rest / alphabet.length);
  }
  return text;
}

/** Random characters, each equally likely: bytes beyond the last whole multiple of 62 are thrown away. */
function randomText(length: number): string {
  const usable = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < usable && text.length < length) {
        text += alphabet[byte % alphabet.length] ?? '';
      }
    }
  }
  return text;
}
