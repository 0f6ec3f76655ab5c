import type { JsonObject } from '../../simulate/json.js';
import type { ConformanceClient, Created, Operation } from '../conformance-client.js';
import { expectStatus } from '../expectations.js';
import type { Exchange } from '../exchange.js';

/** A user that was made, changed by a PATCH that succeeded, and read again. */
export interface Patched {
  readonly created: Created;
  readonly answer: Exchange;
}

/** Makes a user, applies the operations to it (200 or 204 expected) and reads it. */
export async function patchUser(
  client: ConformanceClient,
  operations: readonly Operation[],
  overrides: JsonObject = {},
): Promise<Patched> {
  const created = await client.createUser(overrides);
  expectStatus(await client.patch(created.path, operations), 200, 204);
  const answer = await client.get(created.path);
  expectStatus(answer, 200);
  return { created, answer };
}

/** Makes a user and applies operations that must be refused. */
export async function refuse(
  client: ConformanceClient,
  operations: readonly Operation[],
  overrides: JsonObject = {},
): Promise<Exchange> {
  const created = await client.createUser(overrides);
  return client.patch(created.path, operations);
}
