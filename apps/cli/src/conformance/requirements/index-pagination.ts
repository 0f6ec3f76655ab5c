import { advertised } from '../attribute-definitions.js';
import type { ConformanceClient, Created } from '../conformance-client.js';
import { bodyOf, ensure, expectMember, expectStatus, resourcesOf, show } from '../expectations.js';
import type { Exchange } from '../exchange.js';
import { both, inSection, must } from '../requirement.js';

const size = 5;

/** Users that a filter sets apart, so that nobody else's are counted. */
export interface PagePeople {
  readonly filter: string;
  readonly people: readonly Created[];
}

/** Five users, made once. */
export function pagePeople(client: ConformanceClient): Promise<PagePeople> {
  return client.shared('page people', async () => {
    const prefix = client.samples.nextName();
    const people: Created[] = [];
    for (let number = 1; number <= size; number += 1) {
      people.push(await client.createUser({ userName: `${prefix}-p${number}@example.com` }));
    }
    return { filter: `userName sw "${prefix}-p"`, people };
  });
}

/** RFC 7644 section 3.4.2.4: pages by index. */
export const indexPagination = inSection('RFC 7644 3.4.2.4', both(advertised('index'), advertised('filter')), [
  must('page.count', 'answers no more resources than count', async (client) => {
    const answer = await page(client, { count: 2 });
    ensure(answer, resourcesOf(answer).length <= 2, `Resources holds ${resourcesOf(answer).length}`);
  }),
  must('page.total', 'says in totalResults how many there are on all pages', async (client) => {
    expectMember(await page(client, { count: 2 }), 'totalResults', size);
  }),
  must('page.start-index', 'says startIndex of a partial page', async (client) => {
    expectMember(await page(client, { startIndex: 3, count: 2 }), 'startIndex', 3);
  }),
  must('page.items-per-page', 'says in itemsPerPage how many a partial page holds', async (client) => {
    const answer = await page(client, { startIndex: 3, count: 2 });
    expectMember(answer, 'itemsPerPage', resourcesOf(answer).length);
  }),
  must('page.default-start', 'begins with the first resource when there is no startIndex', async (client) => {
    const [first, second] = [await page(client, { count: 1 }), await page(client, { startIndex: 1, count: 1 })];
    ensure(second, idsOf(first)[0] === idsOf(second)[0], 'startIndex=1 answers another resource than none');
  }),
  must('page.start-below-one', 'takes a startIndex below 1 for 1', async (client) => {
    const [zero, negative] = [
      await page(client, { startIndex: 0, count: 1 }),
      await page(client, { startIndex: -5, count: 1 }),
    ];
    const first = await page(client, { startIndex: 1, count: 1 });
    for (const answer of [zero, negative]) {
      ensure(answer, idsOf(answer)[0] === idsOf(first)[0], 'the first resource is not the first');
    }
  }),
  must('page.count-zero', 'answers count=0 with totalResults and no resources', async (client) => {
    const answer = await page(client, { count: 0 });
    ensure(answer, resourcesOf(answer).length === 0, `Resources holds ${resourcesOf(answer).length}`);
    expectMember(answer, 'totalResults', size);
  }),
  must('page.count-negative', 'takes a negative count for 0', async (client) => {
    const answer = await page(client, { count: -1 });
    ensure(answer, resourcesOf(answer).length === 0, `Resources holds ${resourcesOf(answer).length}`);
  }),
  must('page.beyond', 'answers an empty page beyond the end', async (client) => {
    const answer = await page(client, { startIndex: size + 1, count: 2 });
    ensure(answer, resourcesOf(answer).length === 0, `Resources holds ${resourcesOf(answer).length}`);
    expectMember(answer, 'totalResults', size);
  }),
  must('page.complete', 'answers each resource on exactly one page', async (client) => {
    const { people } = await pagePeople(client);
    const ids: string[] = [];
    let answer = await page(client, { startIndex: 1, count: 2 });
    for (let startIndex = 1; startIndex <= size; startIndex += 2) {
      answer = await page(client, { startIndex, count: 2 });
      ids.push(...idsOf(answer));
    }
    ensure(answer, new Set(ids).size === ids.length, 'a resource is on two pages');
    const missing = people.find(({ id }) => !ids.includes(id));
    ensure(answer, missing === undefined, `no page holds ${show(missing?.body['userName'])}`);
  }),
  must(
    'page.max-results',
    'never answers more than filter.maxResults',
    async (client) => {
      const limit = client.config.maxResults ?? 0;
      const answer = await client.users({ count: limit + 1 });
      ensure(
        answer,
        resourcesOf(answer).length <= limit,
        `Resources holds ${resourcesOf(answer).length}, not ${limit}`,
      );
    },
    ({ maxResults }) => (maxResults !== undefined && maxResults > 0) || 'filter.maxResults gives no limit',
  ),
  must('page.not-a-number', 'does not fail on its side when count is no number', async (client) => {
    expectStatus(await client.users({ count: 'many' }), 200, 400);
  }),
]);

async function page(client: ConformanceClient, parameters: Readonly<Record<string, number>>): Promise<Exchange> {
  const { filter } = await pagePeople(client);
  const answer = await client.users({ filter, ...parameters });
  expectStatus(answer, 200);
  return answer;
}

function idsOf(answer: Exchange): readonly string[] {
  const ids = resourcesOf(answer).map(({ id }) => String(id));
  bodyOf(answer);
  return ids;
}
