import { nameOf } from '../dataset/names.js';
import type { BenchTenant } from '../dataset/tenants.js';
import type { World } from '../world.js';

/** Which of the two servers a request goes to; they change different people. */
export type Side = 'ours' | 'bare';

/** One request of an operation, ready to be sent. */
export interface BenchRequest {
  /** The script that the bare server runs; an operation may have several. */
  readonly script: string;
  readonly tenant: BenchTenant;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the base path. */
  readonly path: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** The only status that is right. */
  readonly status: number;
}

/** Whose turn it is: `sequence` counts the requests of an operation on one side through the whole run. */
export interface Turn {
  readonly world: World;
  readonly side: Side;
  readonly sequence: number;
}

export type OperationGroup = 'look-up' | 'list' | 'write' | 'group' | 'bulk' | 'mix';

/** Something that is measured. */
export interface Operation {
  readonly name: string;
  readonly title: string;
  readonly group: OperationGroup;
  /** The scripts that its requests name, each with a turn at which it comes. */
  readonly scripts: readonly string[];
  /** Share of the bare server's requests a second that is wanted. */
  readonly target?: number;
  /** The next request; undefined when the people for it are used up. */
  request(turn: Turn): BenchRequest | undefined;
}

/** A person who is chosen without order, but the same one for the same sequence on either side. */
export function anybody({ people }: BenchTenant, sequence: number): number {
  let hash = Math.imul(sequence + 1, 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % people;
}

/** Shares of the people of the fresh tenant, so that operations do not change each other's. */
const shares = {
  'patch-active': [0, 0.1],
  'patch-five': [0.1, 0.2],
  'patch-five-flagged': [0.2, 0.3],
  put: [0.3, 0.4],
  mix: [0.4, 0.5],
  delete: [0.5, 1],
} as const;

export type Share = keyof typeof shares;

/** The person of a turn, each side every second one, and how often the share was gone through before. */
export function ownPerson(
  share: Share,
  { world, side, sequence }: Turn,
): { readonly person: number; readonly pass: number } {
  const { people } = world.scratch;
  const [from, to] = shares[share];
  const first = Math.ceil(people * from);
  const size = Math.max(1, Math.floor((Math.floor(people * to) - first) / 2));
  return { person: first + 2 * (sequence % size) + (side === 'ours' ? 0 : 1), pass: Math.floor(sequence / size) };
}

/** A name that nobody has yet. */
export function newName({ side, sequence }: Turn, letters: { readonly ours: string; readonly bare: string }): string {
  return nameOf(letters[side], sequence);
}
