import { expect } from '@jest/globals';
import type { ScimList, ScimUser } from '../../client/scim-types.js';
import { fullUser } from '../people.js';
import { expectListOf, expectOnlyChange, expectScimError, expectUnchanged } from './assertions.js';
import type { CheckContext, CheckTable } from './check.js';

/** Disabling, restoring, renaming and deleting, and what the mailbox account makes of it (U, D, L). */
export const lifeCycleChecks: CheckTable = {
  'active=false': expectDisabled,
  'active=false; key order irrelevant': expectDisabled,
  "'Operations' comes before 'schemas' in the body: order must not matter": async (context) => {
    expect(Object.keys(context.sent)).toEqual(['Operations', 'schemas']);
    await expectDisabled(context);
  },
  'The string "False" disables; a truthy test on the string would leave the user enabled': expectDisabled,
  'Add on a single-valued attribute replaces it': expectDisabled,
  'Only active changes; userName, names and externalId stay': expectDisabled,
  '"false" and "FALSE" work as "False" does': async (context) => {
    await expectDisabled(context);
    for (const [value, active] of [
      ['TRUE', true],
      ['FALSE', false],
      ['true', true],
      ['faLSe', false],
    ] as const) {
      expect((await context.tenant.patch(context.before.id, { op: 'Replace', path: 'active', value })).status).toBe(
        200,
      );
      expect((await context.now()).active).toBe(active);
    }
  },
  '[{"value":"False"}] on a single-valued attribute is unwrapped': expectDisabled,
  'active=true; the mailbox works again with its data': async (context) => {
    expect(context.before.active).toBe(false);
    await expectOnlyChange(context, { active: true });
    const mailbox = await context.tenant.mailboxOf(context.before.id);
    expect(mailbox).toMatchObject({ status: 'active', statusReason: null, address: context.before.userName });
    expect(await context.tenant.admin.mailboxesOf(context.tenant.tenant.id)).toEqual([mailbox]);
  },
  'active=true': async (context) => {
    expect(context.before.active).toBe(false);
    await expectOnlyChange(context, { active: true });
    expect((await context.tenant.mailboxOf(context.before.id)).status).toBe('active');
  },
  'scimType invalidValue; state unchanged': async (context) => {
    expectScimError(context.answer, 400, 'invalidValue');
    await expectUnchanged(context);
  },
  "Team's decision; must not silently re-enable a disabled user": async (context) => {
    expect(context.before.active).toBe(false);
    expect((await context.now()).active).not.toBe(true);
    expect((await context.tenant.mailboxOf(context.before.id)).status).toBe('suspended');
  },
  'Body shows active=false; filter still finds the user with active=false': async (context) => {
    expect(context.user.active).toBe(false);
    expect((await context.tenant.findByUserName(context.before.userName)).Resources).toEqual([context.user]);
  },
  'Attributes of a disabled user can still be changed; the user stays disabled': async (context) => {
    await expectOnlyChange(context, {
      userName: `left.${context.world.values.get('guid') ?? ''}@contoso.ch`,
      active: false,
    });
  },
  'No body': ({ answer }) => {
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers['content-type']).toBeUndefined();
  },
  'SCIM Error': ({ answer }) => {
    expectScimError(answer, answer.status);
  },
  'totalResults=0': ({ answer }) => {
    expectListOf(answer);
  },
  'SCIM Error with status "404"': ({ answer }) => {
    expectScimError(answer, 404);
  },
  'Second DELETE answers 404 (the first 204)': ({ answer }) => {
    expectScimError(answer, 404);
  },
  'DELETE on an already disabled user works': expectGone,
  'DELETE without a preceding disable works too': expectGone,
  '404 SCIM Error; Entra keeps using the cached id until the connection is reset or the job restarted': async (
    context,
  ) => {
    expectScimError(context.answer, 404);
    const id = context.world.values.get('idRemovedByAdmin') ?? '';
    expectScimError(await context.tenant.patch(id, { op: 'Replace', path: 'active', value: 'True' }), 404);
  },
  'externalId stored although it was empty (Add on an absent attribute)': async (context) => {
    await expectOnlyChange(context, { externalId: context.world.values.get('objectId') });
  },
  'MANDATORY: accountEnabled=false gives a Disable log with success; always runs': async (context) => {
    expectListOf(context.answer, context.before);
    expect(context.before.active).toBe(false);
    const { entries } = await context.tenant.admin.provisioningLog(context.tenant.tenant.id);
    expect(entries.length).toBeGreaterThanOrEqual(2);
    expect(new Set(entries.map(({ outcome }) => outcome))).toEqual(new Set(['success']));
  },
  'optional/skippable: soft delete, purge from the recycle bin, sync: target answers 404 or totalResults=0 (failure is only a WARNING)':
    async (context) => {
      expectListOf(context.answer);
      expectScimError(await context.tenant.send('GET', `/Users/${context.world.values.get('deletedId') ?? ''}`), 404);
    },
  'MANDATORY: provisionOnDemand through Graph answers 200 and the user is found without waiting for a cycle (default dialect, flag ignored)':
    async (context) => {
      expectListOf(context.answer, context.before);
      const body = fullUser();
      expect((await context.tenant.findByUserName((body as ScimUser).userName)).totalResults).toBe(0);
      const created = await context.tenant.createUser(body);
      expect((await context.tenant.findByUserName(created.userName)).Resources).toEqual([created]);
    },
  'GET equals the sent values; the test patches single-valued string/integer/dateTime/boolean attributes except id, schemas, meta, groups, roles, active':
    async (context) => {
      await expectOnlyChange(context, { name: { ...context.before.name, givenName: 'New' } });
      const texts = [
        'displayName',
        'title',
        'nickName',
        'userType',
        'preferredLanguage',
        'locale',
        'timezone',
        'externalId',
      ];
      const operations = texts.map((path) => ({ op: 'replace', path, value: `${path} of the validator` }));
      expect((await context.tenant.patch(context.before.id, ...operations)).status).toBe(200);
      expect(await context.now()).toMatchObject(Object.fromEntries(operations.map(({ path, value }) => [path, value])));
    },
};

/** Only `active` changed, a filter still shows the user, and the mailbox account is suspended, not removed. */
async function expectDisabled(context: CheckContext): Promise<void> {
  expect(context.before.active).toBe(true);
  const now = await expectOnlyChange(context, { active: false });
  const found: ScimList = await context.tenant.findByUserName(now.userName);
  expect(found.Resources).toEqual([now]);
  expect((await context.tenant.mailboxOf(now.id)).status).toBe('suspended');
}

async function expectGone(context: CheckContext): Promise<void> {
  expect(context.answer.text).toBe('');
  expectScimError(await context.tenant.send('GET', `/Users/${context.before.id}`), 404);
  expect((await context.tenant.findByUserName(context.before.userName)).totalResults).toBe(0);
  const [mailbox] = await context.tenant.admin.mailboxesOf(context.tenant.tenant.id, context.before.userName);
  expect(mailbox?.status).toBe('deleted');
}
