// How long a domain verification takes that releases many waiting mailboxes, how provisioning of the same tenant goes
// on meanwhile, and how long the clocks take when nothing is due among many mailboxes.
//
//   npm run bench:domains -- [--waiting 10000] [--mailboxes 1000000] [DATABASE_URL …]
//
// Each URL names a database of its own that may be filled with rubbish (`sqlite:` and `mysql:` ones); without any, an
// embedded one in a temporary folder is used.
import './node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDatabaseUrl, readConfiguration } from '@cleanmail/config';
import { newId, openMigratedDatabase } from '@cleanmail/database';
import { Clocks, journalClockJobs, JournalModule, provisioningRequest } from '@cleanmail/journal';
import { DomainRegistry, mailboxClockJobs, MailboxesModule } from '@cleanmail/mailboxes';
import {
  serviceProfiles,
  tenantClockJobs,
  tenantsEnvironment,
  TenantsModule,
  TenantsService,
} from '@cleanmail/tenants';
import { userClockJobs, UsersModule, UsersService } from '@cleanmail/users';
import { NestFactory } from '@nestjs/core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { waiting: { type: 'string', default: '10000' }, mailboxes: { type: 'string', default: '1000000' } },
});
const folder = mkdtempSync(join(tmpdir(), 'cleanmail-bench-'));
const actor = { name: 'bench', requestId: 'bench' };
const rowsPerStatement = 500;

