import type { Fingerprint, RecipientAction } from '@cleanmail/mailboxes';

const actions: readonly RecipientAction[] = ['accept', 'reject', 'defer', 'hold', 'gone'];
const firstRows = 1024;

/** What is kept of a recipient besides its address. */
export interface StoredRow {
  readonly tenant: number;
  readonly action: RecipientAction;
  readonly walk: number;
  readonly fingerprint: Fingerprint;
}

/** Rows in columns of numbers: 25 bytes a row, and nothing for the garbage collector to walk through. */
export class RecipientRows {
  private tenants = new Uint32Array(firstRows);
  private actions = new Uint8Array(firstRows);
  private walks = new Uint32Array(firstRows);
  private fingerprints = new BigUint64Array(2 * firstRows);
  private readonly free: number[] = [];
  private used = 0;

  get size(): number {
    return this.used - this.free.length;
  }

  add(row: StoredRow): number {
    const index = this.free.pop() ?? this.used++;
    if (index >= this.actions.length) {
      this.grow();
    }
    this.set(index, row);
    return index;
  }

  set(index: number, { tenant, action, walk, fingerprint }: StoredRow): void {
    this.tenants[index] = tenant;
    this.actions[index] = actions.indexOf(action);
    this.walks[index] = walk;
    this.fingerprints.set(fingerprint, 2 * index);
  }

  remove(index: number): void {
    this.free.push(index);
  }

  tenant(index: number): number {
    return this.tenants[index] ?? 0;
  }

  action(index: number): RecipientAction {
    return actions[this.actions[index] ?? 0] ?? 'accept';
  }

  walk(index: number): number {
    return this.walks[index] ?? 0;
  }

  fingerprint(index: number): Fingerprint {
    return [this.fingerprints[2 * index] ?? 0n, this.fingerprints[2 * index + 1] ?? 0n];
  }

  private grow(): void {
    const length = 2 * this.actions.length;
    const larger = {
      tenants: new Uint32Array(length),
      actions: new Uint8Array(length),
      walks: new Uint32Array(length),
      fingerprints: new BigUint64Array(2 * length),
    };
    larger.tenants.set(this.tenants);
    larger.actions.set(this.actions);
    larger.walks.set(this.walks);
    larger.fingerprints.set(this.fingerprints);
    Object.assign(this, larger);
  }
}
