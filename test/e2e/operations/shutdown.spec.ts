import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, expect, it, jest } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { ensureBuilt } from '../../support/built-command.js';
import {
  createMigratedDatabaseUrl,
  describeEachEngine,
  dropDatabase,
  type TestEngine,
} from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import {
  newFolder,
  serviceEnvironment,
  type ServiceProcess,
  startServiceProcess,
} from '../../support/service-process.js';

// Each test starts processes, which take their time on a machine that is busy with other tests.
jest.setTimeout(180_000);

const inFlight = 20;
const stopping = 'Stopping: letting requests in flight end';

interface OpenPost {
  readonly finish: () => void;
  readonly answer: Promise<IncomingMessage>;
}

describeEachEngine('cleanmail serve, stopping', (engine) => {
  beforeAll(ensureBuilt);

  it.each([
    ['SIGTERM', []],
    ['SIGINT', ['SIGINT', 'SIGTERM', 'SIGTERM']],
  ] as const)(
    'should answer 20 requests in flight after %s and exit 0, whatever signals follow',
    async (signal, more) => {
      await withService(engine, async (service, client) => {
        const posts = await openPosts(service, client);
        const idle = await idleConnection(service);
        const idleClosed = once(idle, 'close');
        const signalledAt = performance.now();
        service.kill(signal);
        await service.said(stopping);
        more.forEach((each) => service.kill(each));
        await eventually(
          () => connects(service.scimUrl),
          (isAccepted) => !isAccepted,
          2000,
        );
        await idleClosed;
        posts.forEach(({ finish }) => finish());

        const answers = await Promise.all(posts.map(({ answer }) => answer));
        expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(inFlight).fill(201));
        expect(new Set(answers.map(({ headers }) => headers.connection))).toEqual(new Set(['close']));
        const end = await service.ended;
        expect([end.code, end.signal, end.stderr]).toEqual([0, null, '']);
        expect(performance.now() - signalledAt).toBeLessThan(5000);
        expect(end.stdout.split(stopping)).toHaveLength(2);
      });
    },
  );
});

async function withService(
  engine: TestEngine,
  use: (service: ServiceProcess, client: TenantClient) => Promise<void>,
): Promise<void> {
  const databaseUrl = await createMigratedDatabaseUrl(engine);
  const environment = serviceEnvironment(databaseUrl, { DATA_DIR: newFolder() });
  const service = await startServiceProcess(environment);
  try {
    await use(service, await TenantClient.open({ ...service }, 'cleanmail'));
    // What was acknowledged while the process stopped is there when the next one starts.
    const next = await startServiceProcess(environment);
    const client = await TenantClient.open(next, 'cleanmail');
    const { items } = (await client.admin.call('GET', '/tenants')).body as { items: readonly { id: string }[] };
    const users = await client.admin.call('GET', `/tenants/${items[0]?.id}/users`);
    expect((users.body as { items: readonly unknown[] }).items).toHaveLength(inFlight);
    await next.stop();
  } finally {
    service.kill('SIGKILL');
    await dropDatabase(databaseUrl);
  }
}

/** POSTs on kept-alive connections that have served a request before; the last byte of each body is still to come. */
async function openPosts(service: ServiceProcess, client: TenantClient): Promise<readonly OpenPost[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const target = { agent, hostname: '127.0.0.1', port: new URL(service.scimUrl).port };
  const headers = { authorization: `Bearer ${client.token}` };
  const warm = Array.from({ length: inFlight }, () =>
    answerTo(request({ ...target, headers, path: '/api/v3/scim2/Users' }).end()),
  );
  await Promise.all((await Promise.all(warm)).map(readToEnd));
  const posts = Array.from({ length: inFlight }, (_, index) => {
    const body = JSON.stringify({ userName: `flight${index}@stop.example` });
    const post = request({
      ...target,
      method: 'POST',
      path: '/api/v3/scim2/Users',
      headers: { ...headers, 'content-type': 'application/scim+json', 'content-length': body.length },
    });
    const written = new Promise<void>((resolve) => post.write(body.slice(0, -1), () => resolve()));
    return { written, answer: answerTo(post), finish: () => void post.end(body.slice(-1)) };
  });
  await Promise.all(posts.map(({ written }) => written));
  // An answer to a later request shows that the service has read the beginnings of the earlier ones.
  await client.send('GET', '/ServiceProviderConfig');
  return posts;
}

async function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer;
}

async function readToEnd(answer: IncomingMessage): Promise<void> {
  if (!answer.readableEnded) await once(answer, 'end');
}

/** Whether a new connection is accepted. */
async function connects(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const isAccepted = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isAccepted;
}

/** A kept-alive connection to the admin listener with nothing to do. */
async function idleConnection(service: ServiceProcess) {
  const socket = connect(Number(new URL(service.adminUrl).port), '127.0.0.1');
  socket.write('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');
  socket.resume();
  return socket;
}
