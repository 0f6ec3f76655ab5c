import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { LIST_RESPONSE } from '../client/scim-types.js';
import type { TenantClient } from '../client/tenant-client.js';

/** What the button “Test Connection” sends to a tenant URL, and that it turns green. */
export async function expectTestConnection(
  tenant: TenantClient,
  tenantUrl: string,
  headers: object = {},
): Promise<void> {
  const path = new URL(tenantUrl).pathname;
  const authorized = { Authorization: `Bearer ${tenant.token}`, ...headers };
  for (const attribute of ['userName', 'externalId']) {
    const query = `filter=${attribute}+eq+%22${randomUUID()}%22`;
    const answer = await tenant.sendRaw('GET', `${path}/Users?${query}`, { headers: authorized });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/scim\+json/);
    expect(answer.body).toEqual({
      schemas: [LIST_RESPONSE],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: expect.any(Number),
      Resources: [],
    });
  }
}

/** The tenant URL as a customer pastes it: as printed, and with the other ending. */
export function spellingsOf(tenantUrl: string): readonly string[] {
  const bare = tenantUrl.replace(/\/$/, '');
  return [bare, `${bare}/`];
}