try {
  for (const url of positionals.length > 0 ? positionals : [`sqlite:${join(folder, 'bench.db')}`]) {
    await bench(url);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(url) {
  const database = await openMigratedDatabase({ location: parseDatabaseUrl(url), entities: [] });
  const configuration = readConfiguration({
    DATABASE_URL: url,
    DATA_DIR: folder,
    TOKEN_PEPPER: 'bench',
    ADMIN_KEY: 'bench',
  });
  const providers = tenantsEnvironment(configuration, database);
  const shared = { module: class Shared {}, global: true, providers, exports: providers };
  const imports = [shared, JournalModule, MailboxesModule, TenantsModule, UsersModule];
  const context = await NestFactory.createApplicationContext({ module: class Bench {}, imports }, { logger: false });
  const name = url.startsWith('sqlite:') ? 'SQLite' : await serverName(database);
  try {
    await benchRelease(name, database, context, Number(values.waiting));
    await benchClocks(name, database, context, Number(values.mailboxes));
  } finally {
    await context.close();
    await database.close();
  }
}

async function benchRelease(name, database, context, waiting) {
  const domain = `bench-${newId()}.example`;
  const { id: tenant } = await context
    .get(TenantsService)
    .create(actor, { name: 'Bench', profile: 'cleanmail', domains: [`own-${domain}`] });
  const domains = context.get(DomainRegistry);
  await domains.add(tenant, actor, { domain });
  await seed(database, tenant, waiting, (index) => ({ wish: `u${index}@${domain}`, domain }));
  const users = provisioning(context, tenant, `own-${domain}`);
  const alone = await users.during(new Promise((resolve) => setTimeout(resolve, 3000)));
  const beganAt = performance.now();
  let seconds = 0;
  const released = domains.verify(tenant, actor, domain, { vouched: true }).then((verified) => {
    seconds = (performance.now() - beganAt) / 1000;
    return verified;
  });
  const beside = await users.during(released);
  const { waitingMailboxes } = await released;
  print(
    name,
    `verification released ${waiting - waitingMailboxes} of ${waiting} waiting mailboxes in ${seconds.toFixed(1)} s`,
  );
  print(name, `provisioning of the same tenant: ${users.inWords(alone)} alone, ${users.inWords(beside)} meanwhile`);
}

async function benchClocks(name, database, context, mailboxes) {
  const domain = `clocks-${newId()}.example`;
  const { id: tenant } = await context
    .get(TenantsService)
    .create(actor, { name: 'Clocks', profile: 'cleanmail', domains: [domain] });
  await seed(database, tenant, mailboxes, (index) => ({ address: `u${index}`, domain }));
  const jobs = [...tenantClockJobs, ...mailboxClockJobs, ...userClockJobs, ...journalClockJobs].map((job) =>
    context.get(job),
  );
  const clocks = new Clocks(database, jobs);
  await clocks.run({ now: true });
  for (let round = 1; round <= 3; round += 1) {
    const beganAt = performance.now();
    const runs = await clocks.run({ now: true });
    const slowest = runs.toSorted((a, b) => b.durationMs - a.durationMs)[0];
    const done = runs.reduce((sum, run) => sum + run.done, 0);
    print(
      name,
      `all clock jobs, ${mailboxes} mailboxes, ${done} due: ${(performance.now() - beganAt).toFixed(0)} ms (longest ${slowest?.name} ${slowest?.durationMs} ms)`,
    );
  }
}

/** Writes mailboxes straight into the tables, as provisioning would leave them. A tenth of them is deleted, not yet due. */
async function seed(database, tenant, count, describe) {
  const now = Date.now();
  for (let start = 0; start < count; start += rowsPerStatement) {
    const rows = Array.from({ length: Math.min(rowsPerStatement, count - start) }, (_, offset) => {
      const index = start + offset;
      return { id: newId(), index, isDeleted: index % 10 === 9, ...describe(index) };
    });
    await database.write(async (session) => {
      await insert(
        session,
        'mailbox_account (tenant_id, id, scim_user_id, origin, kind, scim_active, admin_state, legal_hold, status, status_reason, status_since, created_at, deleted_at, purge_after, row_version)',
        rows.map(({ id, wish, isDeleted }) =>
          wish === undefined && isDeleted
            ? [tenant, id, null, 'scim', 'user', 1, 'none', 0, 'deleted', 'scim', now, now, now, now + 30 * 86_400_000, 2]
            : [tenant, id, newId(), 'scim', 'user', 1, 'none', 0, ...(wish === undefined ? ['active', null] : ['pending', 'domain_not_owned']), now, now, null, null, 1],
        ),
      ); // prettier-ignore
      const wishes = rows.filter(({ wish }) => wish !== undefined);
      const held = rows.filter(({ wish }) => wish === undefined);
      if (wishes.length > 0) {
        await insert(
          session,
          'mailbox_address_wish (tenant_id, mailbox_id, wanted_key, domain_ascii, role, reason, first_seen, last_seen)',
          wishes.map(({ id, wish, domain, index }) => [
            tenant,
            id,
            wish,
            domain,
            'primary',
            'domain_not_owned',
            now + index,
            now,
          ]),
        );
      }
      if (held.length > 0) {
        await insert(
          session,
          'mailbox_address (tenant_id, id, mailbox_id, local_key, local_display, domain_ascii, role, source, basis, state, created_at, valid_until)',
          held.map(({ id, address, domain, isDeleted }) => [
            tenant, newId(), id, address, address, domain, 'primary', 'userName', 'domain', isDeleted ? 'reserved' : 'live', now, isDeleted ? now + 120 * 86_400_000 : null,
          ]),
        ); // prettier-ignore
      }
    });
  }
}

function insert(session, into, rows) {
  const row = `(${rows[0].map(() => '?').join(', ')})`;
  return session.run(`INSERT INTO ${into} VALUES ${rows.map(() => row).join(', ')}`, rows.flat());
}

/** One user after the other, for as long as something else takes. */
function provisioning(context, tenant, domain) {
  const { userType } = serviceProfiles.cleanmail;
  let count = 0;
  const create = () => {
    const request = provisioningRequest({
      tokenId: newId(),
      requestId: newId(),
      method: 'POST',
      operation: 'create',
      resourceType: 'User',
    });
    const command = { request, userType, traits: { erasesOnDeactivation: false } };
    return context.get(UsersService).create(tenant, command, { userName: `p${(count += 1)}@${domain}` });
  };
  return {
    during: async (something) => {
      let isOver = false;
      const over = something.finally(() => (isOver = true));
      const times = [];
      while (!isOver) {
        const beganAt = performance.now();
        await create();
        times.push(performance.now() - beganAt);
        // The embedded database answers without ever leaving the microtasks.
        await new Promise(setImmediate);
      }
      await over;
      return times.sort((a, b) => a - b);
    },
    inWords: (times) =>
      `${times.length} users, median ${(times[Math.floor(times.length / 2)] ?? 0).toFixed(0)} ms, worst ${(times.at(-1) ?? 0).toFixed(0)} ms`,
  };
}

async function serverName(database) {
  const row = await database.read((session) => session.first('SELECT VERSION() AS version'));
  return row.version.includes('MariaDB') ? 'MariaDB' : 'MySQL';
}

function print(name, text) {
  process.stdout.write(`${name}: ${text}\n`);
}
