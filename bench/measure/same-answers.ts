import { isDeepStrictEqual } from 'node:util';
import { basePath } from '../bare/answers.js';
import { operationHeader } from '../bare/operation-header.js';
import { scimCall } from '../dataset/admin-calls.js';
import type { Operation, Side } from '../operations/operation.js';
import type { Arena } from './sides.js';

/** Answers of the bare server may be so much shorter: it has no cursors and no `totalResults` of a page by cursor. */
const shorter = 0.9;
const requests = 3;

/**
 * Asks both servers the same.
 * @throws when they do not answer the same users, or the bare one with clearly fewer bytes: it would do less.
 */
export async function requireSameAnswers({ origins, world }: Arena, operation: Operation): Promise<void> {
  for (let sequence = 0; sequence < requests; sequence += 1) {
    const request = operation.request({ world, side: 'ours', sequence });
    if (request === undefined) return;
    const { method, path, tenant, script, status } = request;
    const ask = async (side: Side): Promise<string> => {
      const headers = { ...request.headers, [operationHeader]: script };
      const url = `${origins[side]}${basePath}${path}`;
      const { text } = await scimCall({ method, url, token: tenant.token, headers }, status);
      return text.replaceAll(origins[side], '');
    };
    const [ours, bare] = [await ask('ours'), await ask('bare')];
    if (bare.length < ours.length * shorter || !isDeepStrictEqual(usersIn(ours), usersIn(bare))) {
      throw new Error(
        `${operation.name}: the bare server answers something else:\n${ours.slice(0, 500)}\n${bare.slice(0, 500)}`,
      );
    }
  }
}

function usersIn(text: string): unknown {
  const body = (text === '' ? {} : JSON.parse(text)) as { readonly Resources?: readonly unknown[] };
  return body.Resources ?? body;
}
