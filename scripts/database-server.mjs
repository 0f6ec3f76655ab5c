import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

const START_MS = 60_000;

/** The options that every private server runs with: reached from this machine alone, as durable as a real one. */
export function serverOptions(data, port) {
  return [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${data}/mysqld.sock`,
    `--pid-file=${data}/mysqld.pid`,
    `--log-error=${data}/error.log`,
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    '--skip-log-bin',
    '--max-connections=300',
    '--innodb-flush-log-at-trx-commit=1',
  ];
}

// Runs the server ("$@") until it ends or descriptor 3 closes, which it does when the starting process stops it or dies in
// whatever way; then removes the folder ($1) with the server's data, which is why nothing is shut down in order.
const GUARD = `folder=$1; shift
"$@" 3<&- & server=$!
(read -r line <&3; kill -KILL "$server") 2>/dev/null & reader=$!
wait "$server"; code=$?
kill "$reader" 2>/dev/null
rm -rf "$folder"
exit "$code"`;

/**
 * Starts a private MySQL or MariaDB server on 127.0.0.1 and waits until it answers. It ends, and its folder goes, with
 * `stop()` or with this process. Throws an Error with the server's own last words when it does not come up.
 */
export async function startPrivateServer({ command, port, folder, log }) {
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', folder, ...command], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const ended = once(guard, 'exit');
  guard.unref();
  guard.stdio[3].unref();
  guard.stdio[3].on('error', () => undefined);
  const stop = async () => {
    guard.ref();
    guard.stdio[3].end();
    await ended;
  };
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  try {
    const version = await waitForGreeting(port, () => hasEnded);
    return { port, version, stop };
  } catch (error) {
    const reason = lastError(log);
    await stop();
    throw new Error(`${error.message}${reason}`);
  }
}

/** Waits until the server on this port of 127.0.0.1 answers; returns its version, such as `9.7.4` or `10.11.19-MariaDB`. */
export async function waitForGreeting(port, hasEnded = () => false) {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    const version = await readGreeting(port);
    if (version !== undefined) return version;
    if (hasEnded()) throw new Error('the server ended while it started');
    await wait(50);
  }
  throw new Error(`the server did not answer within ${START_MS / 1000} s`);
}

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The version in the server's first packet (4 bytes of header, protocol 10, then text up to a zero byte). */
function readGreeting(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const finish = (version) => {
      socket.destroy();
      resolve(version);
    };
    socket.setTimeout(2_000, () => finish(undefined));
    socket.once('error', () => finish(undefined));
    socket.once('close', () => finish(undefined));
    socket.once('data', (packet) => {
      const end = packet.indexOf(0, 5);
      const isGreeting = packet[4] === 10 && end > 5;
      finish(isGreeting ? packet.toString('latin1', 5, end).replace(/^5\.5\.5-/, '') : undefined);
    });
  });
}

function lastError(log) {
  try {
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    return `: ${lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1)}`;
  } catch {
    return '';
  }
}
