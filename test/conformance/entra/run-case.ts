import { expect } from '@jest/globals';
import type { Exchange } from '../client/http-exchange.js';
import { BASE_PATHS } from '../client/tenant-client.js';
import { numberOf, type EntraCase, type Expectation, type FollowUp } from './cases.js';
import { checks } from './checks/index.js';
import { CheckContext, type Check, type ResolvedRequest } from './checks/check.js';
import { remarks } from './checks/remarks.js';
import { decidedChecks, decidedExpectations } from './design-decisions.js';
import { drives, type Send } from './drives.js';
import { fillBody, fillPath, fillText } from './placeholders.js';
import { prepare } from './preconditions/index.js';
import type { World } from './world.js';

/** Sets the case up in the fresh world, sends its request and every follow-up, and asserts status and checks of each. */
export async function runCase(world: World, entraCase: EntraCase): Promise<void> {
  await prepare(world, entraCase);
  const request = resolve(world, entraCase, entraCase.headers);
  world.firstSent = request.body;
  const send: Send = (changed = request) => world.tenant.sendRaw(changed.method, changed.path, changed);
  const drive = drives[numberOf(entraCase)];
  const answers = drive === undefined ? [await send()] : await drive.run(world, send, request);
  const { status, checks: sentences } = expectationOf(entraCase);
  await expectAsDescribed(new CheckContext(world, entraCase, request, answers), {
    status: [...status, ...(drive?.statusesMixedIn ?? [])],
    checks: sentences,
  });
  for (const followUp of entraCase.then ?? []) await runFollowUp(world, entraCase, followUp);
}

/** What the product must answer: the fixture's expectation, or the design's where that decides otherwise. */
export function expectationOf(entraCase: EntraCase): Expectation {
  return decidedExpectations[numberOf(entraCase)] ?? entraCase.expect;
}

/** The assertion of a sentence; `undefined` when nobody wrote one. */
export function checkFor(sentence: string): Check | undefined {
  return decidedChecks[sentence] ?? checks.get(sentence);
}

async function runFollowUp(world: World, entraCase: EntraCase, followUp: FollowUp): Promise<void> {
  if (world.subject !== undefined && entraCase.method !== 'DELETE') world.subject = await world.readSubject();
  const request = resolve(world, followUp, {
    ...entraCase.headers,
    ...(followUp.body === undefined ? {} : bodyHeaders),
  });
  const answer: Exchange = await world.tenant.sendRaw(request.method, request.path, request);
  await expectAsDescribed(new CheckContext(world, entraCase, request, [answer]), followUp.expect);
}

const bodyHeaders = { 'Content-Type': 'application/scim+json; charset=utf-8' };

async function expectAsDescribed(context: CheckContext, expectation: Expectation): Promise<void> {
  for (const { status, text } of context.answers) {
    if (!expectation.status.includes(status))
      throw new Error(`expected ${expectation.status.join(' or ')}, got ${status}: ${text}`);
  }
  expect(context.answers.length).toBeGreaterThan(0);
  for (const sentence of expectation.checks) {
    if (Object.hasOwn(remarks, sentence)) continue;
    const check = checkFor(sentence);
    if (check === undefined) throw new Error(`no assertion for: ${sentence}`);
    await naming(sentence, () => check(context));
  }
}

/** Puts the sentence before the message of whatever the assertion throws. */
async function naming(sentence: string, assertion: () => void | Promise<void>): Promise<void> {
  try {
    await assertion();
  } catch (error) {
    if (error instanceof Error) error.message = `check: ${sentence}\n${error.message}`;
    throw error;
  }
}

function isForm(headers: Readonly<Record<string, string>>): boolean {
  return headers['Content-Type'] === 'application/x-www-form-urlencoded';
}

function resolve(
  world: World,
  source: EntraCase | FollowUp,
  headers: Readonly<Record<string, string>>,
): ResolvedRequest {
  const filledHeaders = Object.entries(headers).map(([name, value]) => [name, fillText(value, world.values)] as const);
  const path = fillPath(source.path, world.values);
  const own = path.startsWith(`${BASE_PATHS.sendsafely}/`) ? path : world.tenant.basePath + path;
  return {
    method: source.method,
    path: own,
    headers: Object.fromEntries(filledHeaders),
    body: isForm(headers)
      ? fillPath(String(source.body), world.values)
      : fillBody(source.body ?? undefined, world.values),
  };
}
