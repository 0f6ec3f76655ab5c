import { describe, expect, it } from '@jest/globals';
import { AddressSet } from './address-set.js';

describe(AddressSet, () => {
  it('should know what was added, with the number that was last kept, however much it grows', () => {
    const set = new AddressSet();
    for (let index = 0; index < 20_000; index += 1) set.set(`u${index}@x.example`, index % 200);
    set.set('u7@x.example', 254);
    expect(set.size).toBe(20_000);
    expect([set.get('u7@x.example'), set.get('u19999@x.example')]).toEqual([254, 19_999 % 200]);
    expect([set.has('u20000@x.example'), set.get('')]).toEqual([false, undefined]);
  });
});
