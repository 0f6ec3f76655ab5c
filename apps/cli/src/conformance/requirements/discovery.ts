import { isObject, objectAt, objectsAt } from '../../simulate/json.js';
import type { ConformanceClient } from '../conformance-client.js';
import type { Exchange } from '../exchange.js';
import {
  bodyOf,
  ensure,
  expectErrorBody,
  expectMember,
  expectRefused,
  expectSchema,
  expectStatus,
  hasMember,
  show,
} from '../expectations.js';
import { always, inSection, may, must, should } from '../requirement.js';
import { discoverySchemas, messageSchemas } from '../urns.js';

/** RFC 7644 section 4: the endpoints that describe the server. */
export const discovery = inSection('RFC 7644 4', always, [
  must('discovery.config', 'answers GET /ServiceProviderConfig with the document itself', async ({ config }) => {
    expectStatus(config.documents.serviceProviderConfig, 200);
    expectSchema(config.documents.serviceProviderConfig, discoverySchemas.serviceProviderConfig);
  }),
  must('discovery.resource-types', 'answers GET /ResourceTypes with a ListResponse', async ({ config }) => {
    expectList(config.documents.resourceTypes);
  }),
  must('discovery.schemas', 'answers GET /Schemas with a ListResponse', async ({ config }) => {
    expectList(config.documents.schemas);
  }),
  must('discovery.resource-type', 'answers GET /ResourceTypes/{id} with the one resource type', async (client) => {
    const answer = await client.get(`/ResourceTypes/${encodeURIComponent(client.config.users.name)}`);
    expectStatus(answer, 200);
    expectSchema(answer, discoverySchemas.resourceType);
    expectMember(answer, 'schema', client.config.users.schema);
  }),
  must('discovery.schema', 'answers GET /Schemas/{URN} with the one schema', async (client) => {
    const answer = await client.get(`/Schemas/${client.config.users.schema}`);
    expectStatus(answer, 200);
    expectMember(answer, 'id', client.config.users.schema);
  }),
  must('discovery.unknown-schema', 'answers 404 to a schema that it does not have', async (client) => {
    const answer = await client.get('/Schemas/urn:example:params:scim:schemas:none:1.0:Nothing');
    expectStatus(answer, 404);
    expectErrorBody(answer);
  }),
  must('discovery.unknown-resource-type', 'answers 404 to a resource type that it does not have', async (client) => {
    expectStatus(await client.get(`/ResourceTypes/${client.samples.nextName()}`), 404);
  }),
  must('discovery.ignores-paging', 'lists all resource types whatever startIndex and count say', async (client) => {
    const answer = await client.query('/ResourceTypes', { startIndex: 100, count: 0 });
    expectStatus(answer, 200);
    const all = objectsAt(bodyOf(client.config.documents.resourceTypes), 'Resources').length;
    const listed = objectsAt(bodyOf(answer), 'Resources').length;
    ensure(answer, listed === all, `Resources holds ${listed}, not ${all}`);
  }),
  should('discovery.filter-forbidden', 'answers 403 to a filter on /Schemas', async (client) => {
    expectStatus(await client.query('/Schemas', { filter: 'name eq "User"' }), 403);
  }),
  must('discovery.read-only', 'refuses to delete its configuration', async (client) => {
    const answer = await client.delete('/ServiceProviderConfig');
    ensure(
      answer,
      answer.status === 501 || (answer.status >= 400 && answer.status < 500),
      `status is ${answer.status}`,
    );
  }),
  must('discovery.post-schemas', 'refuses a POST to /Schemas', async (client) => {
    const answer = await client.post('/Schemas', { schemas: [discoverySchemas.schema] });
    if (answer.status !== 501) expectRefused(answer);
  }),
  may('discovery.location', 'gives each schema document its meta.location', async ({ config }) => {
    const answer = config.documents.schemas;
    const without = objectsAt(bodyOf(answer), 'Resources').find((schema) => !hasMember(schema['meta'], 'location'));
    ensure(answer, without === undefined, `${String(without?.['id'])} has no meta.location`);
  }),
]);

