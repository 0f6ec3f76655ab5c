import { describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { withService } from '../../support/embedded-engine.js';

describe('Two services in one process', () => {
  it('should each know its own tokens, users and tenants only', async () => {
    await withService({}, async (first) => {
      const here = await TenantClient.open(first, 'cleanmail');
      const user = await here.createUser({ userName: 'ada@one.example' });
      await withService({}, async (second) => {
        const there = await TenantClient.open(second, 'cleanmail');
        expect((await there.find('userName eq "ada@one.example"')).totalResults).toBe(0);
        expect(await here.readUser(user.id)).toEqual(user);
        expect((await here.on(second).send('GET', '/Users')).status).toBe(401);
        expect((await there.on(first).send('GET', '/Users')).status).toBe(401);
      });
      expect(await here.readUser(user.id)).toEqual(user);
    });
  });
});
