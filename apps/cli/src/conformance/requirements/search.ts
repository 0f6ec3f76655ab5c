import { advertised } from '../attribute-definitions.js';
import type { ConformanceClient } from '../conformance-client.js';
import {
  bodyOf,
  ensure,
  expectBadRequest,
  expectFound,
  expectMember,
  expectSchema,
  expectStatus,
  resourcesOf,
} from '../expectations.js';
import type { Exchange } from '../exchange.js';
import { inSection, may, must } from '../requirement.js';
import { messageSchemas } from '../urns.js';
import { NotApplicable } from '../violation.js';
import { filterPeople } from './filter-people.js';

/** RFC 7644 section 3.4.3: queries by POST, where the server answers them. */
export const search = inSection('RFC 7644 3.4.3', advertised('filter'), [
  may('search.users', 'answers POST /Users/.search', async (client) => {
    expectStatus(await searchUsers(client, { count: 1 }), 200);
  }),
  may('search.root', 'answers POST /.search over all resource types', async (client) => {
    const { full } = await filterPeople(client);
    const answer = await client.post('/.search', message({ filter: `userName eq "${String(full.body['userName'])}"` }));
    expectFound(answer, [full]);
  }),
  must('search.list', 'answers a search with a ListResponse of what the filter finds', async (client) => {
    const { full, bare } = await filterPeople(client);
    const answer = offered(await searchUsers(client, { filter: `userName eq "${String(full.body['userName'])}"` }));
    expectStatus(answer, 200);
    expectSchema(answer, messageSchemas.list);
    expectFound(answer, [full], [bare]);
  }),
  must('search.attributes', 'heeds attributes as an array', async (client) => {
    const { full } = await filterPeople(client);
    const filter = `userName eq "${String(full.body['userName'])}"`;
    const answer = offered(await searchUsers(client, { filter, attributes: ['userName'] }));
    const [found] = resourcesOf(answer);
    ensure(answer, found?.['userName'] !== undefined, 'userName is absent');
    ensure(answer, found?.['emails'] === undefined, 'emails is answered');
  }),
  must('search.count', 'heeds startIndex and count as integers', async (client) => {
    const answer = offered(await searchUsers(client, { startIndex: 1, count: 1 }));
    ensure(answer, resourcesOf(answer).length <= 1, `Resources holds ${resourcesOf(answer).length}`);
    expectMember(answer, 'itemsPerPage', resourcesOf(answer).length);
  }),
  must('search.invalid-filter', 'answers 400 and invalidFilter to text that is no filter', async (client) => {
    expectBadRequest(offered(await searchUsers(client, { filter: 'userName eq' })), 'invalidFilter');
  }),
]);

function searchUsers(client: ConformanceClient, members: Readonly<Record<string, unknown>>): Promise<Exchange> {
  return client.post(`${client.config.users.endpoint}/.search`, message(members));
}

function message(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { schemas: [messageSchemas.search], ...members };
}

/** The answer, unless it says that there is no such endpoint. */
function offered(answer: Exchange): Exchange {
  if ([404, 405, 501].includes(answer.status)) throw new NotApplicable('/.search is not offered');
  bodyOf(answer);
  return answer;
}
