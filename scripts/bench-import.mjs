// How many rows a second `cleanmail mailbox import` writes, what a second run over the same file takes, and what memory
// the command needs at a tenth and at the end of it.
//
//   npm run bench:import -- [--rows 100000] [--verify] [DATABASE_URL …]
//
// Each URL names a database of its own that may be filled with rubbish (`sqlite:` and `mysql:` ones); without any, an
// embedded one in a temporary folder is used.
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: 'string', default: '100000' }, verify: { type: 'boolean', default: false } },
});
const rows = Number(values.rows);
const command = fileURLToPath(new URL('../apps/cli/bin/cleanmail.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'cleanmail-bench-'));
const list = join(folder, 'mailboxes.csv');

try {
  const domain = `bench-${Date.now()}.example`;
  await pipeline(lines(domain), createWriteStream(list));
  print('file', `${rows} rows, ${(statSync(list).size / 1e6).toFixed(0)} MB`);
  for (const url of positionals.length > 0 ? positionals : [`sqlite:${join(folder, 'bench.db')}`]) {
    await bench(url, domain);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Every tenth mailbox has an alias; every line has a column that is not used, as exports have. */
function* lines(domain) {
  yield 'address,kind,aliases,externalId,displayName\n';
  for (let index = 0; index < rows; index += 1) {
    const alias = index % 10 === 0 ? `p.${index}@${domain}` : '';
    yield `person.${index}@${domain},user,${alias},e-${index},"Person, ${index}"\n`;
  }
}

async function bench(url, domain) {
  const name = url.startsWith('sqlite:') ? 'SQLite' : new URL(url).host;
  const environment = { DATABASE_URL: url, DATA_DIR: folder, ADMIN_KEY: 'bench', TOKEN_PEPPER: 'bench' };
  await run(['tenant', 'create', 'Bench', '--domain', domain], environment);
  for (const what of ['import', 'the same again']) {
    const { seconds, memory, output } = await run(['mailbox', 'import', 'Bench', list, '--json'], environment);
    const { made, present, adopted, refused } = JSON.parse(output);
    const at = (part) => `${memory[Math.floor((memory.length - 1) * part)]} MB`;
    print(
      name,
      `${what}: ${made} made, ${present + adopted} there, ${refused} refused in ${seconds.toFixed(1)} s, ${(rows / seconds).toFixed(0)} rows/s; memory ${at(0.1)} at a tenth, ${at(1)} at the end, ${Math.max(...memory)} MB at most`,
    );
  }
  if (values.verify) print(name, (await run(['verify'], environment)).output.trim());
}

/** Runs the command, and looks at its memory every 0.2 s. */
async function run(args, environment) {
  const beganAt = performance.now();
  const child = spawn(process.execPath, [command, ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const memory = [];
  const timer = setInterval(() => memory.push(residentMegabytes(child.pid)), 200);
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`cleanmail ${args.join(' ')} ended with ${code}: ${output}`);
  return { seconds: (performance.now() - beganAt) / 1000, memory: memory.filter(Boolean), output };
}

/** 0 where the system does not tell. */
function residentMegabytes(pid) {
  try {
    const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return 0;
  }
}

function print(name, text) {
  process.stdout.write(`${name}: ${text}\n`);
}
