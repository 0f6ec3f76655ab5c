import type { World } from '../world.js';

/** Brings a fresh world into the state that a case's precondition describes. */
export type Precondition = (world: World) => Promise<void>;

/** The subject is the given user, active. */
export function existing(makeBody: () => object): Precondition {
  return async (world) => {
    await world.createSubject(makeBody());
  };
}

/** The subject is the given user after `active=false`. */
export function disabled(makeBody: () => object): Precondition {
  return async (world) => {
    const user = await world.createSubject(makeBody());
    await world.tenant.disable(user.id);
    world.values.set('disabledId', user.id);
    world.values.set('disabledUserName', user.userName);
  };
}

/** A user that was created and then ended by DELETE; nobody is the subject. */
export function deleted(makeBody: () => object): Precondition {
  return async (world) => {
    const user = await world.create(makeBody());
    await world.tenant.remove(user.id);
    world.values.set('deletedId', user.id);
    world.values.set('userName', user.userName);
  };
}

/** Several users; nobody is the subject. */
export function several(makeBodies: () => readonly object[]): Precondition {
  return async (world) => {
    for (const body of makeBodies()) await world.create(body);
  };
}
