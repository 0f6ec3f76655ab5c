import { loadedId, userKind } from '../dataset/names.js';
import type { BenchRequest, Operation, Turn } from './operation.js';

const patchSchemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];

/** PATCH that adds members to a group of 50,000 (of half the people, in a smaller tenant). */
export const groups: readonly Operation[] = [
  adding('group-add-1', 'group of 50,000: PATCH adds 1 member', 1),
  adding('group-add-1000', 'group of 50,000: PATCH adds 1,000 members', 1000),
];

function adding(name: string, title: string, wanted: number): Operation {
  return {
    name,
    title,
    group: 'group',
    scripts: [name],
    request: (turn) => addMembers(name, turn, wanted),
  };
}

/** The next people behind the members, each side every second batch; the group is as before after each round. */
function addMembers(script: string, { world, side, sequence }: Turn, wanted: number): BenchRequest | undefined {
  const { main, group } = world;
  const left = main.people - group.members;
  const count = Math.max(1, Math.min(wanted, Math.floor(left / 20)));
  const first = group.members + count * (2 * sequence + (side === 'ours' ? 0 : 1));
  if (first + count > main.people) return undefined;
  const value = Array.from({ length: count }, (_, index) => ({
    value: loadedId(main.number, userKind, first + index),
  }));
  return {
    script,
    tenant: main,
    method: 'PATCH',
    path: `/Groups/${group.id}`,
    body: { schemas: patchSchemas, Operations: [{ op: 'Add', path: 'members', value }] },
    status: 204,
  };
}
