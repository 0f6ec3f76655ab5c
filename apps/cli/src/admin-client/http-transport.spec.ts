import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { fakeContext } from '../spec/fake-context.js';

describe('the admin REST over HTTP', () => {
  let server: Server;
  let url: string;
  let folder: string;
  const seen: { url: string; headers: IncomingHttpHeaders }[] = [];

  beforeEach(async () => {
    seen.length = 0;
    folder = await mkdtemp(join(tmpdir(), 'cleanmail-cli-'));
    server = createServer((request, response) => {
      seen.push({ url: request.url ?? '', headers: request.headers });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[]}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  it('should send key and actor, the key from a file', async () => {
    const file = join(folder, 'key');
    await writeFile(file, 'k1\n');
    const context = fakeContext({ environment: { adminKey: 'k2' } });
    expect(
      await runCommand(['tenant', 'list', '--admin-url', `${url}/admin/v1/`, '--admin-key-file', file], context),
    ).toBe(0);
    expect(seen).toMatchObject([
      { url: '/admin/v1/tenants?limit=100', headers: { authorization: 'Bearer k1', 'x-actor': 'cli:ada' } },
    ]);
    expect(context.requests).toEqual([]);
  });

  it('should take URL and key from the environment', async () => {
    const context = fakeContext({ environment: { adminUrl: url, adminKey: 'k2' } });
    expect(await runCommand(['tenant', 'list'], context)).toBe(0);
    expect(seen[0]?.headers.authorization).toBe('Bearer k2');
  });

  it.each([
    [[], 'set ADMIN_KEY'],
    [['--admin-key-file', '/nowhere/key'], '/nowhere/key cannot be read (ENOENT)'],
  ])('should exit 2 without a key: %j', async (args, text) => {
    const context = fakeContext();
    expect(await runCommand(['tenant', 'list', '--admin-url', url, ...args], context)).toBe(2);
    expect(context.err.join('')).toContain(text);
    expect(seen).toEqual([]);
  });

  it('should exit 5 when nobody listens and 2 when the URL is none', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const environment = { adminKey: 'k' };
    const context = fakeContext({ environment });
    expect(await runCommand(['tenant', 'list', '--admin-url', url], context)).toBe(5);
    expect(context.err.join('')).toContain('ECONNREFUSED');
    expect(await runCommand(['tenant', 'list', '--admin-url', 'admin:3001'], fakeContext({ environment }))).toBe(2);
    server.listen(0);
  });
});
