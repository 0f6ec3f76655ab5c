import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  CORE_USER,
  ENTERPRISE_USER,
  PATCH_OP,
  type PatchOperation,
  type ScimUser,
} from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser, plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';

const good: readonly PatchOperation[] = [
  { op: 'replace', path: 'displayName', value: 'Half done' },
  { op: 'replace', path: 'active', value: false },
];

const bad: readonly (readonly [scimType: string, operation: PatchOperation])[] = [
  ['invalidPath', { op: 'replace', path: 'emails[type eq', value: 'x' }],
  ['invalidPath', { op: 'replace', path: 'a b c', value: 'x' }],
  ['noTarget', { op: 'remove' }],
  ['invalidValue', { op: 'replace', path: 'active', value: 'perhaps' }],
  ['invalidValue', { op: 'replace', path: 'emails', value: [{ value: 5 }] }],
  ['mutability', { op: 'remove', path: 'userName' }],
  ['invalidSyntax', { op: 'copy', path: 'title', value: 'x' }],
  ['mutability', { op: 'replace', path: 'id', value: 'x' }],
  ['mutability', { op: 'replace', path: 'meta.created', value: '2026-11-21T08:30:00Z' }],
];

describeEachEngine('a PATCH that fails in its third operation', (engine) => {
  const service = serviceForSuite(engine);
  let tenant: TenantClient;
  let other: ScimUser;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
    other = await tenant.createUser(fullUser());
  });

  it.each(bad)('should change nothing of the user, its mailbox or its version: %s %j', async (scimType, operation) => {
    const user = await tenant.createUser(fullUser());
    const mailbox = await tenant.mailboxOf(user.id);
    expectScimError(await tenant.patch(user.id, ...good, operation), 400, scimType);
    expectScimError(await tenant.patch(user.id, ...good, operation, ...good), 400, scimType);
    expect(await tenant.readUser(user.id)).toEqual(user);
    expect(await tenant.mailboxOf(user.id)).toEqual(mailbox);
  });

  it('should change nothing either when only the database finds out', async () => {
    const user = await tenant.createUser(fullUser());
    const mailbox = await tenant.mailboxOf(user.id);
    const answer = await tenant.patch(user.id, ...good, { op: 'replace', path: 'userName', value: other.userName });
    expectScimError(answer, 409, 'uniqueness');
    expect([await tenant.readUser(user.id), await tenant.mailboxOf(user.id)]).toEqual([user, mailbox]);
    const [entry] = (await tenant.admin.provisioningLog(tenant.tenant.id)).entries;
    expect(entry).toBeDefined();
  });
});

describe('unknown attributes', () => {
  const service = serviceForSuite(embeddedEngine());
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  const poisonous = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    '__lookupSetter__',
  ];

  it('should be accepted and not kept, at every level', async () => {
    const body = fullUser(uniqueAddress(), {
      schemas: [CORE_USER, ENTERPRISE_USER, 'urn:vendor:unknown:2.0:User'],
      'urn:vendor:unknown:2.0:User': { a: { b: ['c'] } },
      favouriteColour: 'blue',
      tenant_id: 'other',
      id: 'chosen-by-the-client',
      meta: { version: 'W/"99"', created: '2000-01-01T00:00:00Z' },
      groups: [{ value: 'admins' }],
      name: { givenName: 'Anna', nick: 'x' },
    });
    const user = await tenant.createUser(body);
    const expected = fullUser(user.userName, { name: { givenName: 'Anna' } });
    expect(user).toEqual({ ...expected, id: user.id, meta: user.meta });
    expect([user.id, user.meta.version]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'W/"1"']);
  });

  it.each(poisonous)('should be harmless under the name %s in POST, PUT and PATCH', async (name) => {
    const user = await tenant.createUser(plainUser(uniqueAddress()));
    const json = (userName: string): string =>
      `{"userName":"${userName}","${name}":{"polluted":"yes"},"name":{"${name}":{"polluted":"yes"}},"${ENTERPRISE_USER}":{"${name}":{"polluted":"yes"}}}`;
    const answers = [
      await tenant.send('POST', '/Users', { body: json(uniqueAddress()) }),
      await tenant.send('PUT', `/Users/${user.id}`, { body: json(user.userName) }),
    ];
    for (const answer of answers) {
      if (answer.status === 400) expectScimError(answer, 400, 'invalidSyntax');
      else expect([[200, 201].includes(answer.status), answer.text.includes('polluted')]).toEqual([true, false]);
    }
    const operations: readonly PatchOperation[] = [
      { op: 'add', path: name, value: { polluted: 'yes' } },
      { op: 'add', path: `${name}.polluted`, value: 'yes' },
      { op: 'replace', path: `name.${name}.polluted`, value: 'yes' },
      { op: 'add', path: `${ENTERPRISE_USER}:${name}.polluted`, value: 'yes' },
      { op: 'add', path: `emails[${name} eq "x"].value`, value: 'yes' },
      { op: 'add', path: `emails[type eq "${name}"].polluted`, value: 'yes' },
      { op: 'add', value: { [`${name}.polluted`]: 'yes' } },
      { op: 'add', value: { [`name.${name}`]: { polluted: 'yes' } } },
      { op: 'remove', path: name },
      { op: 'remove', path: `${name}.polluted` },
    ];
    for (const operation of operations) {
      const answer = await tenant.patch(user.id, operation);
      expect([operation, [200, 400].includes(answer.status)]).toEqual([operation, true]);
      if (answer.status === 400)
        expect(expectScimError(answer, 400, (answer.body as { scimType: string }).scimType)).not.toBe('');
      else expect(answer.text).not.toContain('polluted');
    }
    const raw = `{"schemas":["${PATCH_OP}"],"Operations":[{"op":"add","value":{"${name}":{"polluted":"yes"}}}],"${name}":{"polluted":"yes"}}`;
    expect([200, 400]).toContain((await tenant.send('PATCH', `/Users/${user.id}`, { body: raw })).status);
    for (const parameter of ['filter', 'attributes', 'excludedAttributes', 'sortBy', name])
      expect([200, 400]).toContain(
        (await tenant.send('GET', `/Users?${parameter}=${name}.polluted%20eq%20%22x%22&${name}[polluted]=yes`)).status,
      );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((Object as unknown as Record<string, unknown>)['polluted']).toBeUndefined();
    expect((await tenant.readUser(user.id)).userName).toBe(user.userName);
  });
});
