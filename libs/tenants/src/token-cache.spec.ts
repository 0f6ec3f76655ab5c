import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TokenCache } from './token-cache.js';
import type { PresentedToken } from './token.repository.js';

const token = { id: 'token-1' } as PresentedToken;

describe(TokenCache.name, () => {
  let now = 1_000_000;
  beforeEach(() => {
    jest.spyOn(Date, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  function reader(answer: PresentedToken | undefined = token) {
    return jest.fn(async () => answer);
  }

  it('should read once for requests that come together', async () => {
    const cache = new TokenCache();
    const read = reader();
    const answers = await Promise.all([1, 2, 3].map(() => cache.get('hash', read)));
    expect(answers).toEqual([token, token, token]);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('should read again before a second has passed', async () => {
    const cache = new TokenCache();
    const read = reader();
    await cache.get('hash', read);
    now += 499;
    await cache.get('hash', read);
    expect(read).toHaveBeenCalledTimes(1);
    now += 1;
    await cache.get('hash', read);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('should read again when the clock was set back', async () => {
    const cache = new TokenCache();
    const read = reader();
    await cache.get('hash', read);
    now -= 3_600_000;
    await cache.get('hash', read);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('should keep unknown tokens as well, and hashes apart', async () => {
    const cache = new TokenCache();
    const unknown = reader(undefined);
    await cache.get('other', unknown);
    await cache.get('other', unknown);
    expect(unknown).toHaveBeenCalledTimes(1);
    expect(await cache.get('hash', reader())).toBe(token);
  });

  it('should forget everything at once', async () => {
    const cache = new TokenCache();
    const read = reader();
    await cache.get('hash', read);
    cache.clear();
    await cache.get('hash', read);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('should not keep a failure', async () => {
    const cache = new TokenCache();
    await expect(cache.get('hash', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(await cache.get('hash', reader())).toBe(token);
  });

  it('should stay bounded under a flood of made-up hashes', async () => {
    const cache = new TokenCache();
    const read = reader(undefined);
    for (let count = 0; count < 25_000; count += 1) {
      await cache.get(`hash-${count}`, read);
    }
    expect((cache as unknown as { entries: Map<string, unknown> }).entries.size).toBeLessThanOrEqual(10_000);
  });
});
