import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A secret that lives in a file of mode 0600; `created` tells whether this call made it. */
export interface GeneratedSecret {
  readonly value: string;
  readonly path: string;
  readonly created: boolean;
}

/**
 * Reads the secret in a file, or makes one of 256 random bits. The file appears with its whole content, so two processes
 * starting at once end with the same secret.
 * @throws Error when the file is there and empty.
 */
export function readOrGenerateSecret(path: string): GeneratedSecret {
  mkdirSync(dirname(path), { recursive: true });
  const created = !existsSync(path) && create(path);
  chmodSync(path, 0o600);
  const value = readFileSync(path, 'utf8').trim();
  if (value === '') {
    throw new Error(`${path} is empty; put the secret into it, or remove it to have one made`);
  }
  return { value, path, created };
}

/** Makes the file unless another process was faster; answers whether this one made it. */
function create(path: string): boolean {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    unlinkSync(draft);
  }
}
