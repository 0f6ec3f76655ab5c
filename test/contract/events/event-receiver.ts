import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A delivery as it came. */
export interface Received {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The event's data, of a webhook. */
  readonly data: { readonly mailboxId: string | null; readonly tenantId: string; readonly version: number };
  readonly type: string;
}

/** What to do with a delivery: a status, nothing at all, or whatever it does with the response. */
export type Answer = number | 'hang' | ((response: ServerResponse) => void);

/** A receiver of events on loopback. */
export interface TestReceiver {
  readonly url: string;
  readonly received: Received[];
  /** Asked for each delivery; 204 unless it is replaced. */
  answer: (delivery: Received) => Answer;
  close(): Promise<void>;
}

/** Starts a receiver that takes everything, on a free port. */
export async function startReceiver(): Promise<TestReceiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const delivery = { id: String(request.headers['webhook-id']), headers: request.headers, body, ...parsed(body) };
      received.push(delivery);
      const answer = receiver.answer(delivery);
      if (typeof answer === 'number') response.writeHead(answer).end();
      else if (answer !== 'hang') answer(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const receiver: TestReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: () => 204,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

function parsed(body: string): Pick<Received, 'data' | 'type'> {
  try {
    return JSON.parse(body) as Pick<Received, 'data' | 'type'>;
  } catch {
    return { data: { mailboxId: null, tenantId: '', version: 0 }, type: '' };
  }
}