/** RFC 7643 section 5: the members of /ServiceProviderConfig. */
export const serviceProviderConfig = inSection('RFC 7643 5', always, [
  ...(['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag'] as const).map((feature) =>
    must(`config.${feature}`, `says with a boolean whether ${feature} is supported`, async (client) => {
      const answer = configOf(client);
      const supported = objectAt(bodyOf(answer), feature)['supported'];
      ensure(answer, typeof supported === 'boolean', `${feature}.supported is ${show(supported)}`);
    }),
  ),
  must('config.bulk-limits', 'gives bulk.maxOperations and bulk.maxPayloadSize as integers', async (client) => {
    expectIntegers(client, 'bulk', ['maxOperations', 'maxPayloadSize']);
  }),
  must('config.filter-limit', 'gives filter.maxResults as integer', async (client) => {
    expectIntegers(client, 'filter', ['maxResults']);
  }),
  must(
    'config.authentication-schemes',
    'lists authenticationSchemes with type, name and description',
    async (client) => {
      const answer = configOf(client);
      const schemes = bodyOf(answer)['authenticationSchemes'];
      ensure(answer, Array.isArray(schemes), `authenticationSchemes is ${show(schemes)}`);
      for (const name of ['type', 'name', 'description']) {
        const lacks = (schemes as unknown[]).some((scheme) => !isObject(scheme) || typeof scheme[name] !== 'string');
        ensure(answer, !lacks, `authenticationSchemes[].${name} is not a string`);
      }
    },
  ),
  must('config.authentication-type', 'names only the scheme types of the RFC', async (client) => {
    const answer = configOf(client);
    const known = ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'];
    const other = objectsAt(bodyOf(answer), 'authenticationSchemes').find(({ type }) => !known.includes(String(type)));
    ensure(answer, other === undefined, `authenticationSchemes[].type is ${show(other?.['type'])}`);
  }),
  must('config.one-primary-scheme', 'marks at most one authentication scheme as primary', async (client) => {
    const answer = configOf(client);
    const primaries = objectsAt(bodyOf(answer), 'authenticationSchemes').filter(({ primary }) => primary === true);
    ensure(answer, primaries.length <= 1, `${primaries.length} schemes are primary`);
  }),
]);

/** RFC 7643 section 6: the documents of /ResourceTypes. */
export const resourceTypes = inSection('RFC 7643 6', always, [
  must('resource-types.members', 'gives each resource type name, endpoint and schema', async (client) => {
    const answer = client.config.documents.resourceTypes;
    for (const type of objectsAt(bodyOf(answer), 'Resources')) {
      for (const name of ['name', 'endpoint', 'schema']) {
        ensure(answer, typeof type[name] === 'string', `${name} of ${show(type['id'])} is ${show(type[name])}`);
      }
    }
  }),
  must('resource-types.schemas', 'marks each with the ResourceType schema', async (client) => {
    const answer = client.config.documents.resourceTypes;
    const types = objectsAt(bodyOf(answer), 'Resources');
    ensure(answer, types.length > 0, 'Resources is empty');
    const wrong = types.find(
      ({ schemas }) => !Array.isArray(schemas) || !schemas.includes(discoverySchemas.resourceType),
    );
    ensure(answer, wrong === undefined, `schemas of ${show(wrong?.['id'])} is ${show(wrong?.['schemas'])}`);
  }),
  must('resource-types.extensions', 'says of each extension its schema and whether it is required', async (client) => {
    const answer = client.config.documents.resourceTypes;
    const extensions = objectsAt(bodyOf(answer), 'Resources').flatMap((type) => objectsAt(type, 'schemaExtensions'));
    for (const extension of extensions) {
      ensure(answer, typeof extension['schema'] === 'string', 'schemaExtensions[].schema is not a string');
      ensure(answer, typeof extension['required'] === 'boolean', 'schemaExtensions[].required is not a boolean');
    }
  }),
  must('resource-types.served', 'answers at the endpoint of each resource type', async (client) => {
    const types = objectsAt(bodyOf(client.config.documents.resourceTypes), 'Resources');
    for (const endpoint of types.map((type) => String(type['endpoint'])).filter((path) => path.startsWith('/'))) {
      expectStatus(await client.query(endpoint, { count: 0 }), 200);
    }
  }),
  must('resource-types.schemas-published', 'publishes every schema and extension it names', async (client) => {
    const { documents, schemas } = client.config;
    const types = objectsAt(bodyOf(documents.resourceTypes), 'Resources');
    const named = types.flatMap((type) => [
      type['schema'],
      ...objectsAt(type, 'schemaExtensions').map(({ schema }) => schema),
    ]);
    const missing = named.find((urn) => !schemas.has(String(urn).toLowerCase()));
    ensure(documents.schemas, missing === undefined, `there is no schema ${String(missing)}`);
  }),
]);

function configOf({ config }: ConformanceClient): Exchange {
  expectStatus(config.documents.serviceProviderConfig, 200);
  return config.documents.serviceProviderConfig;
}

function expectIntegers(client: ConformanceClient, feature: string, names: readonly string[]): void {
  const answer = configOf(client);
  for (const name of names) {
    const value = objectAt(bodyOf(answer), feature)[name];
    ensure(answer, Number.isInteger(value) && Number(value) >= 0, `${feature}.${name} is ${show(value)}`);
  }
}

function expectList(answer: Exchange): void {
  expectStatus(answer, 200);
  expectSchema(answer, messageSchemas.list);
  const { totalResults } = bodyOf(answer);
  const listed = objectsAt(bodyOf(answer), 'Resources').length;
  ensure(answer, totalResults === listed, `totalResults is ${show(totalResults)}, Resources holds ${listed}`);
}
