import type { Results, Row } from '../record/statement-tap.js';

export const basePath = '/api/v3/scim2';
const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** A row of `scim_user` as the document that the service answers, with the groups that were read of it. */
export function userOf(row: Row, results: readonly Results[], origin: string): Readonly<Record<string, unknown>> {
  const groups = groupsOf(row, results, origin);
  const { name, ...rest } = JSON.parse(String(row['document'])) as { readonly name?: object };
  return {
    schemas: [userSchema],
    id: row['id'],
    externalId: row['external_id'],
    meta: metaOf(row, origin),
    userName: row['user_name'],
    name: { ...name, familyName: row['family_name'], givenName: row['given_name'] },
    displayName: row['display_name'],
    active: row['active'] === 1,
    ...rest,
    ...(groups.length === 0 ? {} : { groups }),
  };
}

function groupsOf({ id: user }: Row, results: readonly Results[], origin: string): readonly object[] {
  const memberships = results.flat().find((rows) => rows[0] !== undefined && 'member_id' in rows[0]) ?? [];
  return memberships
    .filter((row) => row['member_id'] === user)
    .map(({ id: value, name: display }) => {
      return { value, $ref: `${origin}${basePath}/Groups/${String(value)}`, display, type: 'direct' };
    });
}

/** The rows that are users, in whichever statement they were read. */
export function userRows(results: readonly Results[]): readonly Row[] {
  return results.flat().find((rows) => rows[0]?.['document'] !== undefined && 'user_name' in rows[0]) ?? [];
}

/** A user that was sent, as it is answered. */
export function sentUser(body: object, id: string, now: number, origin: string): Readonly<Record<string, unknown>> {
  return { ...body, id, meta: metaOf({ id, created_at: now, last_modified: now, version: 1 }, origin) };
}

/** A list of users; `totalResults` of a page is what the page directory's blocks add up to. */
export function listOf(rows: readonly Row[], results: readonly Results[], origin: string): object {
  const blocks = results.flat().find((each) => each[0] !== undefined && 'live' in each[0]) ?? [];
  const live = blocks.reduce((total, block) => total + Number(block['live']), 0);
  const resources = rows.map((row) => userOf(row, results, origin));
  return {
    schemas: [listSchema],
    totalResults: Math.max(live, rows.length),
    startIndex: 1,
    itemsPerPage: rows.length,
    Resources: resources,
  };
}

function metaOf(row: Row, origin: string): object {
  const time = (value: unknown) => new Date(Number(value)).toISOString();
  return {
    resourceType: 'User',
    created: time(row['created_at']),
    lastModified: time(row['last_modified']),
    location: `${origin}${basePath}/Users/${String(row['id'])}`,
    version: `W/"${String(row['version'])}"`,
  };
}
