import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What happens to a COMMIT on its way: `forward` lets it pass; `lose answer` cuts the client off when the server has
 * answered it; `reset` passes it on and cuts at once, whatever the server makes of it; `swallow` cuts before it arrives.
 */
export type CommitFate = 'forward' | 'lose answer' | 'reset' | 'swallow';

/** A proxy to a MySQL server that decides the fate of each COMMIT. */
export interface CommitProxy {
  readonly port: number;
  /** The fates of the next COMMITs, in their order; those after them are forwarded. */
  readonly fates: CommitFate[];
  /** COMMITs that were not simply forwarded. */
  readonly struck: number;
  close(): Promise<void>;
}

/** How the packet of a text query ends that ends a transaction. */
const commit = Buffer.from('COMMIT');

/** Starts a proxy to the given address on a free port. */
export async function startCommitProxy(target: { readonly host: string; readonly port: number }): Promise<CommitProxy> {
  const sockets = new Set<Socket>();
  const fates: CommitFate[] = [];
  let struck = 0;
  const server = createServer((client) => {
    const upstream = connect({ ...target, noDelay: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.end();
      });
    }
    let isAnswerLost = false;
    upstream.on('data', (chunk) => (isAnswerLost ? client.resetAndDestroy() : client.write(chunk)));
    client.on('data', (chunk) => {
      const fate = chunk.subarray(-commit.length).equals(commit) ? (fates.shift() ?? 'forward') : 'forward';
      struck += fate === 'forward' ? 0 : 1;
      isAnswerLost = fate === 'lose answer';
      if (fate !== 'swallow') upstream.write(chunk);
      if (fate === 'reset' || fate === 'swallow') client.resetAndDestroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    fates,
    get struck() {
      return struck;
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
