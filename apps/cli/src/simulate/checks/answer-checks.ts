import { isObject, type JsonObject } from '../json.js';
import type { RawAnswer } from '../scim-connection.js';
import { checkShape, type BodyKind } from './shape-checks.js';

/** What an answer must be; `describe` is printed beside an answer that is something else. */
export interface Expectation {
  readonly describe: string;
  readonly status: readonly number[];
  /** Shape of the body of any answer but 204. */
  readonly body: BodyKind;
  /** Further demands on the body of an expected status; one sentence per violation. */
  readonly examine?: (body: JsonObject) => readonly string[];
}

/** The verdict: the parsed body when there was one, and what was wrong. */
export interface Verdict {
  readonly body: JsonObject | undefined;
  readonly problems: readonly string[];
}

/** Judges an answer as Entra's client would: status, media type, JSON, shape, values. */
export function judge(answer: RawAnswer, expectation: Expectation): Verdict {
  if (answer.status === 0) return { body: undefined, problems: [`no answer: ${answer.text}`] };
  const isExpected = expectation.status.includes(answer.status);
  if (answer.status === 204) {
    const problems = answer.text === '' ? [] : ['204 with a body'];
    return { body: undefined, problems: isExpected ? problems : ['204 was not expected'] };
  }
  const body = parse(answer.text);
  const problems = [
    ...mediaTypeProblems(answer.contentType),
    ...(body === undefined ? ['the body is not a JSON object'] : []),
  ];
  if (!isExpected) {
    const shape = body === undefined || answer.status < 400 ? [] : checkShape('error', answer.status, body);
    return { body, problems: [explanation(answer, body), ...problems, ...shape] };
  }
  if (body === undefined) return { body, problems };
  return {
    body,
    problems: [
      ...problems,
      ...checkShape(expectation.body, answer.status, body),
      ...(expectation.examine?.(body) ?? []),
    ],
  };
}

function mediaTypeProblems(contentType: string): readonly string[] {
  return contentType.toLowerCase().startsWith('application/scim+json')
    ? []
    : [`Content-Type is ${contentType === '' ? 'absent' : `"${contentType}"`}, not application/scim+json`];
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function explanation(answer: RawAnswer, body: JsonObject | undefined): string {
  const detail = body?.['detail'];
  if (typeof detail === 'string' && detail !== '') return detail;
  return answer.text === '' ? 'an empty body' : answer.text.slice(0, 200);
}
