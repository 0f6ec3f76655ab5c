import { isObject, type JsonObject } from '../../simulate/json.js';
import { advertised, findDefinition, needs } from '../attribute-definitions.js';
import type { ConformanceClient } from '../conformance-client.js';
import { bodyOf, ensure, expectMember, expectStatus, isUnassigned, memberAt, resourcesOf } from '../expectations.js';
import type { Exchange } from '../exchange.js';
import { inSection, must } from '../requirement.js';
import { filterPeople } from './filter-people.js';

/** RFC 7644 section 3.9: which attributes an answer carries; section 3.10: how they are named. */
export const projection = [
  ...inSection('RFC 7644 3.9', needs('displayName', 'name.familyName', 'emails'), [
    must('attributes.only', 'answers only the attributes that are asked for', async (client) => {
      const answer = await readWith(client, 'attributes=displayName');
      expectPresent(answer, 'displayName');
      expectAbsent(client, answer, 'userName', 'emails', 'name');
    }),
    must('attributes.id', 'answers id even when it is not asked for', async (client) => {
      expectPresent(await readWith(client, 'attributes=displayName'), 'id');
    }),
    must('attributes.several', 'answers every one of several attributes', async (client) => {
      const answer = await readWith(client, 'attributes=displayName,userName');
      expectPresent(answer, 'displayName', 'userName');
      expectAbsent(client, answer, 'emails');
    }),
    must(
      'attributes.list',
      'answers only those of the resources of a list',
      async (client) => {
        const resource = await listWith(client, { attributes: 'userName' });
        ensure(resource.answer, hasOnly(resource.found, ['userName']), 'another attribute than userName is answered');
      },
      advertised('filter'),
    ),
    must('attributes.post', 'heeds attributes on a POST', async (client) => {
      const answer = await client.post(`${client.config.users.endpoint}?attributes=displayName`, client.newUser());
      expectStatus(answer, 201);
      expectPresent(answer, 'id', 'displayName');
      expectAbsent(client, answer, 'emails');
    }),
    must('attributes.put', 'heeds attributes on a PUT', async (client) => {
      const created = await client.createUser();
      const body = client.newUser({ userName: created.body['userName'] });
      const answer = await client.put(`${created.path}?attributes=displayName`, body);
      expectStatus(answer, 200);
      expectPresent(answer, 'id', 'displayName');
      expectAbsent(client, answer, 'emails');
    }),
    must('attributes.unknown', 'answers a request for an attribute that it does not know', async (client) => {
      const answer = await readWith(client, `attributes=${client.samples.nextName()}`);
      expectPresent(answer, 'id');
      expectAbsent(client, answer, 'emails');
    }),
    must('excluded.one', 'leaves out an attribute that is excluded', async (client) => {
      const answer = await readWith(client, 'excludedAttributes=displayName');
      expectAbsent(client, answer, 'displayName');
      expectPresent(answer, 'userName', 'emails');
    }),
    must('excluded.id', 'answers id even when it is excluded', async (client) => {
      expectPresent(await readWith(client, 'excludedAttributes=id,displayName'), 'id');
    }),
    must(
      'excluded.list',
      'leaves it out of the resources of a list',
      async (client) => {
        const { answer, found } = await listWith(client, { excludedAttributes: 'emails' });
        ensure(answer, isUnassigned(found['emails']), 'emails is answered');
        ensure(answer, found['userName'] !== undefined, 'userName is not answered');
      },
      advertised('filter'),
    ),
    must('excluded.sub-attribute', 'leaves out one sub-attribute', async (client) => {
      const answer = await readWith(client, 'excludedAttributes=name.familyName');
      expectAbsent(client, answer, 'name.familyName');
      expectPresent(answer, 'name.givenName');
    }),
  ]),
  ...inSection('RFC 7644 3.10', needs('displayName', 'name.familyName', 'emails'), [
    must('notation.case', 'reads the names in attributes without regard to case', async (client) => {
      expectPresent(await readWith(client, 'attributes=DISPLAYNAME'), 'displayName');
    }),
    must('notation.sub-attribute', 'reads attribute.subAttribute', async (client) => {
      const answer = await readWith(client, 'attributes=name.familyName');
      expectPresent(answer, 'name.familyName');
      expectAbsent(client, answer, 'name.givenName');
    }),
    must('notation.urn', 'reads a name with the URN of its schema', async (client) => {
      const answer = await readWith(client, `attributes=${client.config.users.schema}:displayName`);
      expectPresent(answer, 'displayName');
      expectAbsent(client, answer, 'emails');
    }),
    must(
      'notation.filter-attributes',
      'filters by attributes that are not answered',
      async (client) => {
        const { found, answer } = await listWith(client, { attributes: 'displayName' });
        ensure(answer, found['userName'] === undefined, 'userName is answered');
      },
      advertised('filter'),
    ),
  ]),
];

async function readWith(client: ConformanceClient, parameters: string): Promise<Exchange> {
  const user = await client.shared('plain user', () => client.createUser());
  const answer = await client.get(`${user.path}?${parameters}`);
  expectStatus(answer, 200);
  expectMember(answer, 'id', user.id);
  return answer;
}

async function listWith(
  client: ConformanceClient,
  parameters: Readonly<Record<string, string>>,
): Promise<{ answer: Exchange; found: JsonObject }> {
  const { full } = await filterPeople(client);
  const answer = await client.users({ filter: `userName eq "${String(full.body['userName'])}"`, ...parameters });
  const found = resourcesOf(answer).find(({ id }) => id === full.id);
  ensure(answer, isObject(found), 'Resources lacks the user');
  return { answer, found: found ?? {} };
}

function expectPresent(answer: Exchange, ...paths: readonly string[]): void {
  for (const path of paths) {
    ensure(answer, memberAt(bodyOf(answer), path) !== undefined, `${path} is absent`);
  }
}

/** What the schema declares as always returned may be there all the same. */
function expectAbsent({ config }: ConformanceClient, answer: Exchange, ...paths: readonly string[]): void {
  const schema = config.schemas.get(config.users.schema.toLowerCase());
  for (const path of paths.filter((name) => findDefinition(schema, name)?.['returned'] !== 'always')) {
    ensure(answer, isUnassigned(memberAt(bodyOf(answer), path)), `${path} is answered`);
  }
}

function hasOnly(resource: JsonObject, names: readonly string[]): boolean {
  const always = ['id', 'schemas', 'meta'];
  return Object.keys(resource).every((name) => names.includes(name) || always.includes(name));
}
