import { beforeAll, expect, it } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import { type ProfileName, serviceProfiles } from '@cleanmail/tenants';
import { type ResolvedFilter, parseFilter, resolveFilter, ScimError } from '@cleanmail/scim';
import { entityTag, toScim, type User, userNameOf } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, patchBody, replacing } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { dumpOfTenant, query } from '../support/rows.js';

const { userType } = serviceProfiles.cleanmail;
const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

function filter(text: string): ResolvedFilter {
  return resolveFilter(parseFilter(text), userType);
}

function rejection(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => {
      throw new Error('it was not refused');
    },
    (error: unknown) => error,
  );
}

describeEachEngine('users of a tenant', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  let stranger: TenantId;

  beforeAll(async () => {
    tenant = await createTenant(libs());
    stranger = await createTenant(libs());
    await libs().users.create(stranger, command(), { userName: 'same@free.example', externalId: 'same' });
  });

  const name = () => `user-${newId()}@free.example`;

  function create(body: Readonly<Record<string, unknown>> = {}, of: TenantId = tenant): Promise<User> {
    return libs().users.create(of, command(), { userName: name(), ...body });
  }

  async function idsOf(text: string, of: TenantId = tenant): Promise<readonly string[]> {
    const page = { filter: filter(text), startIndex: 1, count: 1000 };
    return (await libs().users.list(of, page)).users.map(({ id }) => id);
  }

  /** Runs a request as another tenant: it must answer "not found", and leave the rows of both as they are. */
  async function expectStrangerRefused(user: User, attempt: (as: TenantId) => Promise<unknown>): Promise<void> {
    const { database } = libs();
    const before = [await dumpOfTenant(database, tenant), await dumpOfTenant(database, stranger)];
    const error = await rejection(attempt(stranger));
    expect(error).toBeInstanceOf(ScimError);
    expect(error).toMatchObject({ status: 404, detail: `User ${user.id} does not exist.` });
    const unknown = await rejection(attempt(newId() as TenantId));
    expect(unknown).toMatchObject({ status: 404, detail: (error as ScimError).detail });
    expect([await dumpOfTenant(database, tenant), await dumpOfTenant(database, stranger)]).toEqual(before);
  }

  it('should create a user that reads back as it was sent', async () => {
    const body = {
      userName: `Änna-${newId()}@Free.Example`,
      externalId: 'Case-Exact ',
      displayName: 'Müster, Ana 😀',
      name: { givenName: 'Ana', familyName: 'Müster', formatted: 'Dr. Ana' },
      emails: [{ value: 'Ana@Free.Example', type: 'work', primary: true }],
      addresses: [{ streetAddress: 'Weg 1\nHinterhaus "links" \\ rechts', country: 'CH' }],
      [enterprise]: { department: 'R&D', manager: { value: 'M1' } },
    };
    const user = await create(body);
    expect(user).toMatchObject({ version: 1, resource: { ...body, active: true } });
    expect(user.lastModified).toBe(user.createdAt);
    expect(await libs().users.get(tenant, user.id)).toEqual(user);
    expect(toScim(user, userType, 'x')).toMatchObject({ id: user.id, ...body, meta: { version: 'W/"1"' } });
    await expectStrangerRefused(user, (as) => libs().users.get(as, user.id));
  });

  it('should list users of the tenant only, by position and by cursor', async () => {
    const own = await createTenant(libs());
    const users: User[] = [];
    for (let count = 0; count < 7; count += 1) users.push(await create({ title: 'listed' }, own));
    const { users: service } = libs();
    expect(await service.list(own, { startIndex: 1, count: 100 })).toEqual({ users, totalResults: 7 });
    expect(await service.list(own, { startIndex: 3, count: 2 })).toEqual({ users: users.slice(2, 4), totalResults: 7 });
    expect(await service.list(own, { startIndex: 7, count: 5 })).toEqual({ users: users.slice(6), totalResults: 7 });
    expect(await service.list(own, { startIndex: 99, count: 5 })).toEqual({ users: [], totalResults: 7 });
    expect(await service.list(own, { startIndex: 1, count: 0 })).toEqual({ users: [], totalResults: 7 });
    expect(await service.list(own, { filter: filter('title eq "listed"'), startIndex: 2, count: 1 })).toEqual({
      users: users.slice(1, 2),
      totalResults: 7,
    });
    expect(await service.page(own, { limit: 4 })).toEqual(users.slice(0, 4));
    expect(await service.page(own, { limit: 4, after: users[3]?.id ?? '' })).toEqual(users.slice(4));
    expect(await service.list(stranger, { filter: filter('title eq "listed"'), startIndex: 1, count: 9 })).toEqual({
      users: [],
      totalResults: 0,
    });
    expect(await service.page(newId() as TenantId, { limit: 4 })).toEqual([]);
  });

  it('should replace a user, and keep it active when the body does not say', async () => {
    const user = await create({ title: 'before', active: false, nickName: 'gone' });
    const userName = userNameOf(user);
    const replaced = await libs().users.replace(tenant, command(), user.id, { userName, title: 'after' });
    expect(replaced).toMatchObject({ id: user.id, version: 2, createdAt: user.createdAt });
    expect(replaced.resource).toEqual({ userName, title: 'after', active: false });
    expect(await libs().users.get(tenant, user.id)).toEqual(replaced);
    await expectStrangerRefused(user, (as) => libs().users.replace(as, command(), user.id, { userName: name() }));
  });

  it('should modify a user', async () => {
    const user = await create({ title: 'before' });
    const modified = await libs().users.modify(
      tenant,
      command(),
      user.id,
      replacing({ title: 'after', 'name.givenName': 'A' }),
    );
    expect(modified).toMatchObject({ version: 2, resource: { title: 'after', name: { givenName: 'A' } } });
    expect(await libs().users.get(tenant, user.id)).toEqual(modified);
    await expectStrangerRefused(user, (as) => libs().users.modify(as, command(), user.id, replacing({ title: 'x' })));
  });

  it('should delete a user, whose name is free at once', async () => {
    const user = await create();
    await expectStrangerRefused(user, (as) => libs().users.delete(as, command(), user.id));
    await libs().users.delete(tenant, command(), user.id);
    expect(await rejection(libs().users.get(tenant, user.id))).toMatchObject({ status: 404 });
    expect(await rejection(libs().users.delete(tenant, command(), user.id))).toMatchObject({ status: 404 });
    expect(await idsOf(`id eq "${user.id}"`)).toEqual([]);
    const again = await create({ userName: user.resource['userName'] });
    expect(again.id).not.toBe(user.id);
  });

  it('should apply a PATCH whole or not at all', async () => {
    const user = await create({ title: 'before' });
    const before = await dumpOfTenant(libs().database, tenant);
    const body = patchBody(
      { op: 'replace', path: 'title', value: 'after' },
      { op: 'replace', path: 'nickName', value: 'x' },
      { op: 'replace', path: 'active', value: 'perhaps' },
    );
    expect(await rejection(libs().users.modify(tenant, command(), user.id, body))).toBeInstanceOf(ScimError);
    expect(await dumpOfTenant(libs().database, tenant)).toBe(before);
  });

  it.each([
    ['another case', 'Anna@', 'aNNA@', true],
    ['another case of an accent', 'É@', 'é@', true],
    ['another composition of an accent', 'e\u0301@', 'é@', true],
    ['the three sigmas', 'ΣΑΣ@', 'σας@', true],
    ['another accent', 'noemie@', 'noémie@', false],
    ['a sharp s', 'strasse@', 'straße@', false],
    ['a dotless i', 'i@', 'ı@', false],
    ['a trailing blank', 'blank@', 'blank @', false],
    ['full width', 'wide@', 'ｗide@', false],
    ['an emoji beyond the BMP', '😀@', '😁@', false],
  ])('should with %s find %s and %s to be the same name: %s', async (_, first, second, same) => {
    const suffix = `${newId()}.example`;
    const kept = await create({ userName: first + suffix });
    const attempt = create({ userName: second + suffix });
    if (same) {
      expect(await rejection(attempt)).toMatchObject({ status: 409, scimType: 'uniqueness' });
    } else {
      expect((await attempt).id).not.toBe(kept.id);
    }
    expect(await idsOf(`userName eq "${first}${suffix}"`)).toEqual([kept.id]);
    const foreign = await create({ userName: second + suffix }, stranger);
    expect(foreign.resource['userName']).toBe(second + suffix);
  });

  it.each(['', ' ', '  ', '\u00a0', '\u3000'])(
    'should tell names apart by the blank %j at their end',
    async (blank) => {
      const suffix = newId();
      const user = await create({ userName: `end-${suffix}${blank}` });
      expect(await idsOf(`userName eq "end-${suffix}${blank}"`)).toEqual([user.id]);
      expect(await idsOf(`userName eq "end-${suffix}${blank} "`)).toEqual([]);
    },
  );

  it('should refuse a name that is taken also in PUT and PATCH, and change nothing', async () => {
    const [one, two] = [await create(), await create()];
    const taken = userNameOf(one).toUpperCase();
    const before = await dumpOfTenant(libs().database, tenant);
    const attempts = [
      libs().users.replace(tenant, command(), two.id, { userName: taken }),
      libs().users.modify(tenant, command(), two.id, replacing({ userName: taken })),
    ];
    for (const error of await Promise.all(attempts.map(rejection))) {
      expect(error).toMatchObject({ status: 409, scimType: 'uniqueness' });
    }
    expect(await dumpOfTenant(libs().database, tenant)).toBe(before);
  });

  it('should not care for a second user with the same external id', async () => {
    const users = [
      await create({ externalId: 'twin' }),
      await create({ externalId: 'twin' }),
      await create({ externalId: 'TWIN' }),
    ];
    expect(await idsOf('externalId eq "twin"')).toEqual(users.slice(0, 2).map(({ id }) => id));
    expect(await idsOf('externalId eq "same"')).toEqual([]);
  });

  it('should create one user of a hundred that come at once with one name', async () => {
    const own = await createTenant(libs());
    const userName = name();
    const spellings = [userName, userName.toUpperCase(), userName.replace('user', 'USER')];
    const attempts = Array.from({ length: 100 }, (_, index) => create({ userName: spellings[index % 3] }, own));
    const outcomes = await Promise.allSettled(attempts);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(refused).toHaveLength(99);
    for (const error of refused) expect(error).toMatchObject({ status: 409, scimType: 'uniqueness' });
    const { database } = libs();
    for (const table of ['scim_user', 'mailbox_account', 'mailbox_address', 'mail_recipient', 'provisioning_log']) {
      expect(await query(database, `SELECT COUNT(*) AS n FROM ${table} WHERE tenant_id = ?`, [own])).toEqual([
        { n: 1 },
      ]);
    }
    const events = await query(database, 'SELECT type FROM outbox_event WHERE tenant_id = ?', [own]);
    expect(events.filter(({ type }) => type === 'mailbox.activated')).toHaveLength(1);
    expect(await query(database, 'SELECT feed_version FROM tenant_mail_counter WHERE tenant_id = ?', [own])).toEqual([
      { feed_version: 1 },
    ]);
    await expectMailConsistent(database);
  });

  it('should create a hundred users with different names at once', async () => {
    const own = await createTenant(libs());
    const before = libs().database.retries;
    const users = await Promise.all(Array.from({ length: 100 }, () => create({}, own)));
    expect(new Set(users.map(({ id }) => id)).size).toBe(100);
    expect(libs().database.retries - before).toBeLessThanOrEqual(5);
    expect((await libs().users.list(own, { startIndex: 1, count: 0 })).totalResults).toBe(100);
    await expectMailConsistent(libs().database);
  });

  it('should lose none of fifty changes of different attributes that come at once', async () => {
    const user = await create();
    const values = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`r${index}`, newId()]));
    await Promise.all(
      Object.entries(values).map(([type, value]) =>
        libs().users.modify(
          tenant,
          command(),
          user.id,
          patchBody({ op: 'add', path: 'roles', value: [{ type, value }] }),
        ),
      ),
    );
    const after = await libs().users.get(tenant, user.id);
    expect(after.version).toBe(51);
    const roles = after.resource['roles'] as readonly { readonly type: string; readonly value: string }[];
    expect(Object.fromEntries(roles.map(({ type, value }) => [type, value]))).toEqual(values);
    const log = await query(
      libs().database,
      'SELECT COUNT(*) AS n FROM provisioning_log WHERE tenant_id = ? AND resource_id = ?',
      [tenant, user.id],
    );
    expect(log).toEqual([{ n: 51 }]);
  });

  it('should let one of two win that have the same precondition', async () => {
    for (let round = 0; round < 10; round += 1) {
      const user = await create();
      const accepts = (tag: string) => tag === entityTag(user);
      const outcomes = await Promise.allSettled(
        ['one', 'two'].map((title) => libs().users.modify(tenant, command({ accepts }), user.id, replacing({ title }))),
      );
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const lost = outcomes.find((outcome) => outcome.status === 'rejected');
      expect(lost?.reason).toMatchObject({ status: 412 });
      expect((await libs().users.get(tenant, user.id)).version).toBe(2);
    }
  });

  it('should check the precondition of PUT and DELETE as well', async () => {
    const user = await create();
    const stale = command({ accepts: (tag) => tag === 'W/"9"' });
    expect(await rejection(libs().users.replace(tenant, stale, user.id, { userName: name() }))).toMatchObject({
      status: 412,
    });
    expect(await rejection(libs().users.delete(tenant, stale, user.id))).toMatchObject({ status: 412 });
    expect(await libs().users.get(tenant, user.id)).toEqual(user);
  });

  it('should make neither version nor event of a change that changes nothing', async () => {
    const user = await create({ title: 'same', externalId: 'e' });
    const { database, users } = libs();
    const state = async () => [
      await query(database, 'SELECT * FROM scim_user WHERE id = ?', [user.id]),
      await query(database, 'SELECT * FROM outbox_event WHERE tenant_id = ?', [tenant]),
      await query(database, 'SELECT * FROM mailbox_account WHERE scim_user_id = ?', [user.id]),
      await query(database, 'SELECT * FROM mail_recipient WHERE tenant_id = ?', [tenant]),
    ];
    const before = await state();
    const same = [
      users.modify(tenant, command(), user.id, replacing({ title: 'same', active: true })),
      users.modify(tenant, command(), user.id, patchBody({ op: 'remove', path: 'nickName' })),
      users.replace(tenant, command(), user.id, {
        userName: user.resource['userName'],
        title: 'same',
        externalId: 'e',
      }),
    ];
    expect(await Promise.all(same)).toEqual([user, user, user]);
    expect(await state()).toEqual(before);
  });

  it('should not touch the mailbox when only other attributes change', async () => {
    const user = await create();
    const { database } = libs();
    const before = await query(database, 'SELECT * FROM mailbox_account WHERE scim_user_id = ?', [user.id]);
    await libs().users.modify(tenant, command(), user.id, replacing({ displayName: 'New', title: 'New' }));
    expect(await query(database, 'SELECT * FROM mailbox_account WHERE scim_user_id = ?', [user.id])).toEqual(before);
  });

  it('should let lastModified grow with every change, also when the clock stands still or goes back', async () => {
    const user = await create();
    const times = [user.lastModified];
    for (const step of [0, 0, -3_600_000, 1]) {
      const late = command();
      const request = { ...late.request, at: user.createdAt + step };
      const { lastModified } = await libs().users.modify(
        tenant,
        { ...late, request },
        user.id,
        replacing({ title: newId() }),
      );
      times.push(lastModified);
    }
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(
      await idsOf(`id eq "${user.id}" and meta.lastModified eq "${new Date(times.at(-1) ?? 0).toISOString()}"`),
    ).toEqual([user.id]);
  });

  it('should hold under interleaved changes, replacements and deletions of one user', async () => {
    for (let round = 0; round < 10; round += 1) {
      const user = await create();
      const userName = user.resource['userName'];
      const outcomes = await Promise.allSettled([
        libs().users.modify(tenant, command(), user.id, replacing({ active: false })),
        libs().users.replace(tenant, command(), user.id, { userName, title: 'put' }),
        libs().users.delete(tenant, command(), user.id),
        libs().users.modify(tenant, command(), user.id, replacing({ title: 'patch' })),
        libs().users.delete(tenant, command(), user.id),
      ]);
      const statuses = outcomes.map((outcome) =>
        outcome.status === 'rejected' ? (outcome.reason as ScimError).status : 200,
      );
      expect(statuses.filter((status) => status !== 200 && status !== 404)).toEqual([]);
      expect([statuses[2], statuses[4]].sort()).toEqual([200, 404]);
      expect(await rejection(libs().users.get(tenant, user.id))).toMatchObject({ status: 404 });
    }
    await expectMailConsistent(libs().database);
  });

  it('should refuse another userName in a service where it is immutable', async () => {
    const profile: ProfileName = 'sendsafely';
    const own = await createTenant(libs(), { profile });
    const user = await libs().users.create(own, command({ profile }), { userName: name(), name: { givenName: 'A' } });
    const attempts = [
      libs().users.modify(own, command({ profile }), user.id, replacing({ userName: name() })),
      libs().users.replace(own, command({ profile }), user.id, { userName: name() }),
    ];
    for (const error of await Promise.all(attempts.map(rejection))) {
      expect(error).toMatchObject({ status: 400, scimType: 'mutability' });
    }
    const changed = await libs().users.modify(own, command({ profile }), user.id, replacing({ 'name.givenName': 'B' }));
    expect(changed.resource['name']).toEqual({ givenName: 'B' });
  });

  it('should keep text that SQL could mistake for its own', async () => {
    const nasty = `'"\`; DROP TABLE scim_user; -- \\' %_! ${newId()} \\0 \u2028 😀`;
    const user = await create({
      userName: nasty,
      externalId: nasty,
      displayName: nasty,
      title: nasty,
      [enterprise]: { department: nasty },
    });
    expect((await libs().users.get(tenant, user.id)).resource).toMatchObject({
      userName: nasty,
      externalId: nasty,
      title: nasty,
    });
    for (const path of ['userName', 'externalId', 'displayName', 'title', `${enterprise}:department`]) {
      for (const operator of ['eq', 'co', 'sw', 'ew']) {
        expect(await idsOf(`${path} ${operator} ${JSON.stringify(nasty)}`)).toEqual([user.id]);
      }
    }
  });

  it('should keep ids of three worlds apart', async () => {
    const user = await create();
    const mailbox = await libs().mailboxes.byUser(tenant, user.id);
    const impostor = await create({ userName: user.id, externalId: mailbox?.id ?? '' });
    expect((await libs().users.get(tenant, user.id)).id).toBe(user.id);
    expect(await idsOf(`userName eq "${user.id}"`)).toEqual([impostor.id]);
    for (const id of ['1', '0', '-1', 'admin', tenant, mailbox?.id ?? '', userNameOf(user)]) {
      expect(await rejection(libs().users.get(tenant, id))).toMatchObject({ status: 404 });
    }
  });
});
