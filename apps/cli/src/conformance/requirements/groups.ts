import { objectsAt } from '../../simulate/json.js';
import { advertised, needsGroups } from '../attribute-definitions.js';
import type { ConformanceClient, Created, Operation } from '../conformance-client.js';
import {
  assume,
  bodyOf,
  ensure,
  expectFound,
  expectMember,
  expectRefused,
  expectSchema,
  expectStatus,
  expectUnassigned,
  show,
  valuesOf,
} from '../expectations.js';
import type { Exchange } from '../exchange.js';
import { both, inSection, must, should } from '../requirement.js';
import { groupSchema } from '../urns.js';

interface Membership {
  readonly group: Created;
  readonly people: readonly [Created, Created];
}

/** RFC 7643 section 4.2 and RFC 7644 section 3 as they concern groups, where the server has them. */
export const groups = [
  ...inSection('RFC 7643 4.2', needsGroups, [
    must('groups.create', 'creates a group with 201, Location and id', async (client) => {
      const answer = await client.post(client.groupsEndpoint, client.samples.group());
      expectStatus(answer, 201);
      expectSchema(answer, groupSchema);
      ensure(answer, typeof bodyOf(answer)['id'] === 'string', 'id is not a string');
      ensure(answer, answer.headers.location !== undefined, 'the header Location is absent');
    }),
    must('groups.display-name', 'refuses a group without displayName with 400', async (client) => {
      expectStatus(await client.post(client.groupsEndpoint, client.samples.group({ displayName: undefined })), 400);
    }),
    must('groups.read', 'answers a GET of a group with its displayName', async (client) => {
      const group = await client.createGroup();
      const answer = await client.get(group.path);
      expectStatus(answer, 200);
      expectMember(answer, 'displayName', group.body['displayName']);
      expectMember(answer, 'meta.resourceType', client.config.groups?.name);
    }),
    must('groups.members', 'keeps members by the ids of the users', async (client) => {
      const { group, people } = await membership(client);
      expectMembers(await client.get(group.path), people);
    }),
    should('groups.member-reference', 'answers $ref and type of a member', async (client) => {
      const { group, people } = await membership(client);
      const answer = await client.get(group.path);
      const [member] = objectsAt(bodyOf(answer), 'members');
      ensure(
        answer,
        people.some(({ id }) => String(member?.['$ref']).endsWith(`/${id}`)),
        `$ref is ${show(member?.['$ref'])}`,
      );
    }),
    should('groups.user-groups', 'answers the groups of a user in its read-only groups', async (client) => {
      const { group, people } = await membership(client);
      const answer = await client.get(people[0].path);
      const found = valuesOf(bodyOf(answer), 'groups');
      ensure(answer, found.includes(group.id), `groups has the values ${show(found)}`);
    }),
    should('groups.deleted-member', 'ends the membership of a user that is deleted', async (client) => {
      const { group, people } = await membership(client);
      assume(await client.delete(people[0].path), 204);
      expectMembers(await client.get(group.path), [people[1]]);
    }),
  ]),
  ...inSection('RFC 7644 3.4.2', both(needsGroups, advertised('filter')), [
    must('groups.list', 'lists groups in a ListResponse', async (client) => {
      const group = await client.createGroup();
      expectFound(await find(client, `displayName eq "${String(group.body['displayName'])}"`), [group]);
    }),
    must('groups.filter-members', 'finds groups by members.value', async (client) => {
      const { group, people } = await membership(client);
      expectFound(await find(client, `members.value eq "${people[0].id}"`), [group]);
    }),
    must('groups.excluded-members', 'leaves members out when they are excluded', async (client) => {
      const { group } = await membership(client);
      const answer = await client.get(`${group.path}?excludedAttributes=members`);
      expectStatus(answer, 200);
      expectUnassigned(answer, 'members');
      expectMember(answer, 'displayName', group.body['displayName']);
    }),
  ]),
  ...inSection('RFC 7644 3.5.1', needsGroups, [
    must('groups.put', 'replaces displayName and members by PUT', async (client) => {
      const { group, people } = await membership(client);
      const body = client.samples.group({ members: [{ value: people[1].id }] });
      expectStatus(await client.put(group.path, body), 200);
      const answer = await client.get(group.path);
      expectMember(answer, 'displayName', body['displayName']);
      expectMembers(answer, [people[1]]);
    }),
  ]),
  ...inSection('RFC 7644 3.5.2', both(needsGroups, advertised('patch')), [
    must('groups.rename', 'renames a group by PATCH', async (client) => {
      const { group } = await membership(client);
      const value = client.samples.nextName();
      expectMember(await patched(client, group, [{ op: 'replace', path: 'displayName', value }]), 'displayName', value);
    }),
    must('groups.add-member', 'adds a member and keeps the others', async (client) => {
      const { group, people } = await membership(client);
      const added = await client.createUser();
      const operation = { op: 'add', path: 'members', value: [{ value: added.id }] };
      expectMembers(await patched(client, group, [operation]), [...people, added]);
    }),
    must('groups.add-member-twice', 'has a member once that is added twice', async (client) => {
      const { group, people } = await membership(client);
      const operation = { op: 'add', path: 'members', value: [{ value: people[0].id }] };
      expectMembers(await patched(client, group, [operation]), people);
    }),
    must('groups.remove-member', 'removes the member that a value path names and no other', async (client) => {
      const { group, people } = await membership(client);
      const operation = { op: 'remove', path: `members[value eq "${people[0].id}"]` };
      expectMembers(await patched(client, group, [operation]), [people[1]]);
    }),
    must('groups.remove-all', 'removes all members', async (client) => {
      const { group } = await membership(client);
      expectUnassigned(await patched(client, group, [{ op: 'remove', path: 'members' }]), 'members');
    }),
    must('groups.replace-members', 'replaces all members', async (client) => {
      const { group, people } = await membership(client);
      const operation = { op: 'replace', path: 'members', value: [{ value: people[1].id }] };
      expectMembers(await patched(client, group, [operation]), [people[1]]);
    }),
    must('groups.atomic', 'changes no member when one operation fails', async (client) => {
      const { group, people } = await membership(client);
      const operations = [
        { op: 'remove', path: 'members' },
        { op: 'replace', path: 'id', value: 'x' },
      ];
      expectRefused(await client.patch(group.path, operations));
      expectMembers(await client.get(group.path), people);
    }),
    must('groups.parallel', 'loses no member of PATCHes that arrive together', async (client) => {
      const group = await client.createGroup();
      const people = await Promise.all(Array.from({ length: 4 }, () => client.createUser()));
      const add = ({ id }: Created): Promise<Exchange> =>
        client.patch(group.path, [{ op: 'add', path: 'members', value: [{ value: id }] }]);
      for (const answer of await Promise.all(people.map(add))) assume(answer, 200, 204);
      expectMembers(await client.get(group.path), people);
    }),
  ]),
  ...inSection('RFC 7644 3.6', needsGroups, [
    must('groups.delete', 'deletes a group and keeps its members', async (client) => {
      const { group, people } = await membership(client);
      expectStatus(await client.delete(group.path), 204);
      expectStatus(await client.get(group.path), 404);
      expectStatus(await client.get(people[0].path), 200);
    }),
  ]),
];

async function membership(client: ConformanceClient): Promise<Membership> {
  const people = [await client.createUser(), await client.createUser()] as const;
  const group = await client.createGroup({ members: people.map(({ id }) => ({ value: id })) });
  return { group, people };
}

async function patched(
  client: ConformanceClient,
  { path }: Created,
  operations: readonly Operation[],
): Promise<Exchange> {
  expectStatus(await client.patch(path, operations), 200, 204);
  return client.get(path);
}

function find(client: ConformanceClient, filter: string): Promise<Exchange> {
  return client.query(client.groupsEndpoint, { filter });
}

function expectMembers(answer: Exchange, people: readonly Created[]): void {
  expectStatus(answer, 200);
  const wanted = people.map(({ id }) => id).sort();
  const found = valuesOf(bodyOf(answer), 'members');
  ensure(answer, show(found) === show(wanted), `members has the values ${show(found)}, not ${show(wanted)}`);
}
