// A program of an internal service: it is copied into an empty project, compiled there against the packed libs, and run.
import 'reflect-metadata';
import { readConfiguration } from '@cleanmail/config';
import { type Database, openMigratedDatabase, schemaDrift } from '@cleanmail/database';
import { eventEntities } from '@cleanmail/events';
import { AuditTrail, journalEntities, JournalModule, provisioningRequest } from '@cleanmail/journal';
import { EnvironmentModule, listenerEnvironment } from '@cleanmail/listener';
import {
  mailboxEntities,
  MailboxDirectory,
  MailboxesModule,
  MailRecipientEntity,
  parseAddress,
} from '@cleanmail/mailboxes';
import { matches, parseFilter, patchResource, readResource, resolveFilter, userResourceType } from '@cleanmail/scim';
import { scimMediaType, toScimError } from '@cleanmail/scim-http';
import {
  serviceProfiles,
  tenantEntities,
  tenantsEnvironment,
  TenantsModule,
  TenantsService,
  TokensService,
  TokenVerifier,
} from '@cleanmail/tenants';
import { userEntities, UsersModule, UsersService } from '@cleanmail/users';
import { type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

const ann = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'Ann@contoso.com',
  externalId: 'ann',
  active: true,
};

const configuration = readConfiguration({ DATABASE_URL: 'sqlite:consumer.db', DATA_DIR: '.', LOG_LEVEL: 'silent' });
const database = await openMigratedDatabase({
  location: configuration.database,
  entities: [...tenantEntities, ...userEntities, ...mailboxEntities, ...journalEntities, ...eventEntities],
});

@Module({
  imports: [
    EnvironmentModule.with(listenerEnvironment(configuration), tenantsEnvironment(configuration, database)),
    JournalModule,
    MailboxesModule,
    TenantsModule,
    UsersModule,
  ],
})
class ConsumerModule {}

const application = await NestFactory.createApplicationContext(ConsumerModule, { logger: false });
const result = { ...protocol(), ...(await provision(application)), ...(await readTables(database)) };
await application.close();
await database.close();
process.stdout.write(JSON.stringify(result));

/** The protocol library needs nothing of the rest. */
function protocol(): object {
  const user = readResource(ann, userResourceType);
  const filter = resolveFilter(parseFilter('userName eq "ANN@contoso.com" and active eq true'), userResourceType);
  const operations = [{ op: 'Replace', path: 'active', value: 'False' }];
  const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: operations };
  return {
    matches: matches(filter, user),
    changed: patchResource(user, body, userResourceType).changed,
    address: parseAddress('Ann@Bücher.example'),
    mediaType: scimMediaType,
    status: toScimError(new Error('anything')).status,
  };
}

/** A tenant, its token and a user, as the service itself would make them. */
async function provision(context: INestApplicationContext): Promise<object> {
  const actor = { name: 'consumer', requestId: 'request-1' };
  const profile = serviceProfiles.cleanmail;
  const tenant = await context
    .get(TenantsService)
    .create(actor, { name: 'Contoso', profile: profile.name, domains: [] });
  const { credential } = await context.get(TokensService).issue(tenant.id, actor, {});
  const principal = await context.get(TokenVerifier).verify(credential, profile.basePath);
  const request = provisioningRequest({
    tokenId: principal?.tokenId ?? '',
    requestId: 'request-2',
    method: 'POST',
    operation: 'create',
  });
  const command = { request, userType: profile.userType, traits: { erasesOnDeactivation: false } };
  const user = await context.get(UsersService).create(tenant.id, command, ann);
  const mailbox = await context.get(MailboxDirectory).byUser(tenant.id, user.id);
  const audit = await context.get(AuditTrail).list(tenant.id, { limit: 10 });
  return {
    isTenantOfToken: principal?.tenant === tenant.id,
    mailbox: mailbox?.status,
    audit: audit.map(({ action }) => action),
  };
}

/** What users of TypeORM see. */
async function readTables({ dataSource }: Database): Promise<object> {
  const recipients = await dataSource.getRepository(MailRecipientEntity).find();
  return {
    recipients: recipients.map(({ addressKey, action }) => ({ addressKey, action })),
    drift: await schemaDrift(dataSource),
  };
}
