import fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { inputsOf, type Script } from '../record/script.js';
import { basePath, listOf, sentUser, userOf, userRows } from './answers.js';
import type { ReplayContext } from './bindings.js';
import { operationHeader } from './operation-header.js';
import { MysqlReplayer } from './mysql-replayer.js';
import { prepareScript, type Replayer } from './replayer.js';
import { SqliteReplayer } from './sqlite-replayer.js';
import { TokenCheck } from './token-check.js';

/** What the bare server is started with. */
export interface BareOptions {
  readonly databaseUrl: string;
  readonly pepper: string;
  readonly scripts: readonly Script[];
  /** The mail domain of each tenant, which their addresses end with. */
  readonly domains: Readonly<Record<string, string>>;
}

/** A bare server that answers; `origin` is its scheme, host and port. */
export interface BareServer {
  readonly origin: string;
  close(): Promise<void>;
}

const tokenStatement =
  'SELECT k.id, k.secret_hash, k.tenant_id, t.status FROM secret_token k JOIN tenant t ON t.id = k.tenant_id WHERE k.public_id = ?';

/**
 * The least that the stack needs for the same answers: Fastify, the token check, the statements that the service was
 * recorded to send, JSON.stringify.
 */
export async function startBareServer({ databaseUrl, pepper, scripts, domains }: BareOptions): Promise<BareServer> {
  const replayer: Replayer = databaseUrl.startsWith('sqlite:')
    ? new SqliteReplayer(databaseUrl.slice('sqlite:'.length))
    : new MysqlReplayer(databaseUrl);
  const prepared = new Map(scripts.map((script) => [script.operation, prepareScript(script)]));
  const tokens = new TokenCheck(pepper, async (publicId) => {
    const [row] = await replayer.rows(tokenStatement, [publicId]);
    const { id, secret_hash: hash, tenant_id: tenant } = row ?? {};
    return row && { tokenId: String(id), secretHash: String(hash), tenant: String(tenant) };
  });
  const server = fastify({ bodyLimit: 1_048_576 });
  const parse = { parseAs: 'string' } as const;
  server.addContentTypeParser('application/scim+json', parse, (_request, body, done) => done(null, body));
  let origin = '';
  server.route({
    method: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
    url: `${basePath}/*`,
    handler: async (request, reply) => {
      const token = await tokens.check(request.headers.authorization);
      const script = prepared.get(String(request.headers[operationHeader]));
      if (token === undefined || script === undefined) return reply.code(401).send();
      const text = typeof request.body === 'string' ? request.body : '';
      const body = text === '' ? undefined : (JSON.parse(text) as object);
      const inputs = inputsOf(request.url, text);
      const domain = domains[token.tenant] ?? '';
      const context: ReplayContext = { ...token, domain, inputs, now: Date.now(), fresh: [], results: [] };
      await replayer.run(script, context).catch((error: Error) => {
        throw new Error(`${script.operation}, ${request.url}: ${error.message}`, { cause: error });
      });
      return answer(request, reply, { context, body, script, origin });
    },
  });
  origin = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin,
    close: async () => {
      await server.close();
      await replayer.close();
    },
  };
}

interface Outcome {
  readonly context: ReplayContext;
  readonly body: object | undefined;
  readonly script: Script;
  readonly origin: string;
}

function answer(
  { method, url, headers }: FastifyRequest,
  reply: FastifyReply,
  { context, body, script, origin }: Outcome,
): FastifyReply {
  reply.type('application/scim+json; charset=utf-8');
  const { results, now } = context;
  const rows = userRows(results);
  const [row] = rows;
  if (method === 'DELETE' || url.includes('/Groups/')) return reply.code(204).send();
  if (url.endsWith('/Bulk')) return reply.send(JSON.stringify({ Operations: [] }));
  if (method === 'GET' && !url.includes('/Users/')) return reply.send(JSON.stringify(listOf(rows, results, origin)));
  if (method === 'POST' && body !== undefined) {
    const { createdId } = script;
    const id = createdId?.from === 'fresh' ? (context.fresh[createdId.index] ?? '') : '';
    return reply.code(201).send(JSON.stringify(sentUser(body, id, now, origin)));
  }
  if (row === undefined) return reply.code(404).send();
  const tag = `W/"${String(row['version'])}"`;
  if (headers['if-none-match'] === tag) return reply.header('etag', tag).code(304).send();
  return reply.header('etag', tag).send(JSON.stringify(userOf(row, results, origin)));
}
