import { CommandError, ExitCode } from '../terminal/command-error.js';
import { printable } from '../terminal/printable.js';
import type { AdminAnswer } from './transport.js';

/** Turns an RFC 9457 answer into one line with its remedy and the exit code of its status. */
export function adminError(answer: AdminAnswer): CommandError {
  const text = problemText(answer);
  switch (answer.status) {
    case 400:
    case 422:
      return new CommandError(`${text}: correct the value and try again`, ExitCode.usage);
    case 401:
    case 403:
      return new CommandError(
        'the admin key was refused: set ADMIN_KEY or --admin-key-file to the key that the service was started with',
      );
    case 404:
      return new CommandError(`${text}: "cleanmail tenant list" shows what there is`, ExitCode.notFound);
    case 409:
    case 412:
      return new CommandError(text, ExitCode.conflict);
    case 429:
    case 502:
    case 503:
    case 504:
      return new CommandError(
        `${text}: try again in a moment; "cleanmail status" shows what is missing`,
        ExitCode.unavailable,
      );
    default:
      return new CommandError(`${text}: see the log of the service`);
  }
}

function problemText(answer: AdminAnswer): string {
  const problem = isRecord(answer.body) ? answer.body : {};
  const main = [problem['detail'], problem['title']].find((text) => typeof text === 'string' && text !== '');
  const named = Array.isArray(problem['errors']) ? problem['errors'].map(issueText).filter((text) => text !== '') : [];
  const text = [typeof main === 'string' ? main : `the admin listener answered ${answer.status}`, ...named].join('; ');
  return printable(text).replace(/[.\s]+$/, '');
}

function issueText(issue: unknown): string {
  if (typeof issue === 'string') return issue;
  if (!isRecord(issue)) return '';
  const name = ['field', 'name', 'property', 'path', 'pointer'].map((key) => issue[key]).find(isText);
  const message = ['message', 'detail', 'reason'].map((key) => issue[key]).find(isText);
  // A name alone says nothing that the detail does not say.
  return message === undefined ? '' : [name, message].filter(isText).join(': ');
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Whether a parsed JSON value is an object (not an array). */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
