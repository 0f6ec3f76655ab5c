import { beforeAll, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import { groupResourceType, parseFilter, resolveFilter, userResourceType } from '@cleanmail/scim';
import { describeEachEngine } from '../../support/engines/index.js';
import { copyOf, createCrowd, personName } from '../support/crowd.js';
import { createTenant, libsFor } from '../support/libs.js';
import { type RecordedStatement, statementsOf } from '../support/recorded-statements.js';
import { type Row } from '../support/rows.js';

const crowd = 4000;
const asked = 1234;
const name = personName(asked);
/** Rows of tables and indexes that a look-up may touch; a scan would touch thousands. */
const fewRows = 60;

interface Plan {
  /** What the engine says of its plan. */
  readonly steps: readonly string[];
  /** Rows read, where the engine counts them. */
  readonly rowsRead: number | undefined;
}

describeEachEngine('plans of filters', (engine) => {
  const libs = libsFor(engine, () => [], { unverified: 'users are written past their service' });
  let tenant: TenantId;
  let first: { readonly user: string; readonly group: string };
  let newest: string;

  beforeAll(async () => {
    tenant = await createTenant(libs());
    first = await createCrowd(libs(), tenant, crowd);
    await createCrowd(libs(), await createTenant(libs()), 1000);
    const { users } = await libs().users.list(tenant, { startIndex: crowd - 20, count: 1 });
    newest = new Date(users[0]?.lastModified ?? 0).toISOString();
    if (engine.name !== 'sqlite') {
      await libs().database.read((session) =>
        session.list('ANALYZE TABLE scim_user, scim_user_email, scim_group, scim_group_member'),
      );
    }
  });

  async function planOf({ sql, parameters }: RecordedStatement): Promise<Plan> {
    return libs().database.read(async (session) => {
      if (engine.name === 'sqlite') {
        const rows = await session.list<{ readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters);
        return { steps: rows.map(({ detail }) => detail), rowsRead: undefined };
      }
      const explained = await session.list<Row>(`EXPLAIN FORMAT=TRADITIONAL ${sql}`, parameters);
      const reads = async () => {
        const status = await session.list<Row>("SHOW SESSION STATUS LIKE 'Handler_read%'");
        return status.reduce((sum, row) => sum + Number(row['Value']), 0);
      };
      // Asking for the status reads rows as well: as many each time.
      const [start, idle] = [await reads(), await reads()];
      await session.list(sql, parameters);
      const rowsRead = (await reads()) - idle - (idle - start);
      return { steps: explained.map((row) => `${row['table']} ${row['type']} ${row['key']}`), rowsRead };
    });
  }

  function fill(filter: string): string {
    return filter
      .replaceAll('NAME', name)
      .replaceAll('USER', copyOf(first.user, asked))
      .replaceAll('GROUP', copyOf(first.group, Math.floor(asked / 10)))
      .replaceAll('NEWEST', newest);
  }

  async function listed(type: 'users' | 'groups', filter: string, count = 100) {
    const resourceType = type === 'users' ? userResourceType : groupResourceType;
    const resolved = resolveFilter(parseFilter(fill(filter)), resourceType);
    let found = 0;
    const statements = await statementsOf(libs().database, async () => {
      const page = { filter: resolved, startIndex: 1, count };
      const list = type === 'users' ? await libs().users.list(tenant, page) : await libs().groups.list(tenant, page);
      found = list.totalResults;
    });
    return { found, statements };
  }

  it.each<[string, string, number, string, string]>([
    ['users', 'id eq "USER"', 1, 'tenant_id=\\? AND id=\\?', 'u (const|eq_ref|ref) PRIMARY'],
    ['users', 'userName eq "NAME@crowd.example"', 1, 'user_name_key=\\?', 'u const uq_scim_user_name'],
    ['users', 'userName sw "NAME@"', 1, 'user_name_key>\\? AND user_name_key<\\?', 'u range uq_scim_user_name'],
    ['users', 'externalId eq "NAME"', 1, 'external_id=\\?', 'u ref ix_scim_user_external_id'],
    ['users', 'displayName eq "NAME"', 1, 'display_name_key=\\?', 'u ref ix_scim_user_display_name'],
    ['users', 'meta.lastModified gt "NEWEST"', 19, 'last_modified>\\?', 'u range ix_scim_user_last_modified'],
    ['users', 'displayName sw "NAME"', 1, 'display_name_key>\\? AND display_name_key<\\?', 'u range ix_scim_user_display_name'],
    ['users', 'emails eq "NAME@WORK.example"', 1, 'value_key=\\?', 'l ref PRIMARY'],
    ['users', 'emails.value eq "NAME@work.example"', 1, 'value_key=\\?', 'l ref PRIMARY'],
    ['users', 'emails[value eq "NAME@work.example"]', 1, 'value_key=\\?', 'l ref PRIMARY'],
    ['users', 'emails.value sw "NAME@"', 1, 'value_key>\\? AND value_key<\\?', 'l range PRIMARY'],
    ['users', 'emails[type eq "work" and value eq "NAME@work.example"]', 1, 'value_key=\\?', 'l ref PRIMARY'],
    ['users', 'emails[type eq "home" and value eq "NAME@work.example"]', 0, 'value_key=\\?', 'l ref PRIMARY'],
    ['users', 'groups.value eq "GROUP"', 10, 'group_id=\\?', 'm ref PRIMARY'],
    ['users', 'userName eq "NAME@crowd.example" and externalId eq "NAME"', 1, '(user_name_key|external_id)=\\?', 'u (const|ref) (uq_scim_user_name|ix_scim_user_external_id)'],
    ['users', 'externalId eq "NAME" and emails.value eq "NAME@work.example"', 1, '(external_id|value_key)=\\?', '(l|u) ref'],
    ['users', 'id eq "USER" and emails.value eq "NAME@work.example"', 1, 'tenant_id=\\? AND id=\\?', '(u|l) const PRIMARY'],
    ['groups', 'displayName eq "team person-00000123"', 1, 'display_name_key=\\?', 'g const uq_scim_group_name'],
    ['groups', 'meta.lastModified ge "2999-01-01T00:00:00Z"', 0, 'last_modified>\\?', 'g range ix_scim_group_last_modified'],
    ['groups', 'externalId eq "NAME"', 0, 'external_id=\\?', 'g ref ix_scim_group_external_id'],
    ['groups', 'members.value eq "USER"', 1, 'member_id=\\?', 'm ref ix_scim_group_member_member'],
    ['groups', 'members eq "USER"', 1, 'member_id=\\?', 'm ref ix_scim_group_member_member'],
    ['groups', 'members[value eq "USER" and type eq "User"]', 1, 'member_id=\\?', 'm ref ix_scim_group_member_member'],
    ['groups', 'id eq "GROUP" and members eq "USER"', 1, 'tenant_id=\\? AND id=\\?', '(g|m) const PRIMARY'],
  ])('should find %s by an index on %s', async (type, filter, expected, search, step) => {
    const { found, statements } = await listed(type as 'users' | 'groups', filter);
    expect(found).toBe(expected);
    expect(statements).toHaveLength(1);
    const [statement] = statements;
    expect(statement?.isPrepared).toBe(!/ (sw|gt|ge) /.test(filter));
    if (statement === undefined) return;
    const { steps, rowsRead } = await planOf(statement);
    const wanted = new RegExp(engine.name === 'sqlite' ? search : step);
    expect({ steps, matching: steps.some((each) => wanted.test(each)) }).toEqual({ steps, matching: true });
    if (rowsRead !== undefined) expect({ steps, isMany: rowsRead > fewRows, rowsRead }).toMatchObject({ isMany: false });
    if (engine.name === 'sqlite') {
      const scans = steps.filter((each) => /^SCAN (?!e\d)|\(tenant_id=\?\)$/.test(each));
      expect({ steps, scans }).toEqual({ steps, scans: [] });
    }
  }); // prettier-ignore

  it('should find the groups of a user by an index', async () => {
    const statements = await statementsOf(libs().database, () =>
      libs().users.get(tenant, copyOf(first.user, asked), { withGroups: true }),
    );
    expect(statements).toHaveLength(2);
    for (const statement of statements) {
      const { steps, rowsRead } = await planOf(statement);
      expect({ steps, isMany: (rowsRead ?? 0) > fewRows }).toEqual({ steps, isMany: false });
      expect(steps.filter((each) => /^SCAN|\(tenant_id=\?\)$/.test(each))).toEqual([]);
    }
  });
});
