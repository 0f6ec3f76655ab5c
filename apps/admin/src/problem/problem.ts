/** One field of a request that cannot be used, and why. */
export interface FieldProblem {
  readonly field: string;
  readonly messages: readonly string[];
}

/** An error of the admin surface as RFC 9457 has it; `code` is stable, `detail` says what to do. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly instance?: string;
  readonly errors?: readonly FieldProblem[];
}

/** The media type of problems. */
export const problemMediaType = 'application/problem+json; charset=utf-8';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
};

/** Builds a problem; its type is a URN made of its code. */
export function problem(status: number, code: string, detail: string, errors?: readonly FieldProblem[]): Problem {
  return {
    type: `urn:cleanmail:problem:${code}`,
    title: titles[status] ?? (status >= 500 ? 'Internal Server Error' : 'Bad Request'),
    status,
    detail,
    code,
    ...(errors === undefined ? {} : { errors }),
  };
}
