import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '@cleanmail/config';
import { asTenantId, newId, openDatabase } from '@cleanmail/database';
import {
  groupResourceType,
  parseFilter,
  readExtension,
  resolveFilter,
  type ResourceType,
  SCHEMA_URNS,
} from '@cleanmail/scim';
import { TEAM, teamSchema } from '../../support/contoso-schema.js';
import { createMigratedDatabaseUrl, describeEachEngine, dropDatabase } from '../../support/engines/index.js';
import { groupCommand, patchBody } from '../support/commands.js';
import { openLibs } from '../support/libs.js';
import { query } from '../support/rows.js';

const schema = readExtension(teamSchema, { resourceType: groupResourceType, otherUrns: [] });
const groupType: ResourceType = { ...groupResourceType, extensions: [{ schema, required: false }] };

describeEachEngine('groups of the version before', (engine) => {
  let databaseUrl: string;
  beforeEach(async () => {
    databaseUrl = await createMigratedDatabaseUrl(engine);
  });
  afterEach(() => dropDatabase(databaseUrl, { unverified: 'rows of an older version are written by hand' }));

  it('should be there after the migration, be found, and take extensions', async () => {
    const tenant = asTenantId(newId());
    const [groupId, memberId] = [newId(), newId()];
    const before = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [] });
    await before.dataSource.runMigrations({ transaction: 'each' });
    const isApplied = async () =>
      (await query(before, "SELECT 1 AS one FROM schema_migration WHERE name LIKE 'CreateTenantSchema%'")).length > 0;
    while (await isApplied()) await before.dataSource.undoLastMigration({ transaction: 'each' });
    await before.read(async (session) => {
      await session.run(
        "INSERT INTO tenant (id, name, profile, status, created_at, updated_at) VALUES (?, 'Old', 'cleanmail', 'active', 1, 1)",
        [tenant],
      );
      await session.run(
        "INSERT INTO scim_group (tenant_id, id, display_name, display_name_key, external_id, version, created_at, last_modified) VALUES (?, ?, 'Post', 'post', 'e-1', 3, 1, 2)",
        [tenant, groupId],
      );
      await session.run(
        "INSERT INTO scim_group_member (tenant_id, group_id, member_id, member_type, added_at) VALUES (?, ?, ?, 'User', 1)",
        [tenant, groupId, memberId],
      );
    });
    await before.close();

    const libs = await openLibs(databaseUrl);
    try {
      const { groups, database } = libs;
      expect(await query(database, 'SELECT schema_revision FROM tenant')).toEqual([{ schema_revision: 0 }]);
      const old = {
        id: groupId,
        version: 3,
        createdAt: 1,
        lastModified: 2,
        resource: { displayName: 'Post', externalId: 'e-1' },
        members: [{ id: memberId, type: 'User' }],
      };
      expect(await groups.get(tenant, groupId, { withMembers: true })).toEqual(old);
      const find = async (text: string) => {
        const filter = resolveFilter(parseFilter(text), groupType);
        return (await groups.list(tenant, { filter, startIndex: 1, count: 10 })).groups.map(({ id }) => id);
      };
      const found = [groupId];
      expect(await find(`schemas eq "${SCHEMA_URNS.group}"`)).toEqual(found);
      expect(await find(`schemas[value eq "${SCHEMA_URNS.group}"] and not (costCentre pr)`)).toEqual(found);
      expect(await find(`schemas eq "${TEAM}" or rooms[seats gt 1]`)).toEqual([]);

      const values = { costCentre: '4130', rooms: [{ value: 'R1', seats: 4 }] };
      const command = { ...groupCommand(), groupType };
      const changed = await groups.modify(
        tenant,
        command,
        groupId,
        patchBody({ op: 'add', value: { [TEAM]: values } }),
      );
      expect(changed).toMatchObject({
        version: 4,
        resource: { ...old.resource, [TEAM]: values },
        members: old.members,
      });
      expect(await find(`schemas eq "${TEAM}" and rooms[seats gt 1] and costCentre sw "41"`)).toEqual(found);
    } finally {
      await libs.close();
    }
  });
});
