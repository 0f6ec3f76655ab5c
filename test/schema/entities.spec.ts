import { entities } from '@cleanmail/cli';
import { parseDatabaseUrl } from '@cleanmail/config';
import { type Database, migrate, openDatabase } from '@cleanmail/database';
import { MailboxAccountEntity, MailboxAddressEntity } from '@cleanmail/mailboxes';
import { TenantEntity } from '@cleanmail/tenants';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createDatabaseUrl, describeEachEngine, dropDatabase } from '../support/engines/index.js';

const tenantId = '019a0000-0000-7000-8000-000000000001';
const mailboxId = '019a0000-0000-7000-8000-000000000002';
const now = 1_763_683_200_123;

describeEachEngine('entities', (engine) => {
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

  it('should each be readable through TypeORM', async () => {
    for (const entity of entities) {
      await expect(database.dataSource.getRepository(entity).find()).resolves.toEqual([]);
    }
  });

  it('should bring instants back as numbers', async () => {
    const tenants = database.dataSource.getRepository(TenantEntity);
    const tenant = {
      id: tenantId,
      name: 'Contoso',
      profile: 'cleanmail',
      status: 'active',
      createdAt: now,
      updatedAt: now,
    };
    await tenants.insert(tenant as TenantEntity);

    await expect(tenants.findOneByOrFail({ createdAt: now })).resolves.toMatchObject(tenant);
  });

  it('should bring booleans and nulls back as such', async () => {
    const accounts = database.dataSource.getRepository(MailboxAccountEntity);
    const account = {
      tenantId,
      id: mailboxId,
      scimUserId: null,
      externalId: null,
      origin: 'scim',
      kind: 'user',
      scimActive: true,
      adminState: 'none',
      legalHold: false,
      inactiveMailPolicy: null,
      status: 'active',
      statusReason: null,
      statusSince: now,
      createdAt: now,
      deletedAt: null,
      purgeAfter: null,
      eraseAfter: null,
      kindFixed: false,
      seat: true,
      seatSince: 1,
      graceUntil: null,
      createdBy: null,
      createdRequest: null,
      guardBatchId: null,
      guardState: null,
      rowVersion: 1,
    } satisfies MailboxAccountEntity;
    await accounts.insert(account);

    await expect(accounts.findOneByOrFail({ tenantId, id: mailboxId })).resolves.toMatchObject(account);
  });

  it('should leave generated columns to the database, and select them only when asked', async () => {
    const addresses = database.dataSource.getRepository(MailboxAddressEntity);
    const address = {
      tenantId,
      id: '019a0000-0000-7000-8000-000000000003',
      mailboxId,
      localKey: 'ann',
      localDisplay: 'Ann',
      domainAscii: 'contoso.com',
      role: 'primary',
      source: 'userName',
      basis: 'open',
      state: 'live',
      createdAt: now,
      validUntil: null,
    } satisfies MailboxAddressEntity;
    await addresses.insert({ ...address, claimKey: 'somebody@else.example' });

    const { claimKey } = await addresses.findOneByOrFail({ tenantId });
    expect(claimKey).toBeUndefined();
    await expect(
      addresses.findOneOrFail({ where: { tenantId }, select: { claimKey: true, primaryOf: true, ownedDomain: true } }),
    ).resolves.toMatchObject({ claimKey: 'ann@contoso.com', primaryOf: mailboxId, ownedDomain: null });
  });
});
