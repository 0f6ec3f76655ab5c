import type { IncomingHttpHeaders } from 'node:http';
import { expect } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import { SCIM_ERROR, type ScimErrorBody } from '../../conformance/client/scim-types.js';

export const SCIM_MEDIA_TYPE = 'application/scim+json; charset=utf-8';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Words of the inside of the service: drivers, tables, files, versions, stack frames. None may be in an answer. */
const insidePatterns = [
  /\bat [\w.<>]+ \(|\bat .+:\d+:\d+/,
  /node_modules|node:internal|file:\/\/|\.[cm]?[jt]s\b|\/(?:home|tmp|work|usr|var)\//,
  /\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|FROM|JOIN) [\w`"]/,
  /scim_user|secret_token|mailbox_account|provisioning_log|tenant_id|user_name_key/,
  /SQLITE|sqlite|ER_[A-Z]+|ECONN|PROTOCOL_|mysql|MySQL|MariaDB|mariadb|innodb|InnoDB/,
  /typeorm|TypeORM|QueryFailed|[Ff]astify|FST_|nestjs|NestJS|TypeError|RangeError|SyntaxError|\[object /,
  /\bv?\d+\.\d+\.\d+\b/,
];
const inside = new RegExp(insidePatterns.map(({ source }) => source).join('|'));

/** No answer to a client tells of the inside of the service. */
export function expectNoInside(text: string): void {
  expect(text).not.toMatch(inside);
}

/** The answer is exactly a SCIM error: status, media type, whole body, and nothing of the inside. Gives its detail. */
export function expectScimError(
  answer: Pick<Exchange, 'status' | 'headers' | 'text'>,
  status: number,
  scimType?: string,
): string {
  const body = parse(answer.text);
  expect({ status: answer.status, type: answer.headers['content-type'], body }).toEqual({
    status,
    type: SCIM_MEDIA_TYPE,
    body: {
      schemas: [SCIM_ERROR],
      status: String(status),
      ...(scimType === undefined ? {} : { scimType }),
      detail: expect.stringMatching(/\S/),
    },
  });
  expectNoInside(answer.text);
  return (body as ScimErrorBody).detail ?? '';
}

/** The headers of every answer of the service itself; `more` are those of this kind of answer. */
export function expectHeaders(headers: IncomingHttpHeaders, more: Readonly<Record<string, unknown>>): void {
  const { date, connection, 'keep-alive': keepAlive, 'content-length': length, ...rest } = headers;
  expect(date).toBeDefined();
  expect(connection).toBe('keep-alive');
  expect(keepAlive).toBeDefined();
  expect(length ?? '0').toMatch(/^\d+$/);
  expect(rest).toEqual({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-request-id': expect.stringMatching(UUID),
    ...more,
  });
}

/** What is the same in two answers to the same question: everything but the time and the request's number. */
export function comparable({ status, headers, text }: Pick<Exchange, 'status' | 'headers' | 'text'>): unknown {
  return { status, headers: { ...headers, date: undefined, 'x-request-id': undefined }, text };
}

/** The answers must all be the same but for time and request id; named, so that the odd one is found. */
export function expectAllAlike(answers: readonly (readonly [name: string, answer: Exchange])[]): void {
  const [first, ...others] = answers;
  if (first === undefined) throw new Error('there is nothing to compare');
  for (const [name, answer] of others) expect([name, comparable(answer)]).toEqual([name, comparable(first[1])]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
