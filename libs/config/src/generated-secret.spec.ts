import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readOrGenerateSecret } from './generated-secret.js';

describe(readOrGenerateSecret.name, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cleanmail-secret-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('should make a secret once, and nothing beside it', () => {
    const path = join(folder, 'below', 'a.key');
    const made = readOrGenerateSecret(path);
    expect(made).toEqual({ value: expect.stringMatching(/^[\w-]{43}$/), path, created: true });
    expect(readOrGenerateSecret(path)).toEqual({ ...made, created: false });
    expect(readdirSync(join(folder, 'below'))).toEqual(['a.key']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('should never show half a file to somebody who waits for it', async () => {
    const path = join(folder, 'watched.key');
    const seen = watchFirstContent(path);
    await seen.ready;
    const { value } = readOrGenerateSecret(path);
    expect(await seen.content).toBe(`${value}\n`);
  });
});

/** Another thread that reads the file the moment it is there. */
function watchFirstContent(path: string): { readonly ready: Promise<unknown>; readonly content: Promise<unknown> } {
  const program = `
    const { readFileSync, existsSync } = require('node:fs');
    const { parentPort, workerData } = require('node:worker_threads');
    parentPort.postMessage('ready');
    while (!existsSync(workerData)) {}
    parentPort.postMessage(readFileSync(workerData, 'utf8'));
  `;
  const worker = new Worker(program, { eval: true, workerData: path });
  const messages: ((message: unknown) => void)[] = [];
  const [ready, content] = [0, 1].map(() => new Promise((resolve) => messages.push(resolve)));
  worker.on('message', (message) => messages.shift()?.(message));
  return { ready: Promise.resolve(ready), content: Promise.resolve(content) };
}
