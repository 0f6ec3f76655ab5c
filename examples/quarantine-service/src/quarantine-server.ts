import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { asTenantId, DatabaseUnavailableError } from '@cleanmail/database';
import { knownAddress, type Mailboxes } from '@cleanmail/mailboxes';
import type { QuarantineStore } from './quarantine-store.js';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const longestBody = 65_536;
const notFound: Answer = { status: 404, body: { error: 'not found' } };

/** The HTTP side: `GET /recipients/:address`, `POST /quarantine`, `GET /tenants/:id/quarantine?address=`. */
export function quarantineServer(mailboxes: Pick<Mailboxes, 'resolver' | 'directory'>, store: QuarantineStore): Server {
  return createServer((request, response) => {
    answer(mailboxes, store, request)
      .catch(failure)
      .then(({ status, body }) => send(response, status, body))
      .catch(() => response.destroy());
  });
}

async function answer(
  mailboxes: Pick<Mailboxes, 'resolver' | 'directory'>,
  store: QuarantineStore,
  request: IncomingMessage,
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const [, collection, id = '', part] = pathname.split('/').map(decodeURIComponent);
  if (request.method === 'GET' && collection === 'recipients') {
    return { status: 200, body: await mailboxes.resolver.resolve(id) };
  }
  if (request.method === 'POST' && collection === 'quarantine') {
    return hold(mailboxes, store, await bodyOf(request));
  }
  if (request.method === 'GET' && collection === 'tenants' && part === 'quarantine') {
    return list(mailboxes, store, id, searchParams.get('address') ?? '');
  }
  return notFound;
}

/** A gateway hands a message over: it is kept for the mailbox that has the recipient's address now. */
async function hold(
  { resolver }: Pick<Mailboxes, 'resolver'>,
  store: QuarantineStore,
  { recipient, subject }: { readonly recipient: string; readonly subject: string },
): Promise<Answer> {
  const verdict = await resolver.resolve(recipient);
  if (verdict.kind !== 'mailbox') {
    return { status: 404, body: verdict };
  }
  const { tenantId, mailboxId } = verdict;
  return { status: 201, body: store.add({ tenantId, mailboxId, recipient, subject }) };
}

/** What is held for the person who has the address now, whichever address it was sent to. Who left sees nothing. */
async function list(
  { directory }: Pick<Mailboxes, 'directory'>,
  store: QuarantineStore,
  tenantId: string,
  address: string,
): Promise<Answer> {
  const mailbox = await directory.byAddress(asTenantId(tenantId), address);
  if (mailbox === undefined || mailbox.deletedAt !== null) {
    return notFound;
  }
  const messages = store.ofMailbox(tenantId, mailbox.id);
  return { status: 200, body: { mailboxId: mailbox.id, address: knownAddress(mailbox), messages } };
}

async function bodyOf(request: IncomingMessage): Promise<{ readonly recipient: string; readonly subject: string }> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > longestBody) {
      throw new SyntaxError('the body is too long');
    }
  }
  const body: unknown = JSON.parse(text);
  const { recipient, subject = '' } = (body ?? {}) as { readonly recipient?: unknown; readonly subject?: unknown };
  if (typeof recipient !== 'string' || typeof subject !== 'string') {
    throw new SyntaxError('recipient and subject are texts');
  }
  return { recipient, subject };
}

/** A database that does not answer is not an unknown recipient: whoever asked tries again later. */
function failure(error: unknown): Answer {
  if (error instanceof DatabaseUnavailableError) {
    return { status: 503, body: { error: error.message } };
  }
  if (error instanceof SyntaxError || error instanceof URIError) {
    return { status: 400, body: { error: error.message } };
  }
  console.error(error);
  return { status: 500, body: { error: 'unexpected' } };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', ...(status === 503 ? { 'retry-after': '5' } : {}) });
  response.end(JSON.stringify(body));
}
