import { differences, mappedAttributes, readAttribute, type UserState } from './attributes.js';
import type { JsonObject } from './json.js';
import type { Person } from './people.js';

/** `unknown`: a POST or DELETE got no answer, so the user may exist or not. */
export type Presence = 'absent' | 'unknown' | 'present';

/** What the simulator knows of one user of the target. */
export class LedgerEntry {
  id: string | undefined;
  presence: Presence = 'absent';
  /** The acknowledged state first, then what a write without an answer may have made of it. */
  private states: readonly UserState[];

  constructor(readonly person: Person) {
    this.states = [person.joined];
  }

  /** The state that the last acknowledged write left. */
  get state(): UserState {
    return this.states[0] ?? this.person.joined;
  }

  /** Takes over the target's id of this user. */
  link(id: string): void {
    this.id = id;
    this.presence = 'present';
  }

  /** Takes over a user that was there before this run, with what this run does not send. */
  adopt(resource: JsonObject): void {
    this.link(String(resource['id']));
    const found = mappedAttributes.flatMap((path) => {
      const value = readAttribute(resource, path);
      return this.state[path] === undefined && typeof value === 'string' ? [[path, value]] : [];
    });
    this.states = [{ ...this.state, ...(Object.fromEntries(found) as UserState) }];
  }

  /** A copy of this entry as a successful change would leave it. */
  after(change: UserState): LedgerEntry {
    const copy = new LedgerEntry(this.person);
    copy.id = this.id;
    copy.states = this.states.map((state) => ({ ...state, ...change }));
    return copy;
  }

  /** A write was answered with success: the change holds for certain. */
  acknowledge(change: UserState): void {
    this.states = this.after(change).states;
  }

  /** A write got no answer or a 5xx: the change may hold. */
  doubt(change: UserState): void {
    this.states = [...this.states, ...this.after(change).states].slice(0, 64);
  }

  /** How a resource differs from what it must be; empty when it is one of the possible states. */
  differences(resource: JsonObject): readonly string[] {
    const [certain = [], ...possible] = this.states.map((state) => differences(state, resource));
    const wrongId =
      this.id !== undefined && resource['id'] !== this.id ? [`id is ${String(resource['id'])}, not ${this.id}`] : [];
    return possible.some((found) => found.length === 0) ? wrongId : [...wrongId, ...certain];
  }
}

/** All users of a run, in the order of the people. */
export class Ledger {
  readonly entries: readonly LedgerEntry[];

  constructor(people: readonly Person[]) {
    this.entries = people.map((person) => new LedgerEntry(person));
  }

  /** Users with a known id that were not deleted. */
  linked(): readonly LedgerEntry[] {
    return this.entries.filter((entry) => entry.id !== undefined && entry.presence === 'present');
  }

  /** Every n-th linked user from `offset`; at least one when there is any. */
  sample(every: number, offset: number): readonly LedgerEntry[] {
    const linked = this.linked();
    const chosen = linked.filter((_, position) => position % every === offset);
    return chosen.length > 0 ? chosen : linked.slice(-1);
  }
}
