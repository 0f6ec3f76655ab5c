import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { defaultTimeouts } from '../event-settings.js';
import { AddressPolicy } from './address-policy.js';
import { guardedConnector, type Resolve } from './guarded-connector.js';

const policy = (...allowPrivate: readonly string[]) =>
  new AddressPolicy({
    ...{ pepper: '', allowPrivate, disableAfterDays: 0, issuer: '', receiptDays: 0, deadLetterDays: 0 },
    timeouts: defaultTimeouts,
  });

describe(AddressPolicy.name, () => {
  it.each([
    ['93.184.216.34', true],
    ['2606:2800:220:1::1', true],
    ['127.0.0.1', false],
    ['10.1.2.3', false],
    ['172.16.0.1', false],
    ['192.168.1.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['0.0.0.0', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['168.63.129.16', false],
    ['::1', false],
    ['::', false],
    ['fe80::1', false],
    ['fd00:ec2::254', false],
    ['::ffff:127.0.0.1', false],
    ['64:ff9b::7f00:1', false],
    ['2002:7f00:1::', false],
    ['no address', false],
  ])('should say of %s whether it is public: %s', (address, isPublic) => {
    expect(policy().isAllowed('receiver.example', address, 'https:')).toBe(isPublic);
    expect(policy().isAllowed('receiver.example', address, 'http:')).toBe(false);
  });

  it('should allow what the operator names: networks, addresses, hosts', () => {
    const named = policy('10.1.0.0/16', '192.168.0.7', 'quarantine.internal', 'fd00::/8');
    const allowed = (host: string, address: string) => named.isAllowed(host, address, 'http:');
    expect(allowed('x', '10.1.255.1')).toBe(true);
    expect(allowed('x', '::ffff:10.1.255.1')).toBe(true);
    expect(allowed('x', '10.2.0.1')).toBe(false);
    expect(allowed('x', '192.168.0.7')).toBe(true);
    expect(allowed('x', '192.168.0.8')).toBe(false);
    expect(allowed('Quarantine.internal', '172.16.0.1')).toBe(true);
    expect(allowed('x', 'fd12::1')).toBe(true);
  });
});

describe(guardedConnector.name, () => {
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    server = createServer((_request, response) => void response.end('inside'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://receiver.example:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  const ask = async (allowed: readonly string[], resolve: Resolve) => {
    const agent = new Agent({ connect: guardedConnector(policy(...allowed), 1000, resolve), pipelining: 0 });
    try {
      return (await request(origin, { dispatcher: agent })).statusCode;
    } finally {
      await agent.destroy();
    }
  };
  const answering =
    (...addresses: readonly string[]): Resolve =>
    (_host, answer) =>
      answer(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  it('should connect to none but the addresses that it has looked at', async () => {
    const private_ = answering('127.0.0.1');
    await expect(ask([], private_)).rejects.toMatchObject({ code: 'refused_address' });
    await expect(ask([], answering('127.0.0.1', '::1', '10.0.0.1'))).rejects.toMatchObject({ code: 'refused_address' });
    await expect(ask(['receiver.example'], private_)).resolves.toBe(200);
    // Of several addresses only the allowed one is tried.
    await expect(ask(['127.0.0.0/8'], answering('10.0.0.1', '127.0.0.1'))).resolves.toBe(200);
  });

  it('should look again at each connection, so that a name that moves inside gains nothing', async () => {
    const moves = ['127.0.0.1', '127.0.0.2'];
    const rebinding: Resolve = (host, answer) => answering(moves.shift() ?? '')(host, answer);
    const agent = new Agent({ connect: guardedConnector(policy('127.0.0.1'), 1000, rebinding), pipelining: 0 });
    try {
      const first = await request(origin, { dispatcher: agent, reset: true });
      await first.body.dump();
      await expect(request(origin, { dispatcher: agent })).rejects.toMatchObject({ code: 'refused_address' });
    } finally {
      await agent.destroy();
    }
  });
});
