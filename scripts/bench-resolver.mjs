// How many recipients a second RecipientResolver resolves: one after the other, eight at once, and many in one call.
//
//   npm run bench:resolver -- [--recipients 100000] [--seconds 5] [DATABASE_URL …]
//
// Each URL names a database of its own that may be filled with rubbish (`sqlite:` and `mysql:` ones); without any, an
// embedded one in a temporary folder is used.
import './node-version.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDatabaseUrl } from '@cleanmail/config';
import { asTenantId, newId, openMigratedDatabase } from '@cleanmail/database';
import { composeMailboxes, openMailboxes } from '@cleanmail/mailboxes';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { recipients: { type: 'string', default: '100000' }, seconds: { type: 'string', default: '5' } },
});
const folder = mkdtempSync(join(tmpdir(), 'cleanmail-bench-'));
const recipients = Number(values.recipients);
const rowsPerStatement = 500;
const atOnce = 8;

try {
  for (const url of positionals.length > 0 ? positionals : [`sqlite:${join(folder, 'bench.db')}`]) {
    await bench(url);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bench(url) {
  const domain = `bench-${newId()}.example`;
  const name = await fill(url, domain);
  const { resolver, close } = await openMailboxes(url);
  try {
    // Three of four are known, one of those by a subaddress.
    const recipient = () => {
      const index = Math.floor(Math.random() * recipients * (4 / 3));
      return `u${index}${index % 4 === 0 ? '+news' : ''}@${domain}`;
    };
    await measure(1, () => resolver.resolve(recipient()));
    print(name, `one after the other: ${await measure(1, () => resolver.resolve(recipient()))} recipients/s`);
    print(name, `${atOnce} at once: ${await measure(atOnce, () => resolver.resolve(recipient()))} recipients/s`);
    const many = () => resolver.resolveMany(Array.from({ length: rowsPerStatement }, recipient));
    print(name, `${rowsPerStatement} in a call: ${(await measure(1, many)) * rowsPerStatement} recipients/s`);
  } finally {
    await close();
  }
}

/** How often a second the work is done by some workers, each of which does it over and over. */
async function measure(workers, work) {
  const end = performance.now() + Number(values.seconds) * 1000;
  let count = 0;
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (; performance.now() < end; count += 1) await work();
    }),
  );
  return Math.round(count / Number(values.seconds));
}

/** Writes mailboxes straight into the tables, as provisioning would leave them. */
async function fill(url, domain) {
  const database = await openMigratedDatabase({ location: parseDatabaseUrl(url), entities: [] });
  const tenant = asTenantId(newId());
  const now = Date.now();
  try {
    await database.write(async (session) => {
      await insert(session, 'tenant (id, name, profile, status, created_at, updated_at)', [
        [tenant, `Bench ${tenant}`, 'cleanmail', 'active', now, now],
      ]);
      await insert(session, 'tenant_mail_counter (tenant_id, feed_version)', [[tenant, 0]]);
    });
    const actor = { name: 'bench', requestId: 'bench' };
    await composeMailboxes(database).domains.add(tenant, actor, { domain, vouched: true });
    for (let start = 0; start < recipients; start += rowsPerStatement) {
      const count = Math.min(rowsPerStatement, recipients - start);
      const rows = Array.from({ length: count }, (_, offset) => ({ id: newId(), local: `u${start + offset}` }));
      await database.write((session) => insertMailboxes(session, tenant, { rows, domain, now }));
    }
    return database.dialect === 'sqlite' ? 'SQLite' : await serverName(database);
  } finally {
    await database.close();
  }
}

async function insertMailboxes(session, tenant, { rows, domain, now }) {
  await insert(
    session,
    'mailbox_account (tenant_id, id, scim_user_id, origin, kind, scim_active, admin_state, legal_hold, status, status_since, created_at, row_version)',
    rows.map(({ id }) => [tenant, id, newId(), 'scim', 'user', 1, 'none', 0, 'active', now, now, 1]),
  );
  await insert(
    session,
    'mailbox_address (tenant_id, id, mailbox_id, local_key, local_display, domain_ascii, role, source, basis, state, created_at)',
    rows.map(({ id, local }) =>
      [tenant, newId(), id, local, local, domain, 'primary', 'userName', 'domain', 'live', now],
    ),
  ); // prettier-ignore
  await insert(
    session,
    'mail_recipient (address_key, tenant_id, mailbox_id, primary_key, action, version, changed_at)',
    rows.map(({ id, local }) => [`${local}@${domain}`, tenant, id, `${local}@${domain}`, 'accept', 1, now]),
  );
}

function insert(session, into, rows) {
  const row = `(${rows[0].map(() => '?').join(', ')})`;
  return session.run(`INSERT INTO ${into} VALUES ${rows.map(() => row).join(', ')}`, rows.flat());
}

async function serverName(database) {
  const row = await database.read((session) => session.first('SELECT VERSION() AS version'));
  return row.version.includes('MariaDB') ? 'MariaDB' : 'MySQL';
}

function print(name, text) {
  process.stdout.write(`${name}: ${text}\n`);
}
