import { needs } from '../attribute-definitions.js';
import {
  bodyOf,
  ensure,
  expectFound,
  expectMember,
  expectSchema,
  expectStatus,
  memberAt,
  resourcesOf,
  schemasOf,
  show,
} from '../expectations.js';
import { always, inSection, may, must, should } from '../requirement.js';
import { messageSchemas } from '../urns.js';
import { NotApplicable } from '../violation.js';

/** RFC 7644 sections 3.4.1 and 3.4.2: reading one resource and listing. */
export const read = [
  ...inSection('RFC 7644 3.4.1', always, [
    must('get.known', 'answers 200 and the resource to a GET of its URI', async (client) => {
      const created = await client.createUser();
      const answer = await client.get(created.path);
      expectStatus(answer, 200);
      expectMember(answer, 'id', created.id);
      expectMember(answer, 'userName', created.body['userName']);
    }),
    must('get.location', 'answers at the URI of meta.location', async (client) => {
      const created = await client.createUser();
      const location = String(memberAt(created.body, 'meta.location'));
      if (!location.endsWith(created.path)) throw new NotApplicable(`meta.location is another path: ${location}`);
      expectMember(await client.get(created.path), 'meta.location', location);
    }),
    must('get.unknown', 'answers 404 to an id that it never gave', async (client) => {
      expectStatus(await client.get(`${client.config.users.endpoint}/${client.samples.nextName()}`), 404);
    }),
    must('get.odd-id', 'answers 404 to an id with odd characters', async (client) => {
      expectStatus(await client.get(`${client.config.users.endpoint}/%27%20OR%201%3D1%20--%20%C3%A9`), 404);
    }),
  ]),
  ...inSection('RFC 7644 3.4.2', always, [
    must('list.schema', 'answers a query with a ListResponse', async (client) => {
      const answer = await client.users({ count: 1 });
      expectStatus(answer, 200);
      expectSchema(answer, messageSchemas.list);
    }),
    must('list.total', 'says totalResults as integer', async (client) => {
      const answer = await client.users({ count: 1 });
      const total = bodyOf(answer)['totalResults'];
      ensure(answer, Number.isInteger(total) && Number(total) >= 0, `totalResults is ${show(total)}`);
    }),
    must('list.resources', 'lists the resources when there are any', async (client) => {
      await client.shared('plain user', () => client.createUser());
      const answer = await client.users({ count: 1 });
      ensure(answer, resourcesOf(answer).length > 0, 'Resources is empty or absent');
    }),
    must('list.complete-resources', 'lists each with its schemas and id', async (client) => {
      const answer = await client.users({ count: 5 });
      const wrong = resourcesOf(answer).find((resource) => schemasOf(resource).length === 0 || !resource['id']);
      ensure(answer, wrong === undefined, `a resource lacks schemas or id: ${show(wrong)}`);
    }),
    must('list.no-parameters', 'answers a query without parameters', async (client) => {
      const answer = await client.get(client.config.users.endpoint);
      expectStatus(answer, 200);
      expectSchema(answer, messageSchemas.list);
    }),
    must(
      'list.none',
      'answers 200 and totalResults 0 when nothing matches',
      async (client) => {
        const answer = await client.users({ filter: `userName eq "${client.samples.nextName()}"` });
        expectStatus(answer, 200);
        expectMember(answer, 'totalResults', 0);
        ensure(answer, resourcesOf(answer).length === 0, 'Resources is not empty');
      },
      ({ filter }) => filter || 'filter is not advertised',
    ),
    should(
      'list.inactive',
      'lists users whose active is false',
      async (client) => {
        const created = await client.createUser({ active: false });
        const answer = await client.users({ filter: `userName eq "${String(created.body['userName'])}"` });
        expectFound(answer, [created]);
      },
      (config) => (config.filter ? needs('active')(config) : 'filter is not advertised'),
    ),
  ]),
  ...inSection('RFC 7644 3.4.2.1', ({ filter }) => filter || 'filter is not advertised', [
    may('list.root', 'answers a query at the root of the server', async (client) => {
      const created = await client.createUser();
      const answer = await client.query('/', { filter: `userName eq "${String(created.body['userName'])}"` });
      expectFound(answer, [created]);
    }),
  ]),
];
