import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A secret that lives in a file of mode 0600; `created` tells whether this call made it. */
export interface GeneratedSecret {
  readonly value: string;
  readonly path: string;
  readonly created: boolean;
}

/** Reads the secret in a file, or makes one of 256 random bits. Two processes starting at once end with the same one. */
export function readOrGenerateSecret(path: string): GeneratedSecret {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    return { value: readFileSync(path, 'utf8').trim(), path, created: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw error;
    }
    chmodSync(path, 0o600);
    return { value: readFileSync(path, 'utf8').trim(), path, created: false };
  }
}
