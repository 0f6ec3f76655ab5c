import { jest } from '@jest/globals';
import { accessTokenOf } from '../oauth.js';
import type { World } from '../world.js';
import type { Precondition } from './precondition.js';

const DAY = 86_400_000;

/** Set-ups of the OAuth cases (O). */
export const oauthPreconditions: Readonly<Record<string, Precondition>> = {
  O01: clientCredentials,
  O02: clientCredentials,
  O03: clientCredentials,
  O06: async (world) => {
    await clientCredentials(world);
    const expiresAt = new Date(Date.now() + 365 * DAY).toISOString();
    const issued = await world.tenant.admin.call('POST', `/tenants/${world.tenant.tenant.id}/tokens`, { expiresAt });
    world.values.set('secondSecret', (issued.body as { readonly token: string }).token);
  },
  O07: async (world) => {
    // Nobody waits for an hour: this token was asked for yesterday, as far as the service knows.
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now - DAY);
    try {
      world.values.set('expiredAccessToken', await accessTokenOf(world.tenant));
    } finally {
      clock.mockRestore();
    }
  },
};

async function clientCredentials(world: World): Promise<void> {
  const { tenant, token } = world.tenant;
  world.values.set('clientId', tenant.id);
  world.values.set('clientSecret', token);
  world.values.set('base64(clientId:clientSecret)', Buffer.from(`${tenant.id}:${token}`).toString('base64'));
  world.values.set('scope', 'scim');
}
