import { describe, expect, it } from '@jest/globals';
import { batches, placeholders } from './batches.js';

describe(batches.name, () => {
  it.each([
    [0, []],
    [1, [1]],
    [2, [20]],
    [21, [100]],
    [500, [500]],
    [501, [500, 1]],
    [1120, [500, 500, 500]],
  ])('should divide %p values into batches of a few sizes: %p', (count, sizes) => {
    const values = Array.from({ length: count }, (_, index) => index);
    const divided = batches(values);
    expect(divided.map(({ length }) => length)).toEqual(sizes);
    expect([...new Set(divided.flat())]).toEqual(values);
    expect(
      divided
        .flat()
        .slice(count)
        .every((value) => value === count - 1),
    ).toBe(true);
  });
});

describe(placeholders.name, () => {
  it('should be one for each value', () => {
    expect(placeholders(['a', 'b', 'c'])).toBe('(?, ?, ?)');
  });
});
