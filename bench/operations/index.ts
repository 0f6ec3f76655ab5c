import { groups } from './groups.js';
import { lists } from './lists.js';
import { lookUps } from './look-ups.js';
import { mix } from './mix.js';
import type { Operation } from './operation.js';
import { writes } from './writes.js';

/** Everything that is measured on both servers, in the order of the table. */
export const operations: readonly Operation[] = [...lookUps, ...writes, ...lists, ...groups, mix];

/** @throws when no operation has this name. */
export function operationNamed(name: string): Operation {
  const found = operations.find((operation) => operation.name === name);
  if (found === undefined) {
    throw new Error(`there is no operation ${name}: give some of ${operations.map((each) => each.name).join(', ')}`);
  }
  return found;
}
