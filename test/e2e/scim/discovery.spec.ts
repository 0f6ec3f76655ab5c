import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ProfileName } from '../../conformance/client/admin-client.js';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import {
  CORE_USER,
  ENTERPRISE_USER,
  LIST_RESPONSE,
  type ScimList,
  type ScimUser,
} from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { embeddedEngine } from '../../support/embedded-engine.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectHeaders, expectScimError, SCIM_MEDIA_TYPE } from './answers.js';

/** An attribute as /Schemas describes it. */
interface Attribute {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness: string;
  readonly subAttributes?: readonly Attribute[];
}

interface Schema {
  readonly id: string;
  readonly attributes: readonly Attribute[];
  readonly meta: { readonly resourceType: string; readonly location: string };
}

const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const profiles: readonly ProfileName[] = ['cleanmail', 'alinto-protect', 'sendsafely'];
const ATTRIBUTE_MEMBERS = [
  'caseExact',
  'description',
  'multiValued',
  'mutability',
  'name',
  'required',
  'returned',
  'type',
  'uniqueness',
];

/** A value that fits the described attribute, different for each `seed`. */
function sample(attribute: Attribute, seed: string): unknown {
  const one = sampleOne(attribute, seed);
  return attribute.multiValued ? [one] : one;
}

function sampleOne({ type, name, subAttributes = [] }: Attribute, seed: string): unknown {
  switch (type) {
    case 'complex':
      return Object.fromEntries(subAttributes.map((sub) => [sub.name, sample(sub, seed)]));
    case 'boolean':
      return true;
    case 'binary':
      return Buffer.from(`${name} ${seed}`).toString('base64');
    case 'reference':
      return `https://contoso.example/${name}/${seed}`;
    case 'dateTime':
      return '2026-11-21T08:30:00Z';
    default:
      return name === 'userName' ? `user.${seed}@contoso.example` : `${name} ${seed}`;
  }
}

/** What of a sent value must come back: not what is read-only or write-only. */
function kept(attribute: Attribute, value: unknown): unknown {
  if (attribute.mutability === 'readOnly' || attribute.returned === 'never') return undefined;
  if (attribute.type !== 'complex') return value;
  if (Array.isArray(value)) return value.map((element) => keptMembers(attribute, element));
  return keptMembers(attribute, value);
}

function keptMembers({ subAttributes = [] }: Attribute, value: unknown): unknown {
  return keptOf(subAttributes, value as Readonly<Record<string, unknown>>);
}

