import { describe, expect, it } from '@jest/globals';
import { isLive } from './token.js';

describe(isLive.name, () => {
  it.each([
    [null, null, true],
    [null, 1001, true],
    [null, 1000, false],
    [1001, null, true],
    [1000, null, false],
    [2000, 2000, true],
    [2000, 900, false],
    [900, 2000, false],
  ])('should with revokedAt %s and expiresAt %s at 1000 be %s', (revokedAt, expiresAt, live) => {
    expect(isLive({ revokedAt, expiresAt }, 1000)).toBe(live);
  });
});
