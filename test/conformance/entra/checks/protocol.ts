import { expect } from '@jest/globals';
import type { Exchange } from '../../client/http-exchange.js';
import { CORE_USER, ENTERPRISE_USER, type ScimList } from '../../client/scim-types.js';
import { formEncode } from '../../client/tenant-client.js';
import { fullUser } from '../people.js';
import { expectListOf, expectScimError, expectScimJson } from './assertions.js';
import type { CheckContext, CheckTable } from './check.js';

interface ServiceProviderConfig {
  readonly patch: { readonly supported: boolean };
  readonly bulk: { readonly supported: boolean };
  readonly filter: { readonly supported: boolean; readonly maxResults: number };
  readonly changePassword: { readonly supported: boolean };
  readonly sort: { readonly supported: boolean };
  readonly etag: { readonly supported: boolean };
  readonly authenticationSchemes: readonly { readonly type: string }[];
}

interface DiscoveredAttribute {
  readonly name: string;
  readonly subAttributes?: readonly DiscoveredAttribute[];
}

/** Discovery, media type, error bodies and load (S, H, L08). */
export const protocolChecks: CheckTable = {
  'patch.supported=true, filter.supported=true with maxResults, bulk/changePassword/sort/etag as really offered, authenticationSchemes lists oauthbearertoken':
    expectHonestConfiguration,
  'SCIM Error; Entra does not send Bulk today': ({ answer }) => {
    expectScimError(answer, answer.status);
  },
  'Content-Type starts with application/scim+json on every answer with a body, errors included; the web validator stops otherwise':
    async ({ answer, tenant, before }) => {
      const malformed = '{"schemas":';
      const answers = await Promise.all([
        tenant.send('GET', `/Users/${before.id}`),
        tenant.send('GET', '/Users/none'),
        tenant.send('GET', '/Users?filter=userName+eq'),
        tenant.send('POST', '/Users', { body: fullUser() }),
        tenant.send('POST', '/Users', { body: fullUser(before.userName) }),
        tenant.send('POST', '/Users', { body: malformed }),
        tenant.send('POST', '/Users', { body: '<user/>', headers: { 'Content-Type': 'application/xml' } }),
        tenant.send('PUT', '/Users', { body: fullUser() }),
        tenant.patch(before.id, { op: 'Replace', path: 'title', value: 'T' }),
        tenant.send('GET', '/ServiceProviderConfig'),
        tenant.send('GET', '/ResourceTypes'),
        tenant.send('GET', '/Schemas'),
        tenant.send('GET', '/Nothing'),
        tenant.withToken('wrong').send('GET', '/Users'),
        tenant.sendRaw('GET', '/'),
      ]);
      for (const each of [answer, ...answers]) expectScimJson(each);
      const statuses = answers.map(({ status }) => status);
      expect(statuses).toEqual([
        200,
        404,
        400,
        201,
        409,
        400,
        415,
        expect.any(Number),
        200,
        200,
        200,
        200,
        404,
        401,
        expect.any(Number),
      ]);
      expect([404, 405, 501]).toContain(statuses[7]);
      expect([401, 404]).toContain(statuses[14]);
    },
  "SCIM Error JSON; an HTML page ends in 'not able to deserialize the resource'": ({ answer }) => {
    expectScimError(answer, 404);
  },
  'status is the string "404" and equals the HTTP status; scimType only from the RFC\'s list': async ({
    answer,
    tenant,
  }) => {
    expectScimError(answer, 404);
    const requests: readonly (readonly [Promise<Exchange>, number])[] = [
      [tenant.send('GET', '/Users?filter=nothing'), 400],
      [tenant.send('POST', '/Users', { body: { userName: 7 } }), 400],
      [tenant.withToken('wrong').send('GET', '/Users'), 401],
    ];
    for (const [pending, status] of requests) expectScimError(await pending, status);
  },
  '25 requests/s for one tenant sustained (mix of filter GET, POST, PATCH) without 429 or 5xx': ({ answers }) => {
    const count = (status: number): number => answers.filter((answer) => answer.status === status).length;
    expect(answers.length).toBeGreaterThanOrEqual(125);
    expect(answers.length - count(200) - count(201)).toBe(0);
    expect(count(201)).toBeGreaterThan(20);
  },
  'All mapped target attributes discoverable; Group schema must be there, otherwise the group tests fail': ({
    answer,
  }) => {
    const { Resources, totalResults } = answer.body as ScimList<{
      id: string;
      attributes: readonly DiscoveredAttribute[];
    }>;
    expect(totalResults).toBe(Resources.length);
    const discovered = Resources.flatMap(({ id, attributes }) =>
      flatNames(id === CORE_USER ? '' : `${id}:`, attributes),
    );
    const mapped = [
      'userName',
      'active',
      'displayName',
      'title',
      'preferredLanguage',
      'name.givenName',
      'name.familyName',
      'emails.value',
    ];
    const extension = ['employeeNumber', 'department', 'manager'].map((name) => `${ENTERPRISE_USER}:${name}`);
    expect(discovered).toEqual(
      expect.arrayContaining([...mapped, ...extension, 'phoneNumbers.type', 'addresses.formatted', 'roles.value']),
    );
    expect(answer.text).not.toContain('null');
  },
};

async function expectHonestConfiguration({ answer, tenant }: CheckContext): Promise<void> {
  expectScimJson(answer);
  const configuration = answer.body as ServiceProviderConfig;
  expect(configuration).toMatchObject({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: 1000, maxPayloadSize: 1_048_576 },
    filter: { supported: true, maxResults: expect.any(Number) },
    changePassword: { supported: false },
  });
  expect(configuration.authenticationSchemes.map(({ type }) => type)).toContain('oauthbearertoken');
  const users = [await tenant.createUser(fullUser('b@contoso.ch')), await tenant.createUser(fullUser('a@contoso.ch'))];
  const [first, second] = users;
  const path = `/Users/${first?.id ?? ''}`;
  const version = (await tenant.send('GET', path)).headers.etag;
  expect(version !== undefined).toBe(configuration.etag.supported);
  const conditional = await tenant.send('GET', path, { headers: { 'If-None-Match': version ?? 'W/"none"' } });
  expect(conditional.status).toBe(configuration.etag.supported ? 304 : 200);
  if (configuration.sort.supported) {
    const sorted = (await tenant.send('GET', '/Users?sortBy=userName')).body as ScimList;
    expect(sorted.Resources.map(({ id }) => id)).toEqual([second?.id, first?.id]);
  }
  expectListOf(
    await tenant.send('GET', `/Users?filter=${formEncode('userName eq "a@contoso.ch" or userName eq "b@contoso.ch"')}`),
    ...users,
  );
}

function flatNames(prefix: string, attributes: readonly DiscoveredAttribute[]): readonly string[] {
  return attributes.flatMap(({ name, subAttributes = [] }) => [
    prefix + name,
    ...flatNames(`${prefix}${name}.`, subAttributes),
  ]);
}
