// What the mailbox mapping adds to a SCIM POST: `npm run bench:mapping -- --requests 30 --concurrency 1 --rounds 41`.
// Two services on databases of their own, one without the mapping, are asked in turn over real HTTP, in rounds so short
// that other load on the machine meets both; the median of the rounds' ratios counts. Runs on the embedded database, and on the servers of TEST_MARIADB_URL and TEST_MYSQL_URL.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '30' },
    concurrency: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '41' },
    engines: { type: 'string', default: 'sqlite,mariadb,mysql' },
  },
});
const [requests, concurrency, rounds] = [values.requests, values.concurrency, values.rounds].map(Number);
const servers = { sqlite: 'sqlite:', mariadb: process.env.TEST_MARIADB_URL, mysql: process.env.TEST_MYSQL_URL };
const adminKey = 'admin-key-of-a-measurement';
const program = fileURLToPath(new URL('mapping-cost-service.mjs', import.meta.url));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });

for (const engine of values.engines.split(',')) {
  const server = servers[engine];
  if (server === undefined) console.log(`${engine}: not measured, no server is named`);
  else await measure(engine, server);
}
agent.destroy();

async function measure(engine, server) {
  const sides = [await open(server, 'on'), await open(server, 'off')];
  for (const side of sides) await run(side, 300);
  for (let round = 0; round < rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) side.times.push(await run(side, requests));
  }
  const [on, off] = sides.map(({ times }) => median(times));
  const ratios = sides[0].times.map((time, round) => time / sides[1].times[round]);
  const added = `${((median(ratios) - 1) * 100).toFixed(1)} %`;
  console.log(
    `${engine}: ${on.toFixed(2)} ms a POST with the mapping, ${off.toFixed(2)} ms without, ${added} added ` +
      `(median of ${rounds} rounds of ${requests}, ${concurrency} at once)`,
  );
  for (const side of sides) await side.close();
}

/** Milliseconds a request of one round took, as the client sees it. */
async function run({ scimUrl, token, next }, count) {
  const start = performance.now();
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const name = `user${next()}`;
      const body = {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: `${name}@contoso.example`,
        externalId: name,
        active: true,
        displayName: 'Ada Lovelace',
        name: { givenName: 'Ada', familyName: 'Lovelace' },
        emails: [{ value: `${name}@contoso.example`, type: 'work', primary: true }],
      };
      const answer = await send('POST', `${scimUrl}/api/v3/scim2/Users`, token, body, 'application/scim+json');
      if (answer.status !== 201) throw new Error(`the service answered ${answer.status}: ${answer.text}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return ((performance.now() - start) * concurrency) / count;
}

async function open(server, mapping) {
  const folder = await mkdtemp(join(tmpdir(), 'cleanmail-mapping-'));
  const name = `cleanmail_mapping_${randomBytes(5).toString('hex')}`;
  if (server !== 'sqlite:') await onServer(server, `CREATE DATABASE ${name}`);
  const url = server === 'sqlite:' ? `sqlite:${join(folder, 'cleanmail.db')}` : new URL(name, server).href;
  const environment = {
    DATABASE_URL: url, DATA_DIR: folder, SCIM_PORT: '0', ADMIN_PORT: '0', ADMIN_KEY: adminKey,
    TOKEN_PEPPER: 'token-pepper-of-a-measurement', LOG_LEVEL: 'error', MAPPING: mapping,
  }; // prettier-ignore
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { scimUrl, adminUrl } = JSON.parse(line);
  const tenants = `${adminUrl}/admin/v1/tenants`;
  const tenant = { name: 'Contoso', profile: 'cleanmail', domains: ['contoso.example'] };
  const { id } = JSON.parse((await send('POST', tenants, adminKey, tenant)).text);
  const { token } = JSON.parse((await send('POST', `${tenants}/${id}/tokens`, adminKey, {})).text);
  let counter = 0;
  return {
    scimUrl,
    token,
    times: [],
    next: () => (counter += 1),
    close: async () => {
      child.stdin.end();
      await once(child, 'close');
      if (server !== 'sqlite:') await onServer(server, `DROP DATABASE ${name}`);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function send(method, url, key, body, type = 'application/json') {
  const payload = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': type,
      'content-length': Buffer.byteLength(payload),
    };
    const sending = request(url, { method, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sending.on('error', reject).end(payload);
  });
}

async function onServer(server, statement) {
  const connection = await mysql.createConnection({ uri: server });
  await connection.query(statement);
  await connection.end();
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}
