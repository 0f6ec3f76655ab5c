import { setTimeout as delay } from 'node:timers/promises';

import type { UserState } from './attributes.js';
import { toCreateBody } from './attributes.js';
import { judge, type Expectation } from './checks/answer-checks.js';
import type { Pacer } from './concurrency.js';
import {
  expectCreated,
  expectDeleted,
  expectGone,
  expectMatch,
  expectPatched,
  expectUser,
  hasUserName,
} from './expectations.js';
import { objectsAt, type JsonObject } from './json.js';
import type { LedgerEntry } from './ledger.js';
import type { Measurements } from './measurements.js';
import { patchBody, type PatchDialect } from './patch-dialect.js';
import type { RawAnswer, ScimConnection, ScimRequest } from './scim-connection.js';

const longestWaitSeconds = 120;
const mostThrottles = 20;

/** An answer after judgement; `status` 0 when none came. */
export interface Answer {
  readonly status: number;
  readonly body: JsonObject | undefined;
}

/** The requests that Entra's provisioning service makes; every answer is judged and measured, none is thrown. */
export class EntraClient {
  constructor(
    private readonly connection: ScimConnection,
    private readonly measurements: Measurements,
    private readonly pacer: Pacer,
    private readonly signal: AbortSignal,
  ) {}

  /** A GET of any path below the tenant URL. */
  get(path: string, expectation: Expectation): Promise<Answer> {
    return this.call({ method: 'GET', path }, expectation);
  }

  /** Looks a user up by the matching attribute. */
  findByUserName(userName: string, expectation: Expectation = expectMatch(userName)): Promise<Answer> {
    return this.get(`/Users?${encodeFilter(`userName eq "${userName}"`)}`, expectation);
  }

  /** Reads a user by its cached id. */
  read(entry: LedgerEntry, expectation: Expectation = expectUser(entry)): Promise<Answer> {
    return this.get(userPath(entry), expectation);
  }

  /** Creates a user and caches the id of the answer. */
  async create(entry: LedgerEntry): Promise<void> {
    const request = { method: 'POST', path: '/Users', body: toCreateBody(entry.state) } as const;
    const { status, body } = await this.call(request, expectCreated(entry));
    const id = body?.['id'];
    if (status === 201 && typeof id === 'string') entry.link(id);
    else if (isUncertain(status)) entry.presence = 'unknown';
  }

  /** A POST that an expectation other than success judges. */
  post(body: JsonObject, expectation: Expectation): Promise<Answer> {
    return this.call({ method: 'POST', path: '/Users', body }, expectation);
  }

  /** Changes a user in the dialect of its job, and the ledger with it. */
  async change(entry: LedgerEntry, change: UserState, dialect: PatchDialect = entry.person.dialect): Promise<void> {
    const body = patchBody(dialect, entry.state, change);
    const wanted = entry.after(change);
    const expectation = expectPatched((resource) => wanted.differences(resource));
    const { status } = await this.call({ method: 'PATCH', path: userPath(entry), body }, expectation);
    if (status >= 200 && status < 300) entry.acknowledge(change);
    else if (isUncertain(status)) entry.doubt(change);
  }

  /** Deletes a user and makes sure that it is gone by id. */
  async remove(entry: LedgerEntry): Promise<void> {
    const { status } = await this.call({ method: 'DELETE', path: userPath(entry) }, expectDeleted);
    if (status !== 204) {
      if (isUncertain(status)) entry.presence = 'unknown';
      return;
    }
    entry.presence = 'absent';
    await this.read(entry, expectGone);
  }

  /** One request: paced, waited out when throttled, measured, judged. */
  private async call(request: ScimRequest, expectation: Expectation): Promise<Answer> {
    const answer = await this.sendUntilServed(request);
    const { body, problems } = judge(answer, expectation);
    if (problems.length > 0) {
      this.measurements.report({
        method: request.method,
        path: request.path,
        status: answer.status,
        expected: expectation.describe,
        detail: problems.join('; '),
      });
    }
    return { status: answer.status, body };
  }

  private async sendUntilServed(request: ScimRequest): Promise<RawAnswer> {
    for (let throttles = 0; ; throttles += 1) {
      this.signal.throwIfAborted();
      await this.pacer.turn(this.signal);
      const answer = await this.connection.send(request);
      this.measurements.request(answer.status, answer.latencyMs);
      const waitMs = answer.status === 429 ? retryAfterMs(answer.retryAfter) : undefined;
      if (waitMs === undefined || throttles >= mostThrottles) return answer;
      this.measurements.throttle();
      await delay(waitMs, undefined, { signal: this.signal });
    }
  }
}

/** The only user of a list answer when it bears the name that was looked for. */
export function matchOf(answer: Answer, userName: string): JsonObject | undefined {
  const resources = answer.status === 200 && answer.body !== undefined ? objectsAt(answer.body, 'Resources') : [];
  const [only] = resources.length === 1 ? resources : [];
  return only !== undefined && hasUserName(only, userName) ? only : undefined;
}

/** `filter=…` as Entra encodes it: blanks as `+`, quotes as `%22`, `@` as `%40`. */
export function encodeFilter(filter: string): string {
  return new URLSearchParams({ filter }).toString();
}

function userPath(entry: LedgerEntry): string {
  return `/Users/${encodeURIComponent(entry.id ?? '')}`;
}

/** Whether a write may have been done although nobody said so. */
function isUncertain(status: number): boolean {
  return status === 0 || status >= 500;
}

/** Milliseconds of a Retry-After in seconds or as a date; undefined when it is absent, unreadable or too far away. */
export function retryAfterMs(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return seconds <= longestWaitSeconds ? Math.max(seconds, 0) * 1000 : undefined;
}
