import { caseNumbered } from '../cases.js';
import { fullUser } from '../people.js';
import type { World } from '../world.js';
import type { Precondition } from './precondition.js';

/** Set-ups of the group cases (G): users by the names that the cases give them, and a group of the first ones. */
export const groupPreconditions: Readonly<Record<string, Precondition>> = {
  G03: async (world) => {
    const [member] = await users(world, 'uid');
    await world.createGroup({ displayName: 'EDU All personal', members: [{ value: member }] });
    await world.tenant.createGroup({ displayName: 'EDU+All+personal' });
  },
  G05: groupOf(1, 'uid'),
  G06: groupOf(1, 'other', 'uid'),
  G07: groupOf(2, 'uid', 'other'),
  G08: groupOf(2, 'uid', 'other'),
  G10: async (world) => {
    const { displayName } = caseNumbered('G10').body as { readonly displayName: string };
    await world.createGroup({ displayName: displayName.toLowerCase() });
  },
  G11: groupOf(2, 'one', 'other', 'uid'),
  G12: groupOf(1, 'other', 'uid'),
  G14: groupOf(1, 'uid1', 'uid2', 'uid3'),
  G15: groupOf(2, 'uid', 'other'),
};

/** Users with these names for their ids; the first `count` of them are in the group. */
function groupOf(count: number, ...names: readonly string[]): Precondition {
  return async (world) => {
    const ids = await users(world, ...names);
    const members = ids.slice(0, count).map((value) => ({ value }));
    await world.createGroup({ displayName: 'Post office', externalId: 'before', members });
  };
}

async function users(world: World, ...names: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const { id } = await world.create(fullUser());
    world.values.set(name, id);
    ids.push(id);
  }
  return ids;
}
