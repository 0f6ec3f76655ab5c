import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../../test/support/eventually.js';
import { SocketmapClient } from '../../../../test/support/socketmap-client.js';
import { netstring } from './netstring.js';
import { defaultLimits, SocketmapServer } from './socketmap-server.js';

const host = '127.0.0.1';

describe(SocketmapServer.name, () => {
  const server = new SocketmapServer((table, key) => `OK ${table}/${key}`);
  let port: number;
  beforeAll(async () => {
    port = await server.listen(0, host);
  });
  afterAll(() => server.close());
  const client = () => SocketmapClient.connect({ host, port });

  it('should answer requests in their order, wherever they are cut and however many come at once', async () => {
    const one = await client();
    const requests = Array.from({ length: 500 }, (_, number) => netstring(`t k ${number}`)).join('');
    const answers = Array.from({ length: 499 }, () => one.send(''));
    const first = one.send(requests.slice(0, 7));
    one.socket.write(requests.slice(7));
    expect((await Promise.all([...answers, first])).map((answer) => answer.split(' ')[2])).toEqual(
      Array.from({ length: 500 }, (_, number) => String(number)),
    );
    await one.close();
  });

  it('should close the connection of a malformed request with PERM, and harm no other', async () => {
    const healthy = await client();
    for (const bytes of [
      'hello\n',
      '5:hello;',
      'GET / HTTP/1.1\r\n\r\n',
      '-1:x,',
      '00:,',
      '\u0000\u0001',
      `${'9'.repeat(40)}:`,
    ]) {
      const broken = await client();
      expect(await broken.send(bytes)).toMatch(/^PERM a (netstring|request)/);
      await broken.closed;
    }
    expect(await healthy.ask('t', 'k')).toBe('OK t/k');
    await healthy.close();
  });

  it('should refuse keys of 100 KB before they have come, and answer what came before them', async () => {
    const one = await client();
    const long = netstring(`t ${'x'.repeat(100_000)}`);
    const answers = [one.ask('t', 'k'), one.send(long)];
    expect(await Promise.all(answers)).toEqual(['OK t/k', 'PERM a request is longer than 10000 bytes']);
    await one.closed;
  });

  it('should answer PERM to a request without a table, and go on', async () => {
    const one = await client();
    expect(await one.send(netstring('recipients'))).toMatch(/^PERM a request is/);
    expect(await one.send(netstring(''))).toMatch(/^PERM a request is/);
    expect(await one.ask('t', '')).toBe('OK t/');
    expect(await one.ask('', 'k')).toBe('OK /k');
    await one.close();
  });

  it('should serve a thousand connections', async () => {
    const clients = await Promise.all(Array.from({ length: 1000 }, client));
    const answers = await Promise.all(clients.map((each, number) => each.ask('t', `k${number}`)));
    expect(new Set(answers).size).toBe(1000);
    expect(server.connections).toBe(1000);
    clients.forEach(({ socket }) => socket.resetAndDestroy());
    const another = await client();
    expect(await another.ask('t', 'k')).toBe('OK t/k');
    await another.close();
  });

  it('should not read on from a client that does not take its answers', async () => {
    const socket = connect(port, host);
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.pause();
    const many = netstring(`t ${'x'.repeat(9000)}`).repeat(100);
    let isTaken = true;
    for (let round = 0; round < 1000 && isTaken; round += 1) isTaken = socket.write(many);
    const healthy = await client();
    expect(await healthy.ask('t', 'k')).toBe('OK t/k');
    expect(isTaken).toBe(false);
    expect(socket.bytesWritten).toBeLessThan(900_000_000);
    socket.destroy();
    await healthy.close();
  });

  it('should close connections that say nothing, and those above its limit', async () => {
    const strict = new SocketmapServer(() => 'OK ', { ...defaultLimits, idle: 40, connections: 1 });
    const where = { host, port: await strict.listen(0, host) };
    const silent = await SocketmapClient.connect(where);
    const second = await SocketmapClient.connect(where);
    await second.closed;
    await silent.closed;
    await eventually(
      async () => strict.connections,
      (open) => open === 0,
      5000,
    );
    await strict.close();
  });

  it('should answer on a unix socket, take the place of one that was left behind, and not of one that is used', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cleanmail-socket-'));
    const path = join(folder, 'r.sock');
    const abandoned = createServer().listen(path);
    await once(abandoned, 'listening');
    const taken = new SocketmapServer(() => 'OK ');
    await expect(taken.listenOnSocket(path)).rejects.toThrow('RECIPIENTS_SOCKET');
    abandoned.close();
    await once(abandoned, 'close');
    const mine = new SocketmapServer((table, key) => `OK ${table} ${key}`);
    await mine.listenOnSocket(path);
    const one = await SocketmapClient.connect({ path });
    expect(await one.ask('recipients', 'anna@contoso.example')).toBe('OK recipients anna@contoso.example');
    await mine.close();
    await one.closed;
    await expect(SocketmapClient.connect({ path })).rejects.toThrow();
    rmSync(folder, { recursive: true });
  });
});
