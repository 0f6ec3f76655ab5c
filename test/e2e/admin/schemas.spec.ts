import { beforeEach, expect, it } from '@jest/globals';
import { CONTOSO, contosoSchema, SCHEMA_URN, schemaWith, TEAM, teamSchema } from '../../support/contoso-schema.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { adminSurface, allPages, instant, listOf, unknownId } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

describeEachEngine('Admin REST, extension schemas', (engine) => {
  const surface = adminSurface(engine);
  let path: string;
  const createTenant = async (profile = 'cleanmail'): Promise<string> => {
    const answer = await surface.call('POST', '/tenants', { name: 'Contoso', profile });
    return `/tenants/${(answer.body as { id: string }).id}/schemas`;
  };
  const register = (schema: unknown = contosoSchema, more: object = {}, at: string = path) =>
    surface.call('POST', at, { resourceType: 'User', schema, ...more });

  beforeEach(async () => {
    path = await createTenant();
  });

  it('should register, read, list, replace and retire', async () => {
    const created = await register(contosoSchema, { required: true });
    const view = {
      id: CONTOSO,
      name: 'ContosoUser',
      description: 'What Contoso keeps of its people',
      resourceType: 'User',
      required: true,
      attributes: contosoSchema.attributes.map((attribute) => (attribute as { name: string }).name),
      createdAt: expect.stringMatching(instant),
      updatedAt: expect.stringMatching(instant),
      schema: expect.objectContaining({ schemas: [SCHEMA_URN], id: CONTOSO }),
    };
    expect([created.status, created.body]).toEqual([201, view]);
    const { schema, ...summary } = created.body as { schema: { attributes: readonly object[] } };
    expect(schema.attributes[0]).toEqual({
      name: 'badge', type: 'string', multiValued: false, description: 'Number of the badge', required: false, canonicalValues: ['B-1', 'B-2'],
      caseExact: false, mutability: 'readWrite', returned: 'default', uniqueness: 'none',
    }); // prettier-ignore
    const one = `${path}/${encodeURIComponent(CONTOSO)}`;
    expect((await surface.call('GET', one)).body).toEqual(created.body);
    expect((await surface.call('GET', one.toLowerCase())).body).toEqual(created.body);
    expect(listOf(await surface.call('GET', path))).toEqual({ items: [summary] });

    const changed = { ...schema, name: 'Renamed', attributes: [...schema.attributes, { name: 'locker' }] };
    const replaced = await surface.call('PUT', one, { resourceType: 'User', schema: changed });
    expect([replaced.status, replaced.body]).toEqual([
      200,
      { ...view, name: 'Renamed', required: false, attributes: [...view.attributes, 'locker'] },
    ]);
    const retired = await surface.call('DELETE', one);
    expect([retired.status, retired.text]).toEqual([204, '']);
    for (const method of ['GET', 'DELETE']) {
      const problem = `The tenant has no schema with the URN ${CONTOSO}.`;
      expectProblem(await surface.call(method, one), 404, 'schema_not_found', problem);
    }
    expect(listOf(await surface.call('GET', path)).items).toEqual([]);
    const audit = listOf(await surface.call('GET', path.replace('schemas', 'audit-log'))).items;
    expect(audit.map(({ action, target }) => [action, target])).toEqual([
      ['schema.retire', CONTOSO],
      ['schema.replace', CONTOSO],
      ['schema.register', CONTOSO],
      ['tenant.create', expect.any(String)],
    ]);
  });

  it('should list page by page', async () => {
    for (let number = 0; number < 5; number += 1) {
      const urn = `urn:example:contoso:${'long'.repeat(40)}:${number}`;
      expect((await register({ id: urn, attributes: [{ name: `a${number}` }] })).status).toBe(201);
    }
    const pages = await allPages<{ readonly id: string }>(surface, path, 2);
    expect(pages.map((page) => page.map(({ id }) => id.slice(-1)))).toEqual([['0', '1'], ['2', '3'], ['4']]);
    expectProblem(await surface.call('GET', `${path}?cursor=x`), 400, 'invalid_cursor', /^cursor: /);
    expect((await surface.call('GET', `${path}?limit=0`)).status).toBe(400);
  });

  it('should name everything that is wrong with a schema, and where', async () => {
    const schema = {
      id: 'contoso',
      attributes: [{ name: 'userName' }, { name: 'desk', type: 'complex' }, { nmae: 'x' }],
    };
    const answer = await register(schema);
    expectProblem(
      answer,
      400,
      'invalid_schema',
      /^id must be a URN.*attributes\[0\]\.name redefines a core attribute/,
      [
        { field: 'id', messages: [expect.stringMatching(/^must be a URN/)] },
        { field: 'attributes[0].name', messages: ['redefines a core attribute of User'] },
        { field: 'attributes[1].subAttributes', messages: ['must be a list of at least one attribute'] },
        { field: 'attributes[2].nmae', messages: [expect.stringMatching(/no member/)] },
        { field: 'attributes[2].name', messages: ['must be the name of the attribute'] },
      ],
    );
  });

  it.each([
    ['no resource type', { schema: contosoSchema, resourceType: undefined }, 'resourceType'],
    ['an unknown resource type', { schema: contosoSchema, resourceType: 'Device' }, 'resourceType'],
    ['required as text', { schema: contosoSchema, required: 'yes' }, 'required'],
    ['no schema', { schema: undefined }, 'schema'],
    ['a list as schema', { schema: [] }, 'schema'],
    ['an unknown field', { schema: contosoSchema, endpoint: '/Users' }, 'endpoint'],
  ])('should refuse a body with %s', async (_what, body, field) => {
    const answer = await surface.call('POST', path, { resourceType: 'User', ...body });
    const errors = [{ field, messages: expect.any(Array) }];
    expectProblem(answer, 400, 'invalid_request', new RegExp(`^${field}`), errors);
  });

  it('should answer conflicts with a remedy', async () => {
    await register();
    expectProblem(
      await register(),
      409,
      'schema_in_use',
      `The tenant has the schema ${CONTOSO} already; replace it to change it.`,
    );
    const badge = { name: 'badge', type: 'integer' };
    const body = {
      resourceType: 'User',
      schema: schemaWith({ attributes: [badge, ...contosoSchema.attributes.slice(1)] }),
    };
    const change = await surface.call('PUT', `${path}/${CONTOSO}`, body);
    const remedy =
      /would change their meaning: badge must keep type string\. .*register the changed schema under another URN\.$/;
    expectProblem(change, 409, 'incompatible_schema', remedy, [
      { field: 'badge', messages: ['must keep type string'] },
    ]);
    const sendsafely = await createTenant('sendsafely');
    const refused = await register(teamSchema, { resourceType: 'Group' }, sendsafely);
    const detail = 'resourceType Group is not offered by the profile sendsafely; register the schema for User.';
    expectProblem(refused, 400, 'invalid_schema', detail, [{ field: 'resourceType', messages: [expect.any(String)] }]);
  });

  it('should keep tenants apart', async () => {
    await register(teamSchema, { resourceType: 'Group' });
    const other = await createTenant();
    expect(listOf(await surface.call('GET', other)).items).toEqual([]);
    const body = { resourceType: 'Group', schema: teamSchema };
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await surface.call(method, `${other}/${TEAM}`, method === 'PUT' ? body : undefined);
      expectProblem(answer, 404, 'schema_not_found', /has no schema/);
    }
    expect((await register(teamSchema, { resourceType: 'Group' }, other)).status).toBe(201);
    const nobody = await register(teamSchema, {}, `/tenants/${unknownId}/schemas`);
    expectProblem(nobody, 404, 'tenant_not_found', /No tenant/);
  });

  it.each([20, 2000, 200_000])('should refuse a body that is nested %d levels deep', async (levels) => {
    const body = `{"resourceType":"User","schema":{"id":"${CONTOSO}","meta":${'['.repeat(levels)}${']'.repeat(levels)}}}`;
    const answer = await surface.call('POST', path, body);
    const code = levels === 20 ? 'invalid_schema' : 'invalid_request';
    expectProblem(answer, 400, code, /must not be nested deeper/, [expect.any(Object)]);
  });
});
