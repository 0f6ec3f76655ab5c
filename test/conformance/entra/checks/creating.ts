import { expect } from '@jest/globals';
import { CORE_USER, ENTERPRISE_USER, type ScimList, type ScimUser } from '../../client/scim-types.js';
import { formEncode } from '../../client/tenant-client.js';
import { afterPost, attributesOf } from '../expected-user.js';
import { ANNA_MEIER, fullUser, plainUser, uniqueAddress } from '../people.js';
import { expectListOf, expectScimError, expectScimJson, expectUnchanged } from './assertions.js';
import type { CheckContext, CheckTable } from './check.js';

/** Answers to POST /Users (C). */
export const creatingChecks: CheckTable = {
  'Body is the full resource with id, schemas, meta{resourceType,created,lastModified,location}': async ({
    answer,
    user,
    tenant,
  }) => {
    expectScimJson(answer);
    expect(user.id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(user.schemas).toContain(CORE_USER);
    expect(user.meta).toMatchObject({ resourceType: 'User', created: user.meta.lastModified });
    expect(new Date(user.meta.created).toISOString()).toBe(user.meta.created);
    expect(user.meta.location).toMatch(new RegExp(`^https?://[^/]+${tenant.basePath}/Users/${user.id}$`));
    expect(await tenant.readUser(user.id)).toEqual(user);
  },
  'Location header = meta.location': ({ answer, user }) => {
    expect(answer.headers.location).toBeDefined();
    expect(answer.headers.location).toBe(user.meta.location);
  },
  'Supported attributes echoed exactly as sent': expectEchoed,
  'GET by filter right afterwards finds it (no eventual consistency)': expectFoundAsAnswered,
  'roles:[] and meta in the request are tolerated': ({ answer, user }) => {
    expect(answer.status).toBe(201);
    expect(user.roles ?? []).toEqual([]);
    expect(user.meta.resourceType).toBe('User');
  },
  'userName here is not a mail address: a mailbox product may have to refuse it with 400 invalidValue and a precise detail':
    async (context) => {
      expect(context.answer.status).toBe(201);
      const mailbox = await context.tenant.mailboxOf(context.user.id);
      expect(['active', 'pending']).toContain(mailbox.status);
      if (mailbox.status === 'pending') expect(mailbox.statusReason).toMatch(/^(invalid_syntax|address_taken)$/);
    },
  "Explicit nulls are read as 'not set', not as type errors": ({ answer, user }) => {
    expect(answer.text).not.toContain('null');
    for (const name of ['addresses', 'phoneNumbers', 'preferredLanguage', 'title'])
      expect(user).not.toHaveProperty(name);
  },
  'The malformed extension URN (no colon before User) and the misplaced department/manager are ignored': ({ user }) => {
    expect(user.schemas).toEqual([CORE_USER]);
    for (const name of ['department', 'manager', ENTERPRISE_USER]) expect(Object.keys(user)).not.toContain(name);
  },
  'totalResults=1, values equal to those sent': async ({ answer, world, tenant }) => {
    const [found] = (answer.body as ScimList).Resources;
    expect(found).toBeDefined();
    expectListOf(answer, await tenant.readUser(found?.id ?? ''));
    expect(attributesOf(found ?? {})).toEqual(afterPost(world.firstSent as object));
  },
  'roles[0].primary is the string "True"': ({ user, sent }) => {
    expect((sent['roles'] as readonly { primary: unknown }[])[0]?.primary).toBe('True');
    expect(user.roles?.[0]?.primary).toBe(true);
  },
  'With schema discovery the validator only sends and compares attributes that /Schemas lists; with default attributes it sends all of these':
    async ({ tenant, sent }) => {
      const answer = await tenant.send('GET', '/Schemas');
      const schemas = (answer.body as ScimList<{ id: string; attributes: readonly { name: string }[] }>).Resources;
      const namesOf = (id: string) => schemas.find((schema) => schema.id === id)?.attributes.map(({ name }) => name);
      const core = Object.keys(sent).filter((name) => !['schemas', ENTERPRISE_USER].includes(name));
      expect(namesOf(CORE_USER)).toEqual(expect.arrayContaining(core));
      expect(namesOf(ENTERPRISE_USER)).toEqual(expect.arrayContaining(Object.keys(sent[ENTERPRISE_USER] as object)));
    },
  "userName is a random mail address at a random domain: a hosted-domain check must be off (or 'any') for the validator's tenant":
    async ({ tenant, user }) => {
      expect(tenant.tenant.domains).toEqual([]);
      expect((await tenant.mailboxOf(user.id)).statusReason).not.toBe('domain_not_owned');
    },
  'Only userName and active are required; names and externalId are absent from the answer': ({ user }) => {
    expect(Object.keys(user).sort()).toEqual(['active', 'id', 'meta', 'schemas', 'userName']);
  },
  'Returned as JSON boolean false; the account exists but is disabled': async (context) => {
    expect(context.user.active).toBe(false);
    await expectFoundAsAnswered(context);
    expect((await context.tenant.mailboxOf(context.user.id)).status).toMatch(/^(suspended|pending)$/);
  },
  'scimType invalidValue; only true/false (any case) strings are coerced': async (context) => {
    expectScimError(context.answer, 400, 'invalidValue');
    await expectNobodyNamed(context, context.sent['userName'] as string);
    for (const [active, expected] of [
      ['TRUE', true],
      ['fAlSe', false],
    ] as const) {
      expect((await context.tenant.createUser({ ...fullUser(), active })).active).toBe(expected);
    }
    for (const active of ['no', '1', 'true ', {}]) {
      expectScimError(
        await context.tenant.send('POST', '/Users', { body: { ...fullUser(), active } }),
        400,
        'invalidValue',
      );
    }
  },
  "Team's decision: Cleanmail lists active as required, RFC 7643 does not; if accepted the default is true. Entra always sends it":
    ({ answer, user }) => {
      expect([answer.status, user.active]).toEqual([201, true]);
    },
  'Empty string is treated as not set; two users without externalId never collide on a unique index': async ({
    user,
    before,
    tenant,
  }) => {
    expect(user).not.toHaveProperty('externalId');
    expect(before).not.toHaveProperty('externalId');
    expect(await tenant.readUser(user.id)).toEqual(user);
  },
  'RFC 7643: externalId has uniqueness none, so 201; a product that refuses must answer 409 uniqueness, not 500':
    async (context) => {
      expect(context.answer.status).toBe(201);
      const found = await context.tenant.send('GET', `/Users?filter=${formEncode('externalId eq "a.meier"')}`);
      expectListOf(found, context.before, context.user);
    },
  'Unknown attributes ignored and not echoed': ({ answer, user }) => {
    expect(answer.text).not.toMatch(/favouriteColour|blue/);
    expect(user[ENTERPRISE_USER]).toEqual({ department: 'Sales' });
  },
  'Unknown extension schemas ignored too': async ({ answer, tenant, user }) => {
    expect(answer.text).not.toContain('urn:example');
    expect([...user.schemas].sort()).toEqual([CORE_USER, ENTERPRISE_USER]);
    expect((await tenant.send('GET', `/Users/${user.id}`)).text).not.toMatch(/urn:example|favouriteColour/);
  },
  'SCIM Error with scimType invalidValue and a detail naming userName': async ({ answer, tenant }) => {
    expect(expectScimError(answer, 400, 'invalidValue').detail).toContain('userName');
    expectListOf(await tenant.send('GET', '/Users'));
  },
  'scimType invalidValue': async (context) => {
    expectScimError(context.answer, 400, 'invalidValue');
    if (context.world.subject === undefined) expectListOf(await context.tenant.send('GET', '/Users'));
    else await expectUnchanged(context);
  },
  "scimType invalidSyntax; SCIM Error body, not the framework's default error": ({ answer }) => {
    expectScimError(answer, 400, 'invalidSyntax');
  },
  'SCIM Error with scimType uniqueness, a detail text, status "409"': ({ answer }) => {
    expect(expectScimError(answer, 409, 'uniqueness').detail).toMatch(/userName/);
  },
  'Stored user unchanged': expectUnchanged,
  'userName uniqueness is case-insensitive, like the filter': async (context) => {
    expectScimError(context.answer, 409, 'uniqueness');
    await expectUnchanged(context);
    expectListOf(
      await context.tenant.send('GET', `/Users?filter=${formEncode('userName eq "ANNA.meier@CONTOSO.ch"')}`),
      context.before,
    );
  },
  'Of two simultaneous equal POSTs exactly one gets 201, the other 409; never two rows, never 500 on the unique index or on a deadlock':
    async ({ answers, tenant }) => {
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      const winner = answers.find(({ status }) => status === 201)?.body as ScimUser;
      const loser = answers.find(({ status }) => status === 409);
      if (loser !== undefined) expectScimError(loser, 409, 'uniqueness');
      expectListOf(await tenant.send('GET', '/Users'), winner);
    },
  '409 uniqueness: the disabled user is visible to filters, so Entra normally PATCHes instead of POSTing': async (
    context,
  ) => {
    expectScimError(context.answer, 409, 'uniqueness');
    expect(context.before.active).toBe(false);
    expect((await context.tenant.findByUserName(ANNA_MEIER)).Resources).toEqual([context.before]);
  },
  'A new id; no data of the deleted account shows through': async (context) => {
    expect(context.user.id).not.toBe(context.world.values.get('deletedId'));
    expectEchoed(context);
    expectListOf(await context.tenant.send('GET', '/Users'), context.user);
  },
  'No password in the answer, in logs or in audit records': async ({ answer, tenant, user, sent }) => {
    const password = sent['password'] as string;
    const read = await tenant.send('GET', `/Users/${user.id}`);
    const log = await tenant.admin.provisioningLog(tenant.tenant.id);
    expect(log.entries.length).toBeGreaterThan(0);
    for (const text of [answer.text, read.text]) expect(text).not.toMatch(/password/i);
    for (const text of [answer.text, read.text, log.text]) expect(text).not.toContain(password);
  },
  "'application/scim+json; charset=utf-8' parsed (Express/Nest body parsers do not know this type by default)": async (
    context,
  ) => {
    expect(context.request.headers['Content-Type']).toBe('application/scim+json; charset=utf-8');
    expectEchoed(context);
    for (const type of ['application/scim+json', 'application/json', 'Application/SCIM+JSON;charset=UTF-8']) {
      const answer = await context.tenant.send('POST', '/Users', {
        body: plainUser(uniqueAddress()),
        headers: { 'Content-Type': type },
      });
      expect([type, answer.status]).toEqual([type, 201]);
    }
  },
  'scimType invalidValue naming the attribute; no silent truncation, no 500 from the database': async (context) => {
    expect(expectScimError(context.answer, 400, 'invalidValue').detail).toContain('givenName');
    await expectNobodyNamed(context, context.sent['userName'] as string);
  },
  'Round trip exact, including characters outside the BMP (utf8mb4) and combining marks (no normalisation)': async (
    context,
  ) => {
    expectEchoed(context);
    const combining = { givenName: 'Zoe\u0308 \u{1F469}\u200D\u{1F4BB}', familyName: 'Mu\u0308ller \u{20BB7}' };
    const user = await context.tenant.createUser(plainUser(uniqueAddress(), { name: combining }));
    expect((await context.tenant.readUser(user.id)).name).toEqual(combining);
  },
  "Attribute names are case-insensitive (Microsoft's collection sends Primary, Department, Manager, Value)": async ({
    user,
    tenant,
  }) => {
    expect(attributesOf(user)).toEqual({
      userName: 'ac@contoso.ch',
      active: true,
      name: { givenName: 'A', familyName: 'C' },
    });
    const body = { ...fullUser(), emails: [{ Primary: true, Type: 'work', Value: 'p@contoso.ch' }] };
    expect((await tenant.createUser(body)).emails).toEqual([{ primary: true, type: 'work', value: 'p@contoso.ch' }]);
  },
  'name absent in the answer': async ({ user, tenant }) => {
    expect(user).not.toHaveProperty('name');
    expect(await tenant.readUser(user.id)).toEqual(user);
  },
  'Keys such as __proto__ and constructor have no effect on the process': async ({ answer, tenant }) => {
    expect(answer.text).not.toContain('admin');
    const body =
      '{"userName":"cc@contoso.ch","constructor":{"prototype":{"admin":true}},"name":{"__proto__":{"admin":true}}}';
    const second = await tenant.send('POST', '/Users', { body });
    expect([201, 400]).toContain(second.status);
    const bystander = await tenant.createUser(plainUser(uniqueAddress()));
    expect(Object.keys(bystander).sort()).toEqual(['active', 'id', 'meta', 'schemas', 'userName']);
    expect((await tenant.send('GET', '/Users')).text).not.toContain('admin');
    expect(Object.prototype).not.toHaveProperty('admin');
  },
};

/** The answer holds the attributes of the request, each with its value, and no other. */
function expectEchoed({ user, sent }: CheckContext): void {
  expect(attributesOf(user)).toEqual(afterPost(sent));
}

async function expectFoundAsAnswered({ tenant, user }: CheckContext): Promise<void> {
  expectListOf(await tenant.send('GET', `/Users?filter=${formEncode(`userName eq "${user.userName}"`)}`), user);
}

async function expectNobodyNamed({ tenant }: CheckContext, userName: string): Promise<void> {
  expect((await tenant.findByUserName(userName)).totalResults).toBe(0);
}
