// Whether delivery keeps up: `npm run bench:events -- --events 200 --seconds 30 --receivers 5 --engines sqlite,mariadb,mysql`.
// A node in a process of its own writes events at an even rate and delivers them; the receivers are in this process.
// Measured is the time from each COMMIT to each receipt, and how long delivery goes on after the last event.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '30' },
    receivers: { type: 'string', default: '5' },
    tenants: { type: 'string', default: '4' },
    engines: { type: 'string', default: 'sqlite,mariadb,mysql' },
  },
});
const [rate, seconds, receivers, tenants] = [values.events, values.seconds, values.receivers, values.tenants].map(
  Number,
);
const servers = { sqlite: 'sqlite:', mariadb: process.env.TEST_MARIADB_URL, mysql: process.env.TEST_MYSQL_URL };
const adminKey = 'admin-key-of-a-measurement';
const program = fileURLToPath(new URL('bench-events-service.mjs', import.meta.url));
const patience = 120_000;

for (const engine of values.engines.split(',')) {
  const server = servers[engine];
  if (server === undefined) console.log(`${engine}: not measured, no server is named`);
  else await measure(engine, server);
}

async function measure(engine, server) {
  const node = await open(server);
  const ids = [];
  for (let index = 0; index < tenants; index += 1) {
    ids.push((await node.call('/tenants', { name: `Tenant ${index}`, profile: 'cleanmail' })).id);
  }
  const hooks = await Promise.all(Array.from({ length: receivers }, startHook));
  for (const [index, { url }] of hooks.entries()) await node.call('/receivers', { name: `r${index}`, url });
  const { committed, milliseconds, processor } = await node.publish({ tenants: ids, rate, seconds });
  const endedAt = performance.now();
  const expected = committed.length;
  const behind = expected - Math.min(...hooks.map(({ seen }) => seen.size));
  while (hooks.some(({ seen }) => seen.size < expected) && performance.now() - endedAt < patience) await delay(5);
  const caughtUp = performance.now() - endedAt;
  const times = hooks.flatMap(({ seen }) => committed.map(([event, at]) => (seen.get(event) ?? Infinity) - at));
  const twice = hooks.reduce((sum, { deliveries, seen }) => sum + deliveries.count - seen.size, 0);
  times.sort((a, b) => a - b);
  const at = (share) => (times[Math.floor((times.length - 1) * share)] ?? NaN).toFixed(0);
  console.log(
    `${engine}: ${expected} events to ${receivers} receivers in ${(milliseconds / 1000).toFixed(1)} s ` +
      `(${((expected * 1000) / milliseconds).toFixed(0)} a second); the node computed for ${(processor / 1000).toFixed(1)} s of it; behind at the end ${behind}, done ${caughtUp.toFixed(0)} ms later; ` +
      `from COMMIT to receipt p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms; ` +
      `${times.filter((time) => time === Infinity).length} missing, ${twice} twice`,
  );
  await Promise.all(hooks.map(({ close }) => close()));
  await node.close();
}

async function startHook() {
  const seen = new Map();
  const deliveries = { count: 0 };
  const server = createServer((incoming, response) => {
    const at = Date.now();
    let body = '';
    incoming.setEncoding('utf8').on('data', (chunk) => (body += chunk));
    incoming.on('end', () => {
      response.writeHead(204).end();
      const { data } = JSON.parse(body);
      const event = `${data.tenantId} ${data.version}`;
      deliveries.count += 1;
      if (!seen.has(event)) seen.set(event, at);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, seen, deliveries, close };
}

async function open(server) {
  const folder = await mkdtemp(join(tmpdir(), 'cleanmail-events-'));
  const name = `cleanmail_events_${randomBytes(5).toString('hex')}`;
  if (server !== 'sqlite:') await onServer(server, `CREATE DATABASE ${name}`);
  const url = server === 'sqlite:' ? `sqlite:${join(folder, 'cleanmail.db')}` : new URL(name, server).href;
  const environment = {
    DATABASE_URL: url, DATA_DIR: folder, ADMIN_KEY: adminKey, EVENTS_ALLOW_PRIVATE: '127.0.0.0/8',
    TOKEN_PEPPER: 'token-pepper-of-a-measurement', LOG_LEVEL: 'error',
  }; // prettier-ignore
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const { admin } = JSON.parse((await once(lines, 'line'))[0]);
  return {
    call: async (path, body) => {
      const headers = { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' };
      const answer = await fetch(`${admin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`the service answered ${answer.status}: ${await answer.text()}`);
      return answer.json();
    },
    publish: async (wanted) => {
      child.stdin.write(`${JSON.stringify(wanted)}\n`);
      return JSON.parse((await once(lines, 'line'))[0]);
    },
    close: async () => {
      child.stdin.end();
      await once(child, 'close');
      if (server !== 'sqlite:') await onServer(server, `DROP DATABASE ${name}`);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function onServer(server, statement) {
  const connection = await mysql.createConnection({ uri: server });
  await connection.query(statement);
  await connection.end();
}
