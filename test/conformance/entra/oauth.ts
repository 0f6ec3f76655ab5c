import type { Exchange } from '../client/http-exchange.js';
import type { TenantClient } from '../client/tenant-client.js';

/** The answer of the token endpoint (RFC 6749, 5.1), as far as the suites read it. */
export interface TokenResponse {
  readonly access_token: string;
  readonly token_type: string;
  readonly expires_in: number;
}

/** Asks for an access token with a secret of the tenant, in the body as Entra does. */
export async function requestToken(tenant: TenantClient, secret: string = tenant.token): Promise<Exchange> {
  const parameters = { grant_type: 'client_credentials', client_id: tenant.tenant.id, client_secret: secret };
  return tenant.sendRaw('POST', `${tenant.basePath}/oauth/token`, {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(parameters).toString(),
  });
}

/** An access token of the tenant; throws unless the answer is 200. */
export async function accessTokenOf(tenant: TenantClient): Promise<string> {
  const { status, body, text } = await requestToken(tenant);
  if (status !== 200) throw new Error(`the token endpoint answered ${status}: ${text}`);
  return (body as TokenResponse).access_token;
}
