import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

describe(startTcpProxy.name, () => {
  let server: Server;
  let proxy: TcpProxy;
  beforeEach(async () => {
    server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startTcpProxy({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  });
  afterEach(async () => {
    await proxy.close();
    server.close();
    await once(server, 'close');
  });

  async function opened(): Promise<Socket> {
    const socket = connect(proxy.port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  async function echoed(socket: Socket, text: string): Promise<string> {
    socket.write(text);
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    return chunk.toString();
  }

  it('should forward in both directions', async () => {
    const socket = await opened();
    expect(await echoed(socket, 'hello')).toBe('hello');
    socket.destroy();
  });

  it('should drop open connections and refuse new ones while it is cut', async () => {
    const socket = await opened();
    await echoed(socket, 'hello');
    const closed = once(socket, 'close');
    await proxy.cut();
    await closed;
    await expect(opened()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('should forward again on the same port after it is restored', async () => {
    const { port } = proxy;
    await proxy.cut();
    await proxy.restore();
    expect(proxy.port).toBe(port);
    const socket = await opened();
    expect(await echoed(socket, 'again')).toBe('again');
    socket.destroy();
  });
});
