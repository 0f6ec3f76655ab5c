import { numberOf, type EntraCase } from '../cases.js';
import { fullUser } from '../people.js';
import { mentions } from '../placeholders.js';
import type { World } from '../world.js';
import { groupPreconditions } from './groups.js';
import { oauthPreconditions } from './oauth.js';
import { readingPreconditions } from './reading.js';
import { writingPreconditions } from './writing.js';
import type { Precondition } from './precondition.js';

/** The set-up of each case that needs more than the default, by case number. */
export const preconditions: Readonly<Record<string, Precondition>> = {
  ...readingPreconditions,
  ...writingPreconditions,
  ...groupPreconditions,
  ...oauthPreconditions,
};

/** Sets the world up for the case; without an entry, one active user when the case names its id or userName. */
export async function prepare(world: World, entraCase: EntraCase): Promise<void> {
  const precondition = preconditions[numberOf(entraCase)];
  if (precondition !== undefined) await precondition(world);
  else if (mentions(JSON.stringify(entraCase), 'id', 'userName')) await world.createSubject(fullUser());
  if (world.subject !== undefined) world.subject = await world.readSubject();
}
