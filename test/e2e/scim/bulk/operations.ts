import { expect } from '@jest/globals';
import type { Exchange } from '../../../conformance/client/http-exchange.js';
import { CORE_GROUP, ENTERPRISE_USER, PATCH_OP } from '../../../conformance/client/scim-types.js';
import type { TenantClient } from '../../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../../conformance/entra/people.js';

export const BULK_REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const BULK_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

export type Operation = Readonly<Record<string, unknown>>;

/** One result as the service answers it. */
export interface Result {
  readonly method: string;
  readonly bulkId?: string;
  readonly version?: string;
  readonly location?: string;
  readonly status: string;
  readonly response?: { readonly status: string; readonly scimType?: string; readonly detail: string };
}

/** A POST of a user; `manager` is a bulkId, or whatever stands as the manager's id. */
export function newUser(bulkId: string, manager?: string): Operation {
  const extension = manager === undefined ? {} : { [ENTERPRISE_USER]: { manager: { value: manager } } };
  return { method: 'POST', path: '/Users', bulkId, data: plainUser(uniqueAddress(bulkId), extension) };
}

/** A POST of a group whose members are ids or references. */
export function newGroup(bulkId: string, ...members: readonly string[]): Operation {
  const data = { schemas: [CORE_GROUP], displayName: uniqueAddress(bulkId), members: members.map(member) };
  return { method: 'POST', path: '/Groups', bulkId, data };
}

/** A PATCH that adds members. */
export function addMembers(path: string, ...members: readonly string[]): Operation {
  return patch(path, { op: 'add', path: 'members', value: members.map(member) });
}

export function patch(path: string, ...operations: readonly Operation[]): Operation {
  return { method: 'PATCH', path, data: { schemas: [PATCH_OP], Operations: operations } };
}

/** Sends a bulk request whatever it is answered. */
export async function sendBulk(tenant: TenantClient, operations: unknown, more: Operation = {}): Promise<Exchange> {
  return tenant.send('POST', '/Bulk', { body: { schemas: [BULK_REQUEST], ...more, Operations: operations } });
}

/** Sends a bulk request that must be carried out, and gives its results. */
export async function bulk(
  tenant: TenantClient,
  operations: readonly Operation[],
  more: Operation = {},
): Promise<readonly Result[]> {
  const answer = await sendBulk(tenant, operations, more);
  expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([
    200,
    'application/scim+json; charset=utf-8',
    { schemas: [BULK_RESPONSE], Operations: expect.any(Array) },
  ]);
  return (answer.body as { readonly Operations: readonly Result[] }).Operations;
}

export function statuses(results: readonly Result[]): readonly string[] {
  return results.map(({ status }) => status);
}

/** The id at the end of a result's location. */
export function idOf(result: Result | undefined): string {
  return result?.location?.split('/').at(-1) ?? 'no id';
}

/** A user's manager, as the service knows it. */
export async function managerOf(tenant: TenantClient, id: string): Promise<string | undefined> {
  return (await tenant.readUser(id))[ENTERPRISE_USER]?.manager?.value;
}

export async function membersOf(tenant: TenantClient, id: string): Promise<readonly string[]> {
  return ((await tenant.readGroup(id)).members ?? []).map(({ value }) => value);
}

function member(value: string): object {
  return { value };
}
