import type { Exchange } from '../client/http-exchange.js';
import { PATCH_OP } from '../client/scim-types.js';
import type { ResolvedRequest } from './checks/check.js';
import { plainUser, uniqueAddress } from './people.js';
import type { World } from './world.js';

/** Sends the case's request, or the given one in its place. */
export type Send = (changed?: ResolvedRequest) => Promise<Exchange>;

/** How a case sends its request when once is not what it means. */
export interface Drive {
  readonly run: (world: World, send: Send, request: ResolvedRequest) => Promise<readonly Exchange[]>;
  /** Statuses of the other requests that it mixes in, beside those the case expects. */
  readonly statusesMixedIn: readonly number[];
}

const SECONDS = 5;
const PER_SECOND = 25;

/** Cases whose request is sent several times, by case number. */
export const drives: Readonly<Record<string, Drive>> = {
  C20: { run: async (_world, send) => Promise.all([send(), send()]), statusesMixedIn: [] },
  H07: { run: sustainedLoad, statusesMixedIn: [201] },
};

/** 25 requests a second for five seconds (the fixture's minute in short), evenly spaced: filter, create and change in turn. */
async function sustainedLoad(world: World, send: Send, request: ResolvedRequest): Promise<readonly Exchange[]> {
  const { tenant } = world;
  const { id, userName } = world.subjectBefore();
  const turns: readonly (() => Promise<Exchange>)[] = [
    () => tenant.send('GET', `/Users?filter=userName+eq+%22${encodeURIComponent(userName)}%22`),
    () => tenant.send('POST', '/Users', { body: plainUser(uniqueAddress()) }),
    () => send(request),
    () =>
      tenant.send('PATCH', `/Users/${id}`, {
        body: { schemas: [PATCH_OP], Operations: [{ op: 'replace', value: { 'name.familyName': uniqueAddress() } }] },
      }),
  ];
  const pending: Promise<Exchange>[] = [];
  await new Promise<void>((resolve) => {
    const ticking = setInterval(() => {
      const turn = turns[pending.length % turns.length];
      if (turn !== undefined) pending.push(turn());
      if (pending.length < SECONDS * PER_SECOND) return;
      clearInterval(ticking);
      resolve();
    }, 1000 / PER_SECOND);
  });
  return Promise.all(pending);
}
