import { advertised, needs } from '../attribute-definitions.js';
import type { ConformanceClient, Created } from '../conformance-client.js';
import { ensure, expectStatus, resourcesOf, show } from '../expectations.js';
import { both, inSection, must } from '../requirement.js';

interface SortPeople {
  readonly prefix: string;
  readonly people: readonly Created[];
}

/** RFC 7644 section 3.4.2.3: sorting, on three users that a filter sets apart. */
export const sort = inSection('RFC 7644 3.4.2.3', both(advertised('sort'), advertised('filter')), [
  must('sort.ascending', 'sorts ascending unless told otherwise', (client) =>
    expectOrder(client, { sortBy: 'userName' }, ['a', 'b', 'c']),
  ),
  must('sort.ascending-named', 'sorts ascending when told so', (client) =>
    expectOrder(client, { sortBy: 'userName', sortOrder: 'ascending' }, ['a', 'b', 'c']),
  ),
  must('sort.descending', 'sorts descending when told so', (client) =>
    expectOrder(client, { sortBy: 'userName', sortOrder: 'descending' }, ['c', 'b', 'a']),
  ),
  must(
    'sort.folds-case',
    'sorts without case what is not caseExact',
    (client) => expectOrder(client, { sortBy: 'displayName' }, ['c', 'b', 'a']),
    needs('displayName'),
  ),
  must(
    'sort.sub-attribute',
    'sorts by a sub-attribute',
    (client) => expectOrder(client, { sortBy: 'name.familyName' }, ['b', 'a', 'c']),
    needs('name.familyName'),
  ),
  must(
    'sort.unassigned-last',
    'puts resources without a value last when ascending',
    (client) => expectOrder(client, { sortBy: 'nickName' }, ['b', 'c', 'a']),
    needs('nickName'),
  ),
  must(
    'sort.unassigned-first',
    'puts resources without a value first when descending',
    (client) => expectOrder(client, { sortBy: 'nickName', sortOrder: 'descending' }, ['a', 'c', 'b']),
    needs('nickName'),
  ),
  must('sort.attribute-case', 'reads sortBy without regard to case', (client) =>
    expectOrder(client, { sortBy: 'USERNAME', sortOrder: 'descending' }, ['c', 'b', 'a']),
  ),
  must('sort.pages', 'keeps the order over pages', async (client) => {
    const { prefix } = await sortPeople(client);
    const filter = `userName sw "${prefix}"`;
    const answer = await client.users({ filter, sortBy: 'userName', startIndex: 2, count: 1 });
    const [only] = resourcesOf(answer);
    ensure(answer, String(only?.['userName']).includes('-b-'), `the second is ${show(only?.['userName'])}`);
  }),
  must('sort.unknown', 'does not fail on its side for an attribute that it cannot sort by', async (client) => {
    expectStatus(await client.users({ sortBy: client.samples.nextName(), count: 1 }), 200, 400);
  }),
]);

function sortPeople(client: ConformanceClient): Promise<SortPeople> {
  return client.shared('sort people', async () => {
    const prefix = client.samples.nextName();
    const rows = [
      { letter: 'b', displayName: 'beta', familyName: 'Adams', nickName: 'first' },
      { letter: 'C', displayName: 'Alpha', familyName: 'Curie', nickName: 'Second' },
      { letter: 'a', displayName: 'Gamma', familyName: 'Bell', nickName: undefined },
    ];
    const people: Created[] = [];
    for (const { letter, familyName, ...rest } of rows) {
      const userName = `${prefix}-${letter}-@example.com`;
      people.push(await client.createUser({ userName, name: { familyName }, ...rest }));
    }
    return { prefix, people };
  });
}

async function expectOrder(
  client: ConformanceClient,
  parameters: Readonly<Record<string, string>>,
  order: readonly string[],
): Promise<void> {
  const { prefix } = await sortPeople(client);
  const answer = await client.users({ filter: `userName sw "${prefix}"`, ...parameters });
  const found = resourcesOf(answer).map(({ userName }) => String(userName).slice(prefix.length + 1, prefix.length + 2));
  const wanted = order.join(', ');
  ensure(answer, found.join(', ').toLowerCase() === wanted, `the order is ${found.join(', ')}, not ${wanted}`);
}
