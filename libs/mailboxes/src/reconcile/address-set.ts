import { createHash } from 'node:crypto';

const firstSlots = 1024;

/**
 * Addresses of a list of any length, as 64 bits of a digest each: 16 to 32 bytes an address. Of a million addresses two
 * are taken for one with a probability of 3 in 100 million. A small number may be kept with each.
 */
export class AddressSet {
  private slots = firstSlots;
  private keys = new BigUint64Array(firstSlots);
  private values = new Uint8Array(firstSlots);
  private used = 0;

  get size(): number {
    return this.used;
  }

  /** Adds an address or changes its number, 0 to 254. */
  set(address: string, value = 0): void {
    if (2 * (this.used + 1) > this.slots) {
      this.grow();
    }
    this.put(digestOf(address), value + 1);
  }

  has(address: string): boolean {
    return this.get(address) !== undefined;
  }

  get(address: string): number | undefined {
    const value = this.values[this.slotOf(digestOf(address))] ?? 0;
    return value === 0 ? undefined : value - 1;
  }

  private put(key: bigint, value: number): void {
    const slot = this.slotOf(key);
    this.used += this.values[slot] === 0 ? 1 : 0;
    this.keys[slot] = key;
    this.values[slot] = value;
  }

  private slotOf(key: bigint): number {
    let slot = Number(key & 0xffff_ffffn) % this.slots;
    while (this.values[slot] !== 0 && this.keys[slot] !== key) {
      slot = (slot + 1) % this.slots;
    }
    return slot;
  }

  private grow(): void {
    const [keys, values] = [this.keys, this.values];
    this.slots *= 2;
    this.keys = new BigUint64Array(this.slots);
    this.values = new Uint8Array(this.slots);
    this.used = 0;
    values.forEach((value, slot) => {
      if (value !== 0) {
        this.put(keys[slot] ?? 0n, value);
      }
    });
  }
}

function digestOf(address: string): bigint {
  return createHash('sha1').update(address).digest().readBigUInt64LE(0);
}