function keptOf(attributes: readonly Attribute[], sent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = attributes.map((attribute) => [attribute.name, kept(attribute, sent[attribute.name])] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function samplesOf({ attributes }: Schema, seed: string): Record<string, unknown> {
  return Object.fromEntries(attributes.map((attribute) => [attribute.name, sample(attribute, seed)]));
}

describe.each(profiles)('discovery documents of %s', (profile) => {
  const hasGroups = profile !== 'sendsafely';
  const service = serviceForSuite(embeddedEngine());
  let tenant: TenantClient;
  let base: string;
  let core: Schema;
  let enterprise: Schema;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), profile);
    base = `${service().scimUrl}${tenant.basePath}`;
    const { Resources } = (await tenant.send('GET', '/Schemas')).body as ScimList<Schema>;
    const schemaOf = (urn: string): Schema => {
      const schema = Resources.find(({ id }) => id === urn);
      if (schema === undefined) throw new Error(`${urn} is not described`);
      return schema;
    };
    [core, enterprise] = [schemaOf(CORE_USER), schemaOf(ENTERPRISE_USER)];
  });

  function expectWhole(answer: Exchange, body: unknown): void {
    expect([answer.status, answer.body]).toEqual([200, body]);
    expectHeaders(answer.headers, { 'content-type': SCIM_MEDIA_TYPE });
  }

  it('should state the features of the service in /ServiceProviderConfig', async () => {
    expectWhole(await tenant.send('GET', '/ServiceProviderConfig'), {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
      patch: { supported: true },
      bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1_048_576 },
      filter: { supported: true, maxResults: 500 },
      changePassword: { supported: false },
      sort: { supported: true },
      etag: { supported: true },
      pagination: {
        cursor: true,
        index: true,
        defaultPaginationMethod: 'index',
        defaultPageSize: 100,
        maxPageSize: 500,
        cursorTimeout: 3600,
      },
      authenticationSchemes: [
        {
          type: 'oauthbearertoken',
          name: expect.any(String),
          description: expect.any(String),
          specUri: expect.stringMatching(/^https:/),
          primary: true,
        },
        {
          type: 'oauth2',
          name: expect.any(String),
          description: expect.any(String),
          specUri: expect.stringMatching(/^https:/),
          primary: false,
        },
      ],
      meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
    });
  });

  it('should name the resource types of the profile, in the list and by id', async () => {
    const user = {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      description: expect.any(String),
      schema: CORE_USER,
      schemaExtensions: [{ schema: ENTERPRISE_USER, required: false }],
      meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/User` },
    };
    const group = {
      ...user,
      id: 'Group',
      name: 'Group',
      endpoint: '/Groups',
      schema: CORE_GROUP,
      schemaExtensions: [],
      meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/Group` },
    };
    const types = hasGroups ? [user, group] : [user];
    const [totalResults, itemsPerPage] = [types.length, types.length];
    const list = { schemas: [LIST_RESPONSE], totalResults, startIndex: 1, itemsPerPage, Resources: types };
    expectWhole(await tenant.send('GET', '/ResourceTypes'), list);
    for (const type of types) expectWhole(await tenant.send('GET', `/ResourceTypes/${type.id}`), type);
  });

  it('should describe every attribute in full, in the list and by id', async () => {
    const list = (await tenant.send('GET', '/Schemas')).body as ScimList<Schema>;
    expect({ ...list, Resources: list.Resources.map(({ id }) => id) }).toEqual({
      schemas: [LIST_RESPONSE],
      totalResults: hasGroups ? 3 : 2,
      startIndex: 1,
      itemsPerPage: hasGroups ? 3 : 2,
      Resources: hasGroups ? [CORE_USER, CORE_GROUP, ENTERPRISE_USER] : [CORE_USER, ENTERPRISE_USER],
    });
    for (const schema of list.Resources) {
      expect(Object.keys(schema).sort()).toEqual(['attributes', 'description', 'id', 'meta', 'name', 'schemas']);
      expect(schema.meta).toEqual({ resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` });
      expectWhole(await tenant.send('GET', `/Schemas/${schema.id}`), schema);
      expectWhole(await tenant.send('GET', `/Schemas/${encodeURIComponent(schema.id)}`), schema);
      for (const attribute of schema.attributes.flatMap((one) => [one, ...(one.subAttributes ?? [])])) {
        expect(Object.keys(attribute)).toEqual(expect.arrayContaining(ATTRIBUTE_MEMBERS));
        expect(attribute.type === 'complex').toBe(attribute.subAttributes !== undefined);
      }
    }
  });

  it('should answer 404 to ids that are none', async () => {
    for (const path of [
      '/Schemas/User',
      `/Schemas/${CORE_USER}x`,
      ...(hasGroups ? [] : [`/Schemas/${CORE_GROUP}`, '/ResourceTypes/Group']),
      '/ResourceTypes/Users',
      '/ResourceTypes/__proto__',
      '/Schemas/constructor',
    ])
      expectScimError(await tenant.send('GET', path), 404);
    for (const [method, path] of [
      ['POST', '/Schemas'],
      ['PUT', '/ServiceProviderConfig'],
      ['DELETE', `/Schemas/${CORE_USER}`],
      ['PATCH', '/ResourceTypes/User'],
      ['DELETE', '/Users'],
      ['PUT', '/Users'],
      ['PATCH', '/Users'],
      ['POST', '/Users/1'],
      ['POST', '/'],
      ['DELETE', ''],
    ] as const)
      expectScimError(await tenant.send(method, path, { body: {} }), 405);
    expectScimError(await tenant.send('GET', '/ServiceProviderConfig/x'), 404);
  });

  it('should take and give back every attribute as its schema says, by POST and by PUT', async () => {
    const seed = crypto.randomUUID();
    const sent = { ...samplesOf(core, seed), [ENTERPRISE_USER]: samplesOf(enterprise, seed) };
    const expected = {
      ...keptOf(core.attributes, sent),
      [ENTERPRISE_USER]: keptOf(enterprise.attributes, sent[ENTERPRISE_USER]),
      schemas: [CORE_USER, ENTERPRISE_USER],
    };
    const user = await tenant.createUser(sent);
    const { id, meta, ...rest } = user;
    expect(rest).toEqual(expected);
    expect(Object.keys(expected).length).toBeGreaterThan(20);
    const person = await tenant.createUser(plainUser(uniqueAddress()));
    const replacement = { ...sent, userName: person.userName };
    const replaced = (await tenant.send('PUT', `/Users/${person.id}`, { body: replacement })).body as ScimUser;
    expect(replaced).toEqual({ ...expected, userName: person.userName, id: person.id, meta: replaced.meta });
    expect(await tenant.readUser(id)).toEqual({ ...expected, id, meta });
  });

  it('should take every attribute by PATCH as its mutability says, and every readable one in a filter', async () => {
    const user = await tenant.createUser(plainUser(uniqueAddress()));
    const seed = crypto.randomUUID();
    for (const [prefix, schema] of [
      ['', core],
      [`${ENTERPRISE_USER}:`, enterprise],
    ] as const) {
      for (const attribute of schema.attributes) {
        if (attribute.name === 'userName') continue;
        const path = `${prefix}${attribute.name}`;
        const value = sample(attribute, seed);
        const answer = await tenant.patch(user.id, { op: 'replace', path, value });
        if (attribute.mutability === 'readOnly') {
          if (answer.status !== 200) expectScimError(answer, 400, 'mutability');
          else expect((answer.body as Record<string, unknown>)[attribute.name]).toBeUndefined();
          continue;
        }
        const body = answer.body as Record<string, unknown>;
        const holder = prefix === '' ? body : (body[ENTERPRISE_USER] as Record<string, unknown> | undefined);
        expect([path, answer.status, holder?.[attribute.name]]).toEqual([path, 200, kept(attribute, value)]);
        const found = await tenant.send(
          'GET',
          `/Users?filter=${encodeURIComponent(`${path} pr and id eq "${user.id}"`)}`,
        );
        if (attribute.returned === 'never') expectScimError(found, 400, 'invalidFilter');
        else expect([path, found.status, (found.body as ScimList).totalResults]).toEqual([path, 200, 1]);
      }
    }
  });

  it('should compare by filter with and without regard to case as caseExact says', async () => {
    const own = await TenantClient.open(service(), profile);
    const seed = 'MixedCase';
    const sent = { ...samplesOf(core, seed), [ENTERPRISE_USER]: samplesOf(enterprise, seed) };
    await own.createUser(sent);
    for (const [prefix, schema] of [
      ['', core],
      [`${ENTERPRISE_USER}:`, enterprise],
    ] as const) {
      for (const attribute of schema.attributes) {
        for (const leaf of attribute.subAttributes ?? [undefined]) {
          const described = leaf ?? attribute;
          const isComparable = described.type === 'string' || described.type === 'reference';
          if (
            !isComparable ||
            described.returned === 'never' ||
            [described, attribute].some(({ mutability }) => mutability === 'readOnly')
          )
            continue;
          const path = `${prefix}${attribute.name}${leaf === undefined ? '' : `.${leaf.name}`}`;
          const text = String(sampleOne(described, seed));
          const { totalResults } = await own.find(`${path} eq ${JSON.stringify(text.toUpperCase())}`);
          expect([path, totalResults]).toEqual([path, described.caseExact ? 0 : 1]);
          expect([path, (await own.find(`${path} eq ${JSON.stringify(text)}`)).totalResults]).toEqual([path, 1]);
        }
      }
    }
  });

  it('should require what is required, and hold unique what is unique', async () => {
    const required = core.attributes.filter((attribute) => attribute.required).map(({ name }) => name);
    const unique = core.attributes.filter(({ uniqueness }) => uniqueness !== 'none').map(({ name }) => name);
    expect([required, unique]).toEqual([['userName'], ['userName']]);
    expectScimError(await tenant.send('POST', '/Users', { body: { displayName: 'x' } }), 400, 'invalidValue');
    const twin = plainUser(uniqueAddress());
    await tenant.createUser(twin);
    expectScimError(await tenant.send('POST', '/Users', { body: twin }), 409, 'uniqueness');
  });
});

describe('what /ServiceProviderConfig states', () => {
  const service = serviceForSuite(embeddedEngine());
  let tenant: TenantClient;
  beforeAll(async () => {
    tenant = await TenantClient.open(service(), 'cleanmail');
  });

  it('pagination: should hold the sizes that it states', async () => {
    expectScimError(await tenant.send('GET', '/Users?cursor=&count=501'), 400, 'invalidCount');
    expect((await tenant.send('GET', '/Users?cursor=&count=500')).status).toBe(200);
  });

  it('changePassword: should change nothing', async () => {
    const user = await tenant.createUser(plainUser(uniqueAddress()));
    const answer = await tenant.patch(user.id, { op: 'replace', path: 'password', value: 'secret' });
    expect([answer.status, answer.body]).toEqual([200, user]);
  });

  it('maxResults: should be how many resources an answer holds at most', async () => {
    const own = await TenantClient.open(service(), 'cleanmail');
    const total = 501;
    const names = Array.from({ length: total }, (_, index) => `user${index}@contoso.example`);
    await Promise.all(names.map(async (name) => own.createUser(plainUser(name))));
    for (const query of ['count=501', 'count=100000', `count=501&filter=userName+co+%22user%22`]) {
      const { totalResults, itemsPerPage, Resources } = (await own.send('GET', `/Users?${query}`)).body as ScimList;
      expect([totalResults, itemsPerPage, Resources.length]).toEqual([total, 500, 500]);
    }
    const seen = new Set<string>();
    for (let startIndex = 1; startIndex <= total; startIndex += 100) {
      const page = (await own.send('GET', `/Users?startIndex=${startIndex}`)).body as ScimList;
      expect(page.totalResults).toBe(total);
      for (const { userName } of page.Resources) seen.add(userName);
    }
    expect([...seen].sort()).toEqual([...names].sort());
  });
});

describe('a filter on discovery documents', () => {
  const service = serviceForSuite(embeddedEngine());

  it.each(['/Schemas', '/ResourceTypes', '/ServiceProviderConfig'])(
    'should be refused on %s, and be in the log',
    async (path) => {
      const tenant = await TenantClient.open(service(), 'cleanmail');
      expectScimError(await tenant.send('GET', `${path}?filter=id%20pr`), 403);
      const log = await tenant.admin.call('GET', `/tenants/${tenant.tenant.id}/provisioning-log?outcome=failure`);
      expect(log.body).toMatchObject({ items: [{ operation: 'discover', method: 'GET', status: 403 }] });
    },
  );
});
