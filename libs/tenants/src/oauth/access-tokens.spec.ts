import { createHmac, createPublicKey, generateKeyPairSync, hkdfSync } from 'node:crypto';
import { asTenantId } from '@cleanmail/database';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { AccessTokens, hasAccessTokenForm } from './access-tokens.js';

const pepper = 'pepper-of-a-test';
const basePath = '/api/v3/scim2';
const claims = { tenant: asTenantId('01900000-0000-7000-8000-000000000001'), publicId: 'AAAAaaaa0000BBBB' };
const tokens = new AccessTokens(pepper);

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
const key = Buffer.from(hkdfSync('sha256', pepper, '', 'cleanmail oauth access token 1', 32));

/** A token with other header fields, claims or another key, signed as ours are. */
function forged(
  token: string,
  { header = {}, payload = {}, secret = key }: { header?: object; payload?: object; secret?: Buffer | string },
): string {
  const [head, body] = token.split('.');
  const signed = `${encode({ ...decode(head), ...header })}.${encode({ ...decode(body), ...payload })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

describe(AccessTokens.name, () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('should give back what it signed, at any node with the pepper', async () => {
    const token = await tokens.sign(claims, basePath, 60);
    expect(await new AccessTokens(pepper).read(token, basePath)).toEqual(claims);
    expect(hasAccessTokenForm(token)).toBe(true);
    expect(await tokens.read(forged(token, {}), basePath)).toEqual(claims);
  });

  it('should say what RFC 9068 asks for, each time under another id, and nothing of the pepper', async () => {
    const [one, two] = [await tokens.sign(claims, basePath, 60), await tokens.sign(claims, basePath, 60)];
    const [header, payload] = one.split('.').slice(0, 2).map(decode);
    expect(header).toEqual({ alg: 'HS256', typ: 'at+jwt' });
    expect(payload).toEqual({
      iss: 'cleanmail-provisioning',
      sub: claims.tenant,
      client_id: claims.tenant,
      aud: basePath,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      iat: expect.any(Number),
      exp: Number(payload?.['iat']) + 60,
      secret_id: claims.publicId,
    });
    expect(two).not.toBe(one);
    expect(one.length).toBeLessThan(1024);
  });

  it('should refuse a token from its expiry on', async () => {
    const start = Math.floor(Date.now() / 1000) * 1000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(start);
    const token = await tokens.sign(claims, basePath, 60);
    clock.mockReturnValue(start + 59_999);
    expect(await tokens.read(token, basePath)).toEqual(claims);
    clock.mockReturnValue(start + 60_000);
    expect(await tokens.read(token, basePath)).toBeUndefined();
  });

  it('should refuse another key, service, type, issuer or algorithm, and claims that are missing or of another kind', async () => {
    const token = await tokens.sign(claims, basePath, 60);
    const [, body, signature] = token.split('.');
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({
      type: 'spki',
      format: 'pem',
    });
    const wrong: Record<string, string> = {
      'key of another pepper': await new AccessTokens('other').sign(claims, basePath, 60),
      'the pepper itself as key': forged(token, { secret: pepper }),
      'an empty key': forged(token, { secret: '' }),
      'a public key as key': forged(token, { secret: String(pem), header: { alg: 'RS256' } }),
      'no algorithm': `${encode({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
      'no algorithm with a signature': `${encode({ alg: 'none', typ: 'at+jwt' })}.${body}.${signature}`,
      'other case of no algorithm': `${encode({ alg: 'nOnE', typ: 'at+jwt' })}.${body}.`,
      'another algorithm': forged(token, { header: { alg: 'HS512' } }),
      'another type': forged(token, { header: { typ: 'JWT' } }),
      'no type': forged(token, { header: { typ: undefined } }),
      'a critical extension': forged(token, { header: { crit: ['b64'], b64: false } }),
      'another issuer': forged(token, { payload: { iss: 'https://sts.windows.net/1/' } }),
      'another service': forged(token, { payload: { aud: '/scim/v2/entra' } }),
      'no audience': forged(token, { payload: { aud: undefined } }),
      'no expiry': forged(token, { payload: { exp: undefined } }),
      'an expiry of another kind': forged(token, { payload: { exp: '9999999999' } }),
      'no subject': forged(token, { payload: { sub: undefined } }),
      'no secret': forged(token, { payload: { secret_id: undefined } }),
      'a secret of another kind': forged(token, { payload: { secret_id: ['x'] } }),
      'too much': forged(token, { payload: { more: 'x'.repeat(1024) } }),
      'a fourth part': `${token}.x`,
      'no signature': token.slice(0, token.lastIndexOf('.') + 1),
    };
    for (const [name, text] of Object.entries(wrong))
      expect([name, await tokens.read(text, basePath)]).toEqual([name, undefined]);
    expect(await tokens.read(token, '/scim/v2/entra')).toBeUndefined();
  });

  it('should refuse a token with any one character changed', async () => {
    const token = await tokens.sign(claims, basePath, 60);
    // The last character of a part has bits that mean nothing; the ones before it count in full.
    const ends = [...token].flatMap((_, index) => (/^(\.|$)/.test(token.slice(index + 1)) ? [index] : []));
    for (let index = 0; index < token.length; index += 1) {
      if (!ends.includes(index)) {
        const other = token[index] === 'A' ? 'B' : 'A';
        expect(await tokens.read(token.slice(0, index) + other + token.slice(index + 1), basePath)).toBeUndefined();
      }
    }
  });

  it('should refuse whatever else it is given, and never fail', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
        expect(await tokens.read(parts.join('.'), basePath)).toBeUndefined();
      }),
      { numRuns: 300 },
    );
    expect(await tokens.read(`eyJ${'a'.repeat(1_000_000)}`, basePath)).toBeUndefined();
  });
});

describe(hasAccessTokenForm.name, () => {
  it('should not mistake a secret token for an access token, whatever its service account is called', () => {
    for (const credential of ['cm_abc', 'user@host:cm_abc', 'eyJ@host.example:cm_abc', ''])
      expect(hasAccessTokenForm(credential)).toBe(false);
  });
});
