import { isDeepStrictEqual } from 'node:util';

import { isObject, objectAt, objectsAt, type JsonObject } from '../simulate/json.js';
import type { Created } from './conformance-client.js';
import type { Exchange } from './exchange.js';
import { sameUrn } from './server-config.js';
import { messageSchemas } from './urns.js';
import { NotTried, Violation } from './violation.js';

/** Throws a Violation unless the condition holds; the problem names what is wrong. */
export function ensure(exchange: Exchange, condition: boolean, problem: string): void {
  if (!condition) throw new Violation(problem, exchange);
}

/** The status is one of these. */
export function expectStatus(exchange: Exchange, ...statuses: readonly number[]): void {
  ensure(exchange, statuses.includes(exchange.status), `status is ${exchange.status}, not ${statuses.join(' or ')}`);
}

/** The request was refused with a status from 400 to 499. */
export function expectRefused(exchange: Exchange): void {
  ensure(exchange, isRefused(exchange), `status is ${exchange.status}, not a refusal (4xx)`);
}

/** Whether a request was refused as the client's fault. */
export function isRefused({ status }: Exchange): boolean {
  return status >= 400 && status < 500;
}

/** Ends a check as not tried when a step on its way fails that another requirement is about. */
export function assume(exchange: Exchange, ...statuses: readonly number[]): Exchange {
  if (statuses.includes(exchange.status)) return exchange;
  throw new NotTried(`status ${exchange.status} on the way to this check, not ${statuses.join(' or ')}`, exchange);
}

/** The body as JSON object. */
export function bodyOf(exchange: Exchange): JsonObject {
  if (exchange.body === undefined) throw new Violation('the body is not a JSON object', exchange);
  return exchange.body;
}

/** `schemas` of a body names the URN, without regard to case. */
export function expectSchema(exchange: Exchange, urn: string): void {
  ensure(
    exchange,
    schemasOf(bodyOf(exchange)).some((schema) => sameUrn(schema, urn)),
    `schemas does not name ${urn}`,
  );
}

/** The strings in `schemas`. */
export function schemasOf(resource: JsonObject): readonly string[] {
  const schemas: unknown = resource['schemas'];
  return Array.isArray(schemas) ? schemas.filter((schema) => typeof schema === 'string') : [];
}

/** The member at `attribute` or `attribute.sub` is this value, with deep equality. */
export function expectMember(exchange: Exchange, path: string, wanted: unknown, holder?: JsonObject): void {
  const found = memberAt(holder ?? bodyOf(exchange), path);
  ensure(exchange, isDeepStrictEqual(found, wanted), `${path} is ${show(found)}, not ${show(wanted)}`);
}

/** The member at `attribute` or `attribute.sub` is unassigned: absent, null or an empty array. */
export function expectUnassigned(exchange: Exchange, path: string): void {
  const found = memberAt(bodyOf(exchange), path);
  ensure(exchange, isUnassigned(found), `${path} is ${show(found)}, not unassigned`);
}

/** Whether a value is the same as none (RFC 7643 section 2.5). */
export function isUnassigned(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/** The member at `attribute` or `attribute.sub`. */
export function memberAt(resource: JsonObject, path: string): unknown {
  const [first = '', ...rest] = path.split('.');
  return rest.length === 0 ? resource[first] : objectAt(resource, first)[rest.join('.')];
}

/** An error body with this keyword. */
export function expectScimType(exchange: Exchange, ...keywords: readonly string[]): void {
  const found = bodyOf(exchange)['scimType'];
  ensure(exchange, keywords.includes(String(found)), `scimType is ${show(found)}, not ${keywords.join(' or ')}`);
}

/** A refusal with 400 and one of the keywords. */
export function expectBadRequest(exchange: Exchange, ...keywords: readonly string[]): void {
  expectStatus(exchange, 400);
  expectScimType(exchange, ...keywords);
}

/** The resources of a ListResponse that was answered with 200. */
export function resourcesOf(exchange: Exchange): readonly JsonObject[] {
  expectStatus(exchange, 200);
  return objectsAt(bodyOf(exchange), 'Resources');
}

/** A ListResponse holds every resource of the first list and none of the second, judged by `id`. */
export function expectFound(exchange: Exchange, wanted: readonly Created[], unwanted: readonly Created[] = []): void {
  const ids = resourcesOf(exchange).map(({ id }) => id);
  const missing = wanted.find(({ id }) => !ids.includes(id));
  ensure(exchange, missing === undefined, `Resources lacks ${nameOf(missing)}`);
  const extra = unwanted.find(({ id }) => ids.includes(id));
  ensure(exchange, extra === undefined, `Resources holds ${nameOf(extra)}, which does not match`);
}

/** An error message of RFC 7644 section 3.12. */
export function expectErrorBody(exchange: Exchange): void {
  expectSchema(exchange, messageSchemas.error);
  expectMember(exchange, 'status', String(exchange.status));
}

/** The values of a multi-valued attribute, sorted. */
export function valuesOf(resource: JsonObject, attribute: string): readonly string[] {
  return objectsAt(resource, attribute)
    .map(({ value }) => String(value))
    .sort();
}

/** A value for a message; long ones are cut. */
export function show(value: unknown): string {
  const json = value === undefined ? 'absent' : JSON.stringify(value);
  return json.length > 160 ? `${json.slice(0, 160)}…` : json;
}

/** Whether a value is a JSON object with at least the member. */
export function hasMember(value: unknown, name: string): boolean {
  return isObject(value) && value[name] !== undefined;
}

function nameOf(created: Created | undefined): string {
  return show(created?.body['userName'] ?? created?.body['displayName'] ?? created?.id);
}
