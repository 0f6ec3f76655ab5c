import { objectAt } from '../../simulate/json.js';
import { advertised } from '../attribute-definitions.js';
import type { ConformanceClient } from '../conformance-client.js';
import { bodyOf, ensure, expectBadRequest, expectStatus, resourcesOf, show } from '../expectations.js';
import type { Exchange } from '../exchange.js';
import { both, inSection, must, should, type Applicability } from '../requirement.js';
import { pagePeople } from './index-pagination.js';

const announces: Applicability = ({ documents }) =>
  documents.serviceProviderConfig.body?.['pagination'] !== undefined || 'pagination is not in /ServiceProviderConfig';

/** RFC 9865: pages by cursor, and what the configuration says of them. */
export const cursorPagination = [
  ...inSection('RFC 9865 4', announces, [
    must('cursor.config-booleans', 'says with booleans whether it pages by cursor and by index', async (client) => {
      for (const name of ['cursor', 'index']) expectConfig(client, name, (value) => typeof value === 'boolean', true);
    }),
    must('cursor.config-default', 'names cursor or index as defaultPaginationMethod', async (client) => {
      expectConfig(client, 'defaultPaginationMethod', (value) => value === 'cursor' || value === 'index', false);
    }),
    must('cursor.config-numbers', 'gives sizes and timeout as integers', async (client) => {
      for (const name of ['defaultPageSize', 'maxPageSize', 'cursorTimeout']) {
        expectConfig(client, name, (value) => Number.isInteger(value) && Number(value) >= 0, false);
      }
    }),
  ]),
  ...inSection('RFC 9865 2', both(advertised('cursor'), advertised('filter')), [
    must('cursor.first', 'answers an empty cursor with the first page and nextCursor', async (client) => {
      const answer = await page(client, '');
      ensure(
        answer,
        typeof nextOf(answer) === 'string' && nextOf(answer) !== '',
        `nextCursor is ${show(nextOf(answer))}`,
      );
    }),
    must('cursor.count', 'answers no more resources than count', async (client) => {
      const answer = await page(client, '');
      ensure(answer, resourcesOf(answer).length <= 2, `Resources holds ${resourcesOf(answer).length}`);
    }),
    must('cursor.walk', 'answers each resource on exactly one page and ends without nextCursor', async (client) => {
      const { people } = await pagePeople(client);
      const { ids, last } = await walk(client);
      ensure(last, nextOf(last) === undefined, 'the walk does not end');
      ensure(last, new Set(ids).size === ids.length, 'a resource is on two pages');
      const missing = people.find(({ id }) => !ids.includes(id));
      ensure(last, missing === undefined, `no page holds ${show(missing?.body['userName'])}`);
    }),
    must('cursor.characters', 'gives cursors of characters that a URL need not escape', async (client) => {
      const answer = await page(client, '');
      ensure(answer, /^[A-Za-z0-9._~-]+$/.test(String(nextOf(answer))), `nextCursor is ${show(nextOf(answer))}`);
    }),
    must('cursor.no-start-index', 'says no startIndex on a page by cursor', async (client) => {
      const answer = await page(client, '');
      ensure(answer, bodyOf(answer)['startIndex'] === undefined, `startIndex is ${show(bodyOf(answer)['startIndex'])}`);
    }),
    must('cursor.invalid', 'answers 400 and invalidCursor to a cursor that it never gave', async (client) => {
      expectBadRequest(await request(client, client.samples.nextName()), 'invalidCursor');
    }),
    must(
      'cursor.invalid-count',
      'answers 400 and invalidCount to a count above its limit, or answers fewer',
      async (client) => {
        const { filter } = await pagePeople(client);
        const answer = await client.users({ filter, cursor: '', count: 1_000_000_000 });
        if (answer.status !== 200) expectBadRequest(answer, 'invalidCount');
      },
    ),
    should('cursor.other-filter', 'refuses a cursor together with another filter', async (client) => {
      const answer = await page(client, '');
      const refused = await client.users({ filter: 'userName pr', cursor: String(nextOf(answer)), count: 2 });
      expectBadRequest(refused, 'invalidCursor');
    }),
    should('cursor.previous', 'leads back by previousCursor to the page before', async (client) => {
      const first = await page(client, '');
      const second = await page(client, String(nextOf(first)));
      const previous = bodyOf(second)['previousCursor'];
      ensure(second, typeof previous === 'string', `previousCursor is ${show(previous)}`);
      const back = await page(client, String(previous));
      const ids = (answer: Exchange): string => show(resourcesOf(answer).map(({ id }) => id));
      ensure(back, ids(back) === ids(first), 'previousCursor leads to another page');
    }),
  ]),
];

async function request(client: ConformanceClient, cursor: string): Promise<Exchange> {
  const { filter } = await pagePeople(client);
  return client.users({ filter, cursor, count: 2 });
}

async function page(client: ConformanceClient, cursor: string): Promise<Exchange> {
  const answer = await request(client, cursor);
  expectStatus(answer, 200);
  return answer;
}

async function walk(client: ConformanceClient): Promise<{ ids: readonly unknown[]; last: Exchange }> {
  let last = await page(client, '');
  const ids: unknown[] = resourcesOf(last).map(({ id }) => id);
  for (let steps = 0; steps < 10 && nextOf(last) !== undefined; steps += 1) {
    last = await page(client, String(nextOf(last)));
    ids.push(...resourcesOf(last).map(({ id }) => id));
  }
  return { ids, last };
}

function nextOf(answer: Exchange): unknown {
  return bodyOf(answer)['nextCursor'];
}

function expectConfig(
  client: ConformanceClient,
  name: string,
  isRight: (value: unknown) => boolean,
  isRequired: boolean,
): void {
  const answer = client.config.documents.serviceProviderConfig;
  const value = objectAt(bodyOf(answer), 'pagination')[name];
  ensure(answer, (value === undefined && !isRequired) || isRight(value), `pagination.${name} is ${show(value)}`);
}
