import { existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ensureBuilt } from '../../support/built-command.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { createMigratedDatabaseUrl, dropDatabase } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { newFolder, runCommand, spawnCommand } from '../../support/service-process.js';
import { SocketmapClient } from '../../support/socketmap-client.js';

// Each test starts a process, which takes its time on a machine that is busy with other tests.
jest.setTimeout(120_000);

describe('cleanmail recipients serve', () => {
  beforeAll(ensureBuilt);

  const ports = { RECIPIENTS_PORT: '0', RECIPIENTS_STATUS_PORT: '0', LOG_LEVEL: 'silent' };

  it('should answer Postfix until SIGTERM, then keep the snapshot for its own user alone, and exit 0', async () => {
    const databaseUrl = await createMigratedDatabaseUrl(embeddedEngine());
    const folder = newFolder();
    const server = spawnCommand(['recipients', 'serve'], { ...ports, DATABASE_URL: databaseUrl, DATA_DIR: folder });
    const [, port, statusUrl] = /inet:[^:]+:(\d+):.*at (http\S+)/.exec(await server.said('metrics at http')) ?? [];
    await eventually(
      async () => (await fetch(`${statusUrl}/health/ready`)).status,
      (status) => status === 200,
      20_000,
    );
    const client = await SocketmapClient.connect({ host: '127.0.0.1', port: Number(port) });
    expect(await client.ask('recipients', 'anna@nowhere.example')).toBe('NOTFOUND ');
    server.kill('SIGTERM');
    await client.closed;
    expect(await server.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    const file = join(folder, 'recipients.snapshot');
    expect([existsSync(file), statSync(file).mode & 0o777]).toEqual([true, 0o600]);
    await dropDatabase(databaseUrl);
  });

  it('should name what is wrong with its configuration in one line', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { readonly port: number };
    for (const [variable, value] of [
      ['RECIPIENTS_PORT', String(port)],
      ['RECIPIENTS_POLL_MILLISECONDS', '1'],
    ] as const) {
      const { code, stderr } = await runCommand(['recipients', 'serve'], { ...ports, [variable]: value });
      expect([variable, code]).toEqual([variable, 1]);
      expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(variable)]);
    }
    taken.close();
  });
});
