import { expect } from '@jest/globals';
import type { Exchange } from '../../conformance/client/http-exchange.js';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  503: 'Service Unavailable',
};

/** Asserts a whole problem of the admin surface (RFC 9457); `errors` name the fields of a request that cannot be used. */
export function expectProblem(
  answer: Exchange,
  status: number,
  code: string,
  detail: string | RegExp,
  errors?: readonly object[],
): void {
  expect(answer.body).toEqual({
    type: `urn:cleanmail:problem:${code}`,
    title: titles[status],
    status,
    detail: typeof detail === 'string' ? detail : expect.stringMatching(detail),
    code,
    instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    ...(errors === undefined ? {} : { errors }),
  });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
}
