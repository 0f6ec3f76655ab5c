import { entities } from '@cleanmail/cli';
import { parseDatabaseUrl } from '@cleanmail/config';
import { type Database, migrate, openDatabase, schemaDrift } from '@cleanmail/database';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createDatabaseUrl, describeEachEngine, dropDatabase } from '../support/engines/index.js';

describeEachEngine(schemaDrift.name, (engine) => {
  let url: string;
  let database: Database;

  beforeAll(async () => {
    url = await createDatabaseUrl(engine);
    database = await openDatabase({ location: parseDatabaseUrl(url), entities, poolSize: 2 });
    await migrate(database);
  });

  afterAll(async () => {
    await database.close();
    await dropDatabase(url, { unverified: 'rows are written past the services' });
  });

  /** What is reported now and was not before the statements ran. */
  async function driftAfter(...statements: readonly string[]): Promise<readonly string[]> {
    const before = await schemaDrift(database.dataSource);
    for (const statement of statements) {
      await database.dataSource.query(statement);
    }
    return (await schemaDrift(database.dataSource)).filter((sentence) => !before.includes(sentence));
  }

  it('should find that the migrations and the entities agree', async () => {
    await expect(schemaDrift(database.dataSource)).resolves.toEqual([]);
  });

  it('should report a column that the entity lacks', async () => {
    await expect(driftAfter('ALTER TABLE scim_user ADD COLUMN title varchar(64)')).resolves.toEqual([
      'scim_user.title: in the database, not in the entity',
    ]);
  });

  it('should report a column that the database lacks', async () => {
    await expect(driftAfter('ALTER TABLE provisioning_log DROP COLUMN detail')).resolves.toEqual([
      'provisioning_log.detail: in the entity, not in the database',
    ]);
  });

  it('should report another length', async () => {
    const drift = driftAfter(
      'ALTER TABLE secret_token DROP COLUMN description',
      'ALTER TABLE secret_token ADD COLUMN description varchar(100)',
    );

    await expect(drift).resolves.toEqual([
      'secret_token.description: varchar(100) null in the database, varchar(255) null in the entity',
    ]);
  });

  it('should report another type and another nullability', async () => {
    const drift = driftAfter(
      'ALTER TABLE mail_relay_domain DROP COLUMN active',
      "ALTER TABLE mail_relay_domain ADD COLUMN active varchar(8) DEFAULT 'yes'",
    );

    await expect(drift).resolves.toEqual([
      'mail_relay_domain.active: varchar(8) null in the database, boolean not null in the entity',
    ]);
  });

  it('should report a unique key that the database lacks', async () => {
    await expect(driftAfter(...(await withoutUniqueKey()))).resolves.toEqual([
      'secret_token, key uq_secret_token_public_id: in the entity, not in the database',
    ]);
  });

  it('should report an index over other columns', async () => {
    const drop = `DROP INDEX ix_tenant_name${database.dialect === 'mysql' ? ' ON tenant' : ''}`;

    await expect(driftAfter(drop, 'CREATE UNIQUE INDEX ix_tenant_name ON tenant (name, id)')).resolves.toEqual([
      'tenant, key ix_tenant_name: unique (name, id) in the database, index (name) in the entity',
    ]);
  });

  it('should report a table without an entity', async () => {
    await expect(driftAfter('CREATE TABLE forgotten (id varchar(36) NOT NULL)')).resolves.toEqual([
      'forgotten: is a table without an entity',
    ]);
  });

  it('should report an entity without a table', async () => {
    await expect(driftAfter('DROP TABLE outbox_event')).resolves.toEqual(['outbox_event: has an entity, but no table']);
  });

  /** SQLite cannot drop a constraint, so there the table is made again without it. */
  async function withoutUniqueKey(): Promise<readonly string[]> {
    if (database.dialect === 'mysql') {
      return ['ALTER TABLE secret_token DROP INDEX uq_secret_token_public_id'];
    }
    const [table] = await database.dataSource.query<{ readonly sql: string }[]>(
      "SELECT sql FROM sqlite_master WHERE name = 'secret_token'",
    );
    const statement = table?.sql.replace('CONSTRAINT uq_secret_token_public_id UNIQUE (public_id), ', '') ?? '';
    return ['DROP TABLE secret_token', statement];
  }
});
