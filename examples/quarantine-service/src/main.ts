import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { openMailboxes } from '@cleanmail/mailboxes';
import { MailboxFollower } from './mailbox-follower.js';
import { quarantineServer } from './quarantine-server.js';
import { QuarantineStore } from './quarantine-store.js';

const { DATABASE_URL = '', PORT = '8080', QUARANTINE_FILE = 'quarantine.json', FOLLOW_SECONDS = '5' } = process.env;

const mailboxes = await openMailboxes(DATABASE_URL, { poolSize: 4 }).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
const store = new QuarantineStore(QUARANTINE_FILE);
const follower = new MailboxFollower(mailboxes, store);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => stop.abort());
}

const server = quarantineServer(mailboxes, store).listen(Number(PORT), '127.0.0.1');
await once(server, 'listening');
console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);

while (!stop.signal.aborted) {
  await follower.follow().catch((error: unknown) => console.error('will follow again:', error));
  await delay(Number(FOLLOW_SECONDS) * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
}
server.close();
server.closeAllConnections();
await mailboxes.close();
