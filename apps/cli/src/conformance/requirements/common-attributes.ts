import { objectAt } from '../../simulate/json.js';
import { advertised, needs, needsEnterprise } from '../attribute-definitions.js';
import type { ConformanceClient, Created } from '../conformance-client.js';
import type { Exchange } from '../exchange.js';
import {
  assume,
  bodyOf,
  ensure,
  expectMember,
  expectSchema,
  expectStatus,
  expectUnassigned,
  memberAt,
  schemasOf,
  show,
} from '../expectations.js';
import { always, inSection, must, should } from '../requirement.js';
import { enterpriseSchema, userSchema } from '../urns.js';
import { NotApplicable } from '../violation.js';

const dateTime = /^-?\d{4,}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/** RFC 7643 section 3: what every resource has. */
export const commonAttributes = [
  ...inSection('RFC 7643 3', always, [
    must('common.schemas', 'marks a user with the core User schema', async (client) => {
      const { exchange } = await readUser(client);
      expectSchema(exchange, client.config.users.schema);
    }),
    must('common.schemas-distinct', 'names no schema twice', async (client) => {
      const { exchange } = await readUser(client);
      const schemas = schemasOf(bodyOf(exchange)).map((schema) => schema.toLowerCase());
      ensure(exchange, new Set(schemas).size === schemas.length, `schemas is ${show(schemas)}`);
    }),
    must(
      'common.schemas-extension',
      'names an extension in schemas when it answers its attributes',
      async (client) => {
        const created = await client.createUser({
          schemas: [userSchema, enterpriseSchema],
          [enterpriseSchema]: { department: 'Tours' },
        });
        const answer = await client.get(created.path);
        if (bodyOf(answer)[enterpriseSchema] === undefined) throw new NotApplicable('the extension was not kept');
        expectSchema(answer, enterpriseSchema);
      },
      needsEnterprise,
    ),
  ]),
  ...inSection('RFC 7643 3.1', always, [
    must('common.id', 'gives a resource a non-empty string as id', async (client) => {
      const answer = await client.post(client.config.users.endpoint, client.newUser());
      const id = bodyOf(assume(answer, 201))['id'];
      ensure(answer, typeof id === 'string' && id !== '', `id is ${show(id)}`);
    }),
    must('common.id-unique', 'gives two resources different ids', async (client) => {
      const [first, second] = [await client.createUser(), await client.createUser()];
      ensure(second.exchange, first.id !== second.id, 'two users have one id');
    }),
    must('common.id-read-only', 'does not take an id from the client', async (client) => {
      const id = client.samples.nextName();
      const created = await client.createUser({ id });
      ensure(created.exchange, created.id !== id, 'id is the one that the client sent');
    }),
    must('common.id-stable', 'keeps the id through PUT', async (client) => {
      const created = await client.createUser();
      const body = client.newUser({ id: client.samples.nextName(), userName: created.body['userName'] });
      assume(await client.put(created.path, body), 200);
      const answer = await client.get(created.path);
      expectStatus(answer, 200);
      expectMember(answer, 'id', created.id);
    }),
    should('common.external-id', 'keeps an externalId exactly as it was sent', async (client) => {
      const externalId = `Ext-${client.samples.nextName()}-É`;
      const created = await client.createUser({ externalId });
      expectMember(await client.get(created.path), 'externalId', externalId);
    }),
    must('common.external-id-absent', 'invents no externalId', async (client) => {
      const { exchange } = await readUser(client);
      expectUnassigned(exchange, 'externalId');
    }),
    must('common.meta-resource-type', 'says in meta.resourceType what the resource is', async (client) => {
      const { exchange } = await readUser(client);
      expectMember(exchange, 'meta.resourceType', client.config.users.name);
    }),
    must('common.meta-location', 'gives in meta.location an absolute URI that ends with the id', async (client) => {
      const { exchange, id } = await readUser(client);
      const location = memberAt(bodyOf(exchange), 'meta.location');
      ensure(exchange, typeof location === 'string' && URL.canParse(location), `meta.location is ${show(location)}`);
      const ends = String(location).endsWith(`${client.config.users.endpoint}/${encodeURIComponent(id)}`);
      ensure(exchange, ends, `meta.location is ${show(location)}`);
    }),
    ...(['created', 'lastModified'] as const).map((name) =>
      must(`common.meta-${name}`, `gives meta.${name} as a dateTime of XML Schema`, async (client) => {
        const { exchange } = await readUser(client);
        const value = memberAt(bodyOf(exchange), `meta.${name}`);
        ensure(exchange, typeof value === 'string' && dateTime.test(value), `meta.${name} is ${show(value)}`);
      }),
    ),
    must('common.meta-unmodified', 'has equal meta.created and meta.lastModified before any change', async (client) => {
      const { exchange } = await readUser(client);
      const meta = objectAt(bodyOf(exchange), 'meta');
      ensure(exchange, meta['created'] === meta['lastModified'], `meta is ${show(meta)}`);
    }),
    must(
      'common.meta-modified',
      'moves meta.lastModified forward with a change and leaves meta.created',
      async (client) => {
        const created = await client.createUser();
        const sent = client.newUser({ userName: created.body['userName'] });
        assume(await client.put(created.path, sent), 200);
        const answer = await client.get(created.path);
        const before = objectAt(created.body, 'meta');
        const after = objectAt(bodyOf(answer), 'meta');
        expectMember(answer, 'meta.created', before['created']);
        const isLater = Date.parse(String(after['lastModified'])) >= Date.parse(String(before['lastModified']));
        ensure(
          answer,
          isLater,
          `meta.lastModified is ${show(after['lastModified'])}, was ${show(before['lastModified'])}`,
        );
      },
    ),
    must('common.meta-read-only', 'ignores a meta that the client sends', async (client) => {
      const meta = { resourceType: 'Other', created: '2001-01-01T00:00:00Z', location: 'https://example.org/x' };
      const created = await client.createUser({ meta });
      const answer = await client.get(created.path);
      expectMember(answer, 'meta.resourceType', client.config.users.name);
      ensure(answer, memberAt(bodyOf(answer), 'meta.created') !== meta.created, 'meta.created is the client’s');
    }),
  ]),
  ...inSection('RFC 7643 2', always, [
    must(
      'attributes.names-fold-case',
      'reads attribute names without regard to case',
      async (client) => {
        const { userName, ...rest } = client.newUser({ displayName: undefined });
        const displayName = client.samples.nextName();
        const answer = await client.post(client.config.users.endpoint, {
          ...rest,
          USERNAME: userName,
          DisplayNAME: displayName,
        });
        expectStatus(answer, 201);
        expectMember(answer, 'displayName', displayName);
      },
      needs('displayName'),
    ),
    must(
      'attributes.null',
      'takes null for unassigned',
      async (client) => {
        const created = await client.createUser({ nickName: null });
        expectUnassigned(await client.get(created.path), 'nickName');
      },
      needs('nickName'),
    ),
    must(
      'attributes.empty-array',
      'takes an empty array for unassigned',
      async (client) => {
        const created = await client.createUser({ phoneNumbers: [] });
        expectUnassigned(await client.get(created.path), 'phoneNumbers');
      },
      needs('phoneNumbers'),
    ),
    must(
      'attributes.boolean',
      'answers a boolean as JSON boolean',
      async (client) => {
        const created = await client.createUser({ active: false });
        expectMember(await client.get(created.path), 'active', false);
      },
      needs('active'),
    ),
    must(
      'attributes.one-primary',
      'never answers two primary values of one attribute',
      async (client) => {
        const created = await client.createUser();
        const value = [{ value: `${client.samples.nextName()}@other.example`, type: 'other', primary: true }];
        assume(await client.patch(created.path, [{ op: 'add', path: 'emails', value }]), 200, 204);
        const answer = await client.get(created.path);
        expectOnePrimary(answer);
      },
      (config) => (config.patch ? needs('emails.primary')(config) : advertised('patch')(config)),
    ),
  ]),
];

async function readUser(client: ConformanceClient): Promise<Created> {
  const created = await client.shared('plain user', () => client.createUser());
  return { ...created, exchange: assume(await client.get(created.path), 200) };
}

function expectOnePrimary(answer: Exchange): void {
  const emails = bodyOf(answer)['emails'];
  const primaries = Array.isArray(emails)
    ? emails.filter((email: { primary?: unknown }) => email.primary === true)
    : [];
  ensure(answer, primaries.length <= 1, `emails has ${primaries.length} primary values`);
}
