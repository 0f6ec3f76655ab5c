import type { ConformanceClient, Created } from '../conformance-client.js';
import { expectFound, expectBadRequest } from '../expectations.js';
import { NotApplicable } from '../violation.js';

/** Two users that differ in what filters look at; nobody changes them. */
export interface FilterPeople {
  readonly full: Created;
  readonly bare: Created;
}

/** `full` has every attribute, is active and has a work and a home address; `bare` is inactive and has neither. */
export function filterPeople(client: ConformanceClient): Promise<FilterPeople> {
  return client.shared('filter people', async () => {
    const name = client.samples.nextName();
    const full = await client.createUser({
      userName: `${name}.Anna.Full@example.com`,
      externalId: `Ext-${name}-A`,
      title: 'Tour "Guide" \\ Lead',
      nickName: 'Mixed Case',
      name: { givenName: 'Anna', familyName: `Full ${name}` },
      emails: [
        { value: `${name}.work@work.example`, type: 'work', primary: true },
        { value: `${name}.home@home.example`, type: 'home' },
      ],
    });
    const bare = await client.createUser({
      userName: `${name}.bert.bare@example.com`,
      active: false,
      title: undefined,
      nickName: undefined,
      emails: undefined,
      name: undefined,
    });
    return { full, bare };
  });
}

/** A filter in which `{full}` and `{bare}` stand for the userNames of the two. */
export type FilterText = string;

/** The filter finds exactly these of the two users. */
export async function expectFilter(
  client: ConformanceClient,
  filter: FilterText,
  found: 'full' | 'bare' | 'both' | 'none',
): Promise<void> {
  const { full, bare } = await filterPeople(client);
  const text = filter
    .replaceAll('{full}', String(full.body['userName']))
    .replaceAll('{bare}', String(bare.body['userName']))
    .replaceAll('{fullId}', full.id)
    .replaceAll('{externalId}', String(full.body['externalId']))
    .replaceAll('{prefix}', String(full.body['userName']).split('.')[0] ?? '');
  if (filter.includes('{externalId}') && full.body['externalId'] === undefined) {
    throw new NotApplicable('externalId is not kept');
  }
  const wanted = [
    ...(found === 'full' || found === 'both' ? [full] : []),
    ...(found === 'bare' || found === 'both' ? [bare] : []),
  ];
  const answer = await client.users({ filter: text });
  expectFound(
    answer,
    wanted,
    [full, bare].filter((user) => !wanted.includes(user)),
  );
}

/** The filter is refused with 400 and invalidFilter. */
export async function expectInvalidFilter(client: ConformanceClient, filter: string): Promise<void> {
  expectBadRequest(await client.users({ filter }), 'invalidFilter');
}
