import { expect } from '@jest/globals';
import { expectListOf, expectOnlyChange, expectScimError, expectUnchanged } from './assertions.js';
import type { CheckTable } from './check.js';

/** The SendSafely profile (X), and creating a group where groups are not offered (G16). */
export const sendSafelyChecks: CheckTable = {
  "Tenant URL ends with a slash: '//Users' must not appear or must be tolerated": async ({ tenant }) => {
    expectListOf(await tenant.send('GET', '//Users?filter=userName+eq+%22nobody%22'));
    expectListOf(await tenant.send('GET', '//Users/?filter=userName+eq+%22nobody%22'));
  },
  "Wrong user half or wrong key half: 401 with equal timing and body; split at the first ':' only": async ({
    answer,
    tenant,
    world,
  }) => {
    const user = world.values.get('apiUser') ?? '';
    const key = world.values.get('apiKey') ?? '';
    expect([user, key]).not.toContain('');
    const wrongTokens = [
      `other@vendor.example:${key}`,
      key,
      `${user}:`,
      `:${key}`,
      `${user}:extra:${key}`,
      `${key}:${user}`,
    ];
    const bodies = [answer.body];
    for (const token of wrongTokens) {
      const refused = await tenant.withToken(token).send('GET', '/Users?count=1');
      expectScimError(refused, 401);
      expect(refused.headers['www-authenticate']).toBe(answer.headers['www-authenticate']);
      bodies.push(refused.body);
    }
    for (const body of bodies) expect(body).toEqual(answer.body);
    expectListOf(await tenant.send('GET', '/Users?count=1'));
  },
  'Nothing applied (atomic), or documented otherwise: an admin should leave userName out of update mappings': async (
    context,
  ) => {
    expectScimError(context.answer, 400, 'mutability');
    await expectUnchanged(context);
  },
  'First and last name changed': async (context) => {
    await expectOnlyChange(context, { name: { ...context.before.name, givenName: 'N', familyName: 'M' } });
  },
  'active=false and profile data gone: SendSafely says files, messages and packages are deleted (workspaces archived)':
    async (context) => {
      expect((await context.now()).active).toBe(false);
      const mailbox = await context.tenant.mailboxOf(context.before.id);
      expect(mailbox.status).toBe('suspended');
      expect(mailbox).toMatchObject({ eraseAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
    },
  'the user must still be found by filter with id, userName and active=false': async ({ tenant, before }) => {
    const { Resources } = await tenant.findByUserName(before.userName);
    expect(Resources.map(({ id, userName, active }) => ({ id, userName, active }))).toEqual([
      { id: before.id, userName: before.userName, active: false },
    ]);
  },
  'Entra sends active=true plus only changed attributes; names may stay empty until the next change, so keep or re-request them':
    async (context) => {
      const now = await context.now();
      expect([now.active, now.userName]).toEqual([true, context.before.userName]);
      expect(now.name).toEqual(context.before.name);
      expect(await context.tenant.mailboxOf(now.id)).toMatchObject({ status: 'active', eraseAfter: null });
    },
  'Users-only product: creating is refused with a SCIM Error while GET /Groups stays 200 empty; tell customers to switch the group mapping off':
    async ({ answer, tenant }) => {
      expect(expectScimError(answer, answer.status).detail).toMatch(/group/i);
      expectListOf(await tenant.send('GET', '/Groups'));
    },
};
