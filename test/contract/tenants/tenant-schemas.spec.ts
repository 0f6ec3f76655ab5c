import { beforeAll, expect, it, jest } from '@jest/globals';
import { newId, type TenantId } from '@cleanmail/database';
import { IncompatibleSchemaError, InvalidSchemaError } from '@cleanmail/scim';
import {
  ResourceTypeNotOfferedError,
  SchemaInUseError,
  SchemaNotFoundError,
  serviceProfiles,
  TenantNotFoundError,
  type TenantSchema,
  TooManySchemasError,
} from '@cleanmail/tenants';
import { CONTOSO, contosoSchema, schemaWith, TEAM, teamSchema } from '../../support/contoso-schema.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, type Libs, libsFor, openLibs } from '../support/libs.js';
import { query } from '../support/rows.js';

const { basePath } = serviceProfiles.cleanmail;

describeEachEngine('extension schemas', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  let stranger: TenantId;

  beforeAll(async () => {
    tenant = await createTenant(libs());
    stranger = await createTenant(libs());
  });

  const request = (document: unknown, more: object = {}) =>
    ({ resourceType: 'User', required: false, document, ...more }) as const;
  const register = (owner: TenantId, document: unknown = contosoSchema, more: object = {}): Promise<TenantSchema> =>
    libs().schemas.register(owner, actor, request(document, more));
  const retire = (owner: TenantId, urn: string = CONTOSO) => libs().schemas.retire(owner, actor, urn);
  const replace = (owner: TenantId, document: unknown, more: object = {}) =>
    libs().schemas.replace(owner, actor, CONTOSO, request(document, more));
  const revision = async (owner: TenantId): Promise<number> => {
    const rows = await query(libs().database, 'SELECT schema_revision FROM tenant WHERE id = ?', [owner]);
    return Number(rows[0]?.['schema_revision']);
  };
  const trail = async (owner: TenantId) =>
    (await libs().audit.list(owner, { limit: 100 })).map(({ action }) => action).reverse();
  const urns = async (owner: TenantId) =>
    (await libs().schemas.list(owner, { limit: 100 })).map(({ schema }) => schema.id);

  it('should be registered, read in any case, listed, replaced and retired, each with its audit entry', async () => {
    const own = await createTenant(libs());
    const { schemas } = libs();
    const registered = await register(own);
    expect(registered).toMatchObject({ resourceType: 'User', required: false, retiredAt: null });
    await register(own, teamSchema, { resourceType: 'Group', required: true });
    expect(await schemas.get(own, CONTOSO.toUpperCase())).toEqual(registered);
    expect(await urns(own)).toEqual([TEAM, CONTOSO]);
    expect((await schemas.list(own, { limit: 1, after: TEAM })).map(({ schema }) => schema.id)).toEqual([CONTOSO]);

    const attributes = [...contosoSchema.attributes, { name: 'locker' }];
    const replaced = await replace(own, schemaWith({ attributes, description: 'New words' }), { required: true });
    expect(replaced).toMatchObject({
      required: true,
      createdAt: registered.createdAt,
      schema: { description: 'New words' },
    });
    expect(await schemas.get(own, CONTOSO)).toEqual(replaced);
    await retire(own);
    await expect(schemas.get(own, CONTOSO)).rejects.toBeInstanceOf(SchemaNotFoundError);
    expect([await urns(own), await revision(own)]).toEqual([[TEAM], 4]);
    expect(await trail(own)).toEqual([
      'tenant.create',
      'schema.register',
      'schema.register',
      'schema.replace',
      'schema.retire',
    ]);
    const [retired] = await libs().audit.list(own, { limit: 1 });
    expect(retired).toMatchObject({
      target: CONTOSO,
      actor: actor.name,
      details: { id: CONTOSO, resourceType: 'User' },
    });
  });

  it('should be refused without a trace when it is no schema, or one that is there already', async () => {
    const own = await createTenant(libs());
    await register(own);
    const attempts: readonly (readonly [Promise<unknown>, unknown])[] = [
      [register(own), SchemaInUseError],
      [register(own, schemaWith({ id: CONTOSO.toUpperCase() })), SchemaInUseError],
      [register(own, { ...teamSchema, id: CONTOSO }, { resourceType: 'Group' }), SchemaInUseError],
      [register(own, { ...teamSchema, id: `${CONTOSO}:Team` }, { resourceType: 'Group' }), InvalidSchemaError],
      [register(own, { id: 'urn:example:other', attributes: [{ name: 'BADGE' }] }), InvalidSchemaError],
      [register(own, { id: 'urn:example:other', attributes: [{ name: 'members' }] }, { resourceType: 'Group' }), InvalidSchemaError],
      [register(own, null), InvalidSchemaError],
      [replace(own, schemaWith({ attributes: contosoSchema.attributes.slice(1) })), IncompatibleSchemaError],
      [replace(own, schemaWith({ id: 'urn:example:other' })), IncompatibleSchemaError],
      [replace(own, contosoSchema, { resourceType: 'Group' }), SchemaInUseError],
      [libs().schemas.replace(own, actor, TEAM, request(teamSchema)), SchemaNotFoundError],
      [retire(own, TEAM), SchemaNotFoundError],
    ];
    for (const [attempt, error] of attempts) await expect(attempt).rejects.toBeInstanceOf(error);
    expect([await urns(own), await revision(own), await trail(own)]).toEqual([
      [CONTOSO],
      1,
      ['tenant.create', 'schema.register'],
    ]);
    await register(own, { id: 'urn:example:other', attributes: [{ name: 'badge' }] }, { resourceType: 'Group' });
  }); // prettier-ignore

  it('should be refused for groups where the service has none', async () => {
    const sendsafely = await createTenant(libs(), { profile: 'sendsafely' });
    await expect(register(sendsafely, teamSchema, { resourceType: 'Group' })).rejects.toBeInstanceOf(
      ResourceTypeNotOfferedError,
    );
    expect((await register(sendsafely)).schema.id).toBe(CONTOSO);
  });

  it('should be twenty at the most, retired ones not counted', async () => {
    const own = await createTenant(libs());
    const small = (number: number) => ({ id: `urn:example:x${number}`, attributes: [{ name: `a${number}` }] });
    for (let number = 0; number < 20; number += 1) await register(own, small(number));
    await expect(register(own, small(20))).rejects.toBeInstanceOf(TooManySchemasError);
    await retire(own, 'urn:example:x7');
    await register(own, small(20));
    await expect(register(own, small(7))).rejects.toBeInstanceOf(TooManySchemasError);
  });

  it('should come back only as what it was, in whatever it adds', async () => {
    const own = await createTenant(libs());
    const first = await register(own);
    await retire(own);
    const without = schemaWith({ attributes: contosoSchema.attributes.slice(1) });
    await expect(register(own, without)).rejects.toThrow(/badge must not be removed/);
    await expect(register(own, schemaWith({ id: CONTOSO.toLowerCase() }))).rejects.toThrow(/must be spelled/);
    await expect(register(own, { ...teamSchema, id: CONTOSO }, { resourceType: 'Group' })).rejects.toBeInstanceOf(
      SchemaInUseError,
    );
    const attributes = [...contosoSchema.attributes, { name: 'locker' }];
    const back = await register(own, schemaWith({ attributes }), { required: true });
    expect(back).toMatchObject({ required: true, createdAt: first.createdAt, retiredAt: null });
    expect(await libs().schemas.get(own, CONTOSO)).toEqual(back);
  });

  it('should be registered once when ten ask at once, on two nodes', async () => {
    const node = await openLibs(libs().databaseUrl);
    try {
      const own = await createTenant(libs());
      const asks = Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? libs() : node).schemas.register(own, actor, request(contosoSchema)),
      );
      const outcomes = await Promise.allSettled(asks);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(SchemaInUseError);
      }
      expect([await revision(own), (await trail(own)).length]).toEqual([1, 2]);
    } finally {
      await node.close();
    }
  });

  it('should not take each other’s attribute names when registered at once', async () => {
    const own = await createTenant(libs());
    const asks = ['a', 'b', 'c', 'd'].map((name) =>
      register(own, { id: `urn:example:${name}${name}`, attributes: [{ name: 'badge' }] }),
    );
    const outcomes = await Promise.allSettled(asks);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await urns(own)).toHaveLength(1);
  });

  it('should do nothing when the audit entry cannot be written', async () => {
    const own = await createTenant(libs());
    await register(own);
    const before = await libs().schemas.list(own, { limit: 10 });
    const spy = jest.spyOn(libs().audit, 'record').mockRejectedValue(new Error('no audit entry'));
    const attempts = [
      register(own, teamSchema, { resourceType: 'Group' }),
      replace(own, schemaWith({ name: 'x' })),
      retire(own),
    ];
    const outcomes = await Promise.allSettled(attempts);
    spy.mockRestore();
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { message: 'no audit entry' } });
    expect([await libs().schemas.list(own, { limit: 10 }), await revision(own)]).toEqual([before, 1]);
  });

  it('should belong to their tenant alone', async () => {
    await register(tenant);
    const { schemas } = libs();
    expect([await urns(stranger), await revision(stranger)]).toEqual([[], 0]);
    await expect(schemas.get(stranger, CONTOSO)).rejects.toBeInstanceOf(SchemaNotFoundError);
    await expect(retire(stranger)).rejects.toBeInstanceOf(SchemaNotFoundError);
    await expect(replace(stranger, contosoSchema)).rejects.toBeInstanceOf(SchemaNotFoundError);
    const other = { id: CONTOSO, attributes: [{ name: 'badge', type: 'integer' }] };
    expect(await register(stranger, other)).toMatchObject({ schema: { attributes: [{ type: 'integer' }] } });
    expect((await schemas.get(tenant, CONTOSO)).schema.attributes).toHaveLength(contosoSchema.attributes.length);
  });

  it('should not be had by a tenant that is not there, or not any more', async () => {
    const closed = await createTenant(libs());
    await libs().tenants.close(closed, actor);
    for (const nobody of [newId() as TenantId, closed]) {
      const { schemas } = libs();
      const attempts = [register(nobody), replace(nobody, contosoSchema), retire(nobody), schemas.get(nobody, CONTOSO), schemas.list(nobody, { limit: 1 })];
      for (const outcome of await Promise.allSettled(attempts)) {
        expect(outcome).toMatchObject({ reason: expect.any(TenantNotFoundError) });
      }
    }
  }); // prettier-ignore

  it('should be part of the profile that a token opens, from one request to the next', async () => {
    const own = await createTenant(libs());
    const { credential } = await libs().tokens.issue(own, actor, {});
    const extensions = async (node: Libs = libs()) => {
      const principal = await node.verifier.verify(credential, basePath);
      return principal?.profile.userType.extensions.map(({ schema }) => schema.id);
    };
    const [enterprise] = serviceProfiles.cleanmail.userType.extensions.map(({ schema }) => schema.id);
    expect((await libs().verifier.verify(credential, basePath))?.profile).toBe(serviceProfiles.cleanmail);
    await register(own);
    expect(await extensions()).toEqual([enterprise, CONTOSO]);
    await retire(own);
    expect(await extensions()).toEqual([enterprise]);
    expect((await libs().verifier.verify(credential, basePath))?.profile.userType.retiredExtensions).toHaveLength(1);
  });

  it('should be built once a version, and cost nobody else a statement', async () => {
    const own = await createTenant(libs());
    const { profiles, database } = libs();
    await register(own);
    const of = (schemaRevision: number) => profiles.of({ tenant: own, profile: 'cleanmail', schemaRevision });
    const read = jest.spyOn(database, 'read');
    const [first, second] = await Promise.all([of(1), of(1)]);
    expect([first === second, (await of(1)) === first, read.mock.calls.length]).toEqual([true, true, 1]);
    expect(await of(0)).toBe(serviceProfiles.cleanmail);
    expect(read.mock.calls).toHaveLength(1);
    read.mockRejectedValueOnce(new Error('gone'));
    await expect(of(2)).rejects.toThrow('gone');
    expect((await of(2)).userType.extensions).toHaveLength(2);
    read.mockRestore();
  });

  it('should keep the profiles in memory within bounds', async () => {
    const own = await createTenant(libs());
    const attributes = Array.from({ length: 100 }, (_, number) => ({
      name: `a${number}`,
      description: 'x'.repeat(560),
    }));
    await register(own, { id: CONTOSO, attributes });
    const { profiles } = libs();
    const before = profiles.size;
    for (let version = 1; version <= 200; version += 1) {
      await profiles.of({ tenant: own, profile: 'cleanmail', schemaRevision: version });
    }
    expect(profiles.size).toBeLessThan(before + 100);
    expect(profiles.size).toBeGreaterThan(10);
  });
});
