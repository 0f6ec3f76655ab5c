import { describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { adminSurface, allPages, instant, listOf, unknownId, uuid } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

interface Token {
  readonly id: string;
  readonly prefix: string;
  readonly description: string | null;
  readonly status: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}
interface IssuedToken extends Token {
  readonly token: string;
}

const secret = /^cm_[0-9A-Za-z]{65}$/;

describeEachEngine('Admin REST, tokens', (engine) => {
  const surface = adminSurface(engine);
  const open = (profile: 'cleanmail' | 'sendsafely' = 'cleanmail') => TenantClient.open(surface.service(), profile);
  const tokensOf = (client: TenantClient) => `/tenants/${client.tenant.id}/tokens`;
  const issue = async (client: TenantClient, body: object = {}): Promise<IssuedToken> => {
    const answer = await surface.call('POST', tokensOf(client), body);
    expect(answer.status).toBe(201);
    return answer.body as IssuedToken;
  };
  const statusWith = async (client: TenantClient, token: string) =>
    (await client.withToken(token).send('GET', '/Users')).status;

  it('should issue a token, show its secret once and list it without', async () => {
    const client = await open();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const issued = await surface.call(
      'POST',
      tokensOf(client),
      { description: 'Entra production', expiresAt },
      { 'X-Actor': 'ada@vendor.example' },
    );
    const { token, tenantUrl, clientId, tokenEndpoint, ...shown } = issued.body as IssuedToken &
      Record<'tenantUrl' | 'clientId' | 'tokenEndpoint', string>;

    expect(issued.status).toBe(201);
    expect(token).toMatch(secret);
    expect(tenantUrl).toBe(client.tenant.tenantUrl);
    expect([clientId, tokenEndpoint]).toEqual([client.tenant.id, `${tenantUrl}/oauth/token`]);
    expect(shown).toEqual({
      id: expect.stringMatching(uuid),
      prefix: `${token.slice(0, 11)}…`,
      description: 'Entra production',
      serviceAccount: null,
      status: 'active',
      createdAt: expect.stringMatching(instant),
      createdBy: 'ada@vendor.example',
      expiresAt,
      revokedAt: null,
      lastUsedAt: null,
    });
    const listed = await surface.call('GET', tokensOf(client));
    expect(listOf(listed).items).toEqual([expect.objectContaining({ createdBy: 'client' }), shown]);
    expect(listed.text).not.toContain(token.slice(19));
    expect(listed.text).not.toContain(client.token.slice(19));
  });

  it('should issue a token without a body', async () => {
    const client = await open();
    const issued = await surface.call('POST', tokensOf(client));
    expect([issued.status, issued.body]).toEqual([
      201,
      expect.objectContaining({ token: expect.stringMatching(secret), description: null, expiresAt: null }),
    ]);
  });

  it('should list tokens by pages in the order of their issue', async () => {
    const client = await open();
    const ids: string[] = [];
    for (let number = 0; number < 6; number += 1) ids.push((await issue(client)).id);
    const pages = await allPages<Token>(surface, tokensOf(client), 3);
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(
      pages
        .flat()
        .map(({ id }) => id)
        .slice(1),
    ).toEqual(ids);
  });

  it('should put the service account in front of a sendsafely token', async () => {
    const client = await open('sendsafely');
    const given = await issue(client, { serviceAccount: 'entra@customer.example' });
    expect(given.token).toMatch(/^entra@customer\.example:cm_[0-9A-Za-z]{65}$/);
    expect(await statusWith(client, given.token)).toBe(200);
    expect(await statusWith(client, given.token.slice('entra@customer.example:'.length))).toBe(401);
    expect(await statusWith(client, `other@customer.example:${given.token.split(':')[1]}`)).toBe(401);
  });

  it('should refuse a service account that does not fit', async () => {
    expectProblem(
      await surface.call('POST', tokensOf(await open()), { serviceAccount: 'entra@customer.example' }),
      400,
      'invalid_token_request',
      'serviceAccount is not used by the profile cleanmail; leave it out.',
    );
  });

  it('should note when a token was used', async () => {
    const client = await open();
    const before = new Date().toISOString();
    await client.send('GET', '/Users');
    const { answer } = await eventually(
      async () => listOf<Token>(await surface.call('GET', tokensOf(client))).items[0]?.lastUsedAt ?? null,
      (used) => used !== null,
      5000,
    );
    expect(answer).toMatch(instant);
    expect(answer !== null && answer >= before).toBe(true);
  });

  describe('revocation', () => {
    it('should end a token at once and leave the others alone', async () => {
      const client = await open();
      const { id, token } = await issue(client);
      expect(await statusWith(client, token)).toBe(200);

      const revoked = await surface.call('DELETE', `${tokensOf(client)}/${id}`);
      expect([revoked.status, revoked.text]).toEqual([204, '']);
      expect(await statusWith(client, token)).toBe(401);
      expect((await client.send('GET', '/Users')).status).toBe(200);
      expect(listOf<Token>(await surface.call('GET', tokensOf(client))).items[1]).toMatchObject({
        id,
        status: 'ended',
        revokedAt: expect.stringMatching(instant),
      });
    });

    it('should keep the first time when a token is revoked again', async () => {
      const client = await open();
      const { id } = await issue(client);
      const revoke = () => surface.call('DELETE', `${tokensOf(client)}/${id}`);
      const revokedAt = async () => listOf<Token>(await surface.call('GET', tokensOf(client))).items[1]?.revokedAt;
      expect((await revoke()).status).toBe(204);
      const first = await revokedAt();
      expect((await revoke()).status).toBe(204);
      expect(await revokedAt()).toBe(first);
    });

    it("should not find another tenant's token", async () => {
      const [client, other] = [await open(), await open()];
      const { id, token } = await issue(other);
      for (const [method, path] of [
        ['DELETE', `${tokensOf(client)}/${id}`],
        ['POST', `${tokensOf(client)}/${id}/rotate`],
        ['DELETE', `${tokensOf(client)}/${unknownId}`],
      ] as const) {
        const target = path.split('/')[4] ?? '';
        expectProblem(
          await surface.call(method, path),
          404,
          'token_not_found',
          `The tenant has no token with the id ${target}.`,
        );
      }
      expect(await statusWith(other, token)).toBe(200);
    });
  });

  describe('rotation', () => {
    it('should let the old token live for the overlap, and no longer', async () => {
      const client = await open();
      const old = await issue(client, { description: 'Entra' });
      const rotatedAt = performance.now();
      const rotated = await surface.call('POST', `${tokensOf(client)}/${old.id}/rotate`, { overlapSeconds: 2 });
      const next = rotated.body as IssuedToken;

      expect([rotated.status, next.description]).toEqual([201, 'Entra']);
      expect(next.token).not.toBe(old.token);
      expect(await statusWith(client, old.token)).toBe(200);
      expect(await statusWith(client, next.token)).toBe(200);
      await eventually(
        () => statusWith(client, old.token),
        (status) => status === 401,
        5000,
      );
      expect(performance.now() - rotatedAt).toBeGreaterThan(1900);
      expect(await statusWith(client, next.token)).toBe(200);
    });

    it('should end the old token at once with an overlap of 0', async () => {
      const client = await open();
      const old = await issue(client);
      expect(await statusWith(client, old.token)).toBe(200);
      const next = (await surface.call('POST', `${tokensOf(client)}/${old.id}/rotate`, { overlapSeconds: 0 })).body;
      expect(await statusWith(client, old.token)).toBe(401);
      expect(await statusWith(client, (next as IssuedToken).token)).toBe(200);
    });

    it('should overlap by a day when nothing is said', async () => {
      const client = await open();
      const old = await issue(client);
      expect((await surface.call('POST', `${tokensOf(client)}/${old.id}/rotate`)).status).toBe(201);
      const listed = listOf<Token>(await surface.call('GET', tokensOf(client))).items.find(({ id }) => id === old.id);
      expect(listed?.status).toBe('active');
      expect(Math.round((Date.parse(listed?.revokedAt ?? '') - Date.now()) / 60_000)).toBe(24 * 60);
    });

    it('should refuse to rotate a token that has ended', async () => {
      const client = await open();
      const { id } = await issue(client);
      await surface.call('DELETE', `${tokensOf(client)}/${id}`);
      expectProblem(
        await surface.call('POST', `${tokensOf(client)}/${id}/rotate`, {}),
        409,
        'token_ended',
        'The token is revoked or expired; issue a new one.',
      );
    });
  });

  describe('expiry', () => {
    it('should refuse a time in the past', async () => {
      expectProblem(
        await surface.call('POST', tokensOf(await open()), { expiresAt: '2020-01-01T00:00:00Z' }),
        400,
        'invalid_token_request',
        'expiresAt lies in the past; give a time to come.',
      );
    });

    it('should end a token when its time has come', async () => {
      const client = await open();
      const expiresAt = new Date(Date.now() + 1500).toISOString();
      const { token, id } = await issue(client, { expiresAt });
      expect(await statusWith(client, token)).toBe(200);
      await eventually(
        () => statusWith(client, token),
        (status) => status === 401,
        5000,
      );
      expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
      const listed = listOf<Token>(await surface.call('GET', tokensOf(client))).items.find((each) => each.id === id);
      expect(listed).toMatchObject({ status: 'ended', expiresAt, revokedAt: null });
    });
  });
});
