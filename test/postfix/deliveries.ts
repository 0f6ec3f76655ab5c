import { expect } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { inSession, type PostfixInstance } from '../support/postfix/postfix-instance.js';

/** Sends one message to recipients of two tenants, one of them on hold, and expects each copy to go its own way. */
export async function expectOwnWays(postfix: PostfixInstance): Promise<void> {
  await inSession(postfix, async (session) => {
    await session.mail();
    for (const address of ['dan@acme.example', 'dan+x@acme.example', 'anna@acme.example', 'ben@beta.example'])
      expect(await session.rcpt(address)).toMatch(/^250 /);
    expect(await session.data()).toMatchObject({ code: 250 });
  });
  expect(await deliveries(postfix, 4)).toEqual([
    'anna@acme.example by discard: acme',
    'ben@beta.example by relay: mx.beta.example',
    'dan+x@acme.example by quarantine: acme.example',
    'dan@acme.example by quarantine: acme.example',
  ]);
}

/** Who got mail by which transport and next hop, as Postfix logged it: `address by transport: next hop`, sorted. */
async function deliveries(postfix: PostfixInstance, count: number): Promise<readonly string[]> {
  const { answer } = await eventually(
    async () => delivered(postfix.log()),
    (lines) => lines.length >= count,
    30_000,
  );
  return [...answer].sort();
}

function delivered(log: string): readonly string[] {
  return [...log.matchAll(/postfix\/(\w+)(?:\/\w+)?\[\d+\]: \w+: to=<([^>]+)>.* status=sent \(([^)]*)\)/g)].map(
    ([, transport, address, nextHop]) => `${address} by ${transport}: ${nextHop}`,
  );
}
