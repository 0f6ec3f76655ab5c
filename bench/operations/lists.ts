import { listCursor } from './list-cursor.js';
import type { BenchRequest, Operation, Turn } from './operation.js';

const target = 0.6;
const count = 100;
const places = { first: 0, middle: 0.5, last: 1 } as const;

/** Pages of 100 at the start, in the middle and at the end, by index and by cursor. */
export const lists: readonly Operation[] = Object.entries(places).flatMap(([place, share]) => [
  list(`list-index-${place}`, `list page of ${count} by index, ${place}`, ({ world: { main } }) => {
    const startIndex = Math.floor(share * Math.max(0, main.people - count)) + 1;
    return `/Users?startIndex=${startIndex}&count=${count}`;
  }),
  list(`list-cursor-${place}`, `list page of ${count} by cursor, ${place}`, ({ world: { main } }) => {
    const before = Math.floor(share * Math.max(0, main.people - count)) - 1;
    return `/Users?count=${count}&cursor=${before < 0 ? '' : listCursor(main, before)}`;
  }),
]);

function list(name: string, title: string, path: (turn: Turn) => string): Operation {
  return {
    name,
    title,
    group: 'list',
    scripts: [name],
    target,
    request: (turn): BenchRequest => ({
      script: name,
      tenant: turn.world.main,
      method: 'GET',
      path: path(turn),
      status: 200,
    }),
  };
}
