// One node for bench-events.mjs, on the built packages: serves the admin surface and delivers. Told so on standard input, it
// writes events at an even rate, each in a transaction of its own, and prints when each was committed.
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { createAdminApplication, RelayTimer } from '@cleanmail/admin-app';
import { readConfiguration } from '@cleanmail/config';
import { newId, openMigratedDatabase } from '@cleanmail/database';
import { Outbox } from '@cleanmail/journal';
import { listenerEnvironment } from '@cleanmail/listener';
import { tenantsEnvironment } from '@cleanmail/tenants';

const configuration = readConfiguration();
const database = await openMigratedDatabase({ location: configuration.database, entities: [], poolSize: 10 });
const application = await createAdminApplication(
  listenerEnvironment(configuration),
  tenantsEnvironment(configuration, database),
);
await application.listen(0, '127.0.0.1');
application.get(RelayTimer).start();
const { port } = application.getHttpServer().address();
process.stdout.write(`${JSON.stringify({ admin: `http://127.0.0.1:${port}/admin/v1` })}\n`);

const outbox = new Outbox();
const counter = { table: 'tenant_mail_counter', column: 'feed_version' };
const mailboxes = Array.from({ length: 200 }, () => newId());

async function publish({ tenants, rate, seconds }) {
  const beganAt = performance.now();
  const usage = process.cpuUsage();
  const committed = [];
  const writes = [];
  for (let index = 0; index < rate * seconds; index += 1) {
    await delay(Math.max(0, beganAt + (index * 1000) / rate - performance.now()));
    const tenant = tenants[index % tenants.length];
    const event = { mailboxId: mailboxes[index % mailboxes.length], type: 'mailbox.activated', data: {} };
    const cause = { actor: 'bench', requestId: 'bench', at: Date.now() };
    const write = database.write(async (session) => {
      const version = await session.increment(counter, tenant, 1);
      await outbox.append(tenant, session, version, cause, [event]);
      return version;
    });
    writes.push(write.then((version) => committed.push([`${tenant} ${version}`, Date.now()])));
  }
  await Promise.all(writes);
  const { user, system } = process.cpuUsage(usage);
  return { committed, milliseconds: performance.now() - beganAt, processor: (user + system) / 1000 };
}

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  void publish(JSON.parse(line)).then((result) => process.stdout.write(`${JSON.stringify(result)}\n`));
});
lines.on('close', () => void application.close().then(() => database.close()));
