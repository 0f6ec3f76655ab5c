import { expect } from '@jest/globals';
import { accessTokenOf, requestToken, type TokenResponse } from '../oauth.js';
import type { CheckContext, CheckTable } from './check.js';

/** Client credentials (O, L11). */
export const oauthChecks: CheckTable = {
  "JSON {access_token, token_type:'Bearer', expires_in}": async (context) => {
    expect(context.answer.headers['content-type']).toMatch(/^application\/json(;|$)/);
    await expectOpens(context);
  },
  'expires_in between 3600 and 21600': ({ answer }) => {
    const { expires_in: seconds } = answer.body as TokenResponse;
    expect(seconds).toBeGreaterThanOrEqual(3600);
    expect(seconds).toBeLessThanOrEqual(21_600);
  },
  'Cache-Control: no-store': ({ answer }) => {
    expect(answer.headers['cache-control']).toBe('no-store');
  },
  'client_secret_basic works as client_secret_post does; Entra can send either or both': async (context) => {
    await expectOpens(context);
    const id = context.world.values.get('clientId') ?? '';
    const inForm = new URLSearchParams({ client_id: id, client_secret: context.tenant.token }).toString();
    const both = await context.again({ body: `${String(context.request.body)}&${inForm}` });
    expect(both.status).toBe(200);
  },
  'error=invalid_client': ({ answer }) => {
    expect(answer.body).toMatchObject({ error: 'invalid_client' });
  },
  'Two secrets are valid at the same time (rotation); each expires after 1-3 years': async (context) => {
    await expectOpens(context);
    expect((await requestToken(context.tenant)).status).toBe(200);
    const listed = await context.tenant.admin.call('GET', `/tenants/${context.tenant.tenant.id}/tokens`);
    const { items } = listed.body as { readonly items: readonly { readonly expiresAt: string | null }[] };
    const days = (Date.parse(items.at(-1)?.expiresAt ?? '') - Date.now()) / 86_400_000;
    expect([items.length, Math.ceil(days)]).toEqual([2, 365]);
  },
  'WWW-Authenticate: Bearer error="invalid_token"; a fresh token works at once': async ({ answer, tenant }) => {
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b.* error="invalid_token"/);
    const fresh = await tenant.withToken(await accessTokenOf(tenant)).send('GET', '/Users?count=1');
    expect(fresh.status).toBe(200);
  },
  'With a static bearer token only, Validate_Credentials and Federated_Identity are both SKIPPED and the overall result is Failed: a token endpoint (client credentials or federation) is needed for a new gallery listing':
    async ({ tenant }) => {
      expect((await requestToken(tenant)).status).toBe(200);
    },
};

/** The granted token opens the tenant. */
async function expectOpens({ answer, tenant }: CheckContext): Promise<void> {
  expect(answer.body).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: expect.any(Number),
  });
  const { access_token: token } = answer.body as TokenResponse;
  expect((await tenant.withToken(token).send('GET', '/Users?count=1')).status).toBe(200);
}
