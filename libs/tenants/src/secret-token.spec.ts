import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { generateToken, isSameSecret, publicIdOf, tokenHash, tokenPrefix } from './secret-token.js';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const format = /^cm_[0-9A-Za-z]{16}[0-9A-Za-z]{43}[0-9A-Za-z]{6}$/;

/** 61 degrees of freedom: a value beyond this comes once in a billion runs from a generator that is fair. */
const mostChiSquare = 144;

function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe(generateToken.name, () => {
  it('should have the published form, with its own public id', () => {
    const { text, publicId } = generateToken();
    expect(text).toMatch(format);
    expect(text.slice(3, 19)).toBe(publicId);
    expect(publicIdOf(text)).toBe(publicId);
  });

  it('should make 100,000 different tokens of evenly distributed characters', () => {
    const counts = new Map([...alphabet].map((character) => [character, 0]));
    const tokens = new Set<string>();
    const publicIds = new Set<string>();
    for (let count = 0; count < 100_000; count += 1) {
      const { text, publicId } = generateToken();
      tokens.add(text);
      publicIds.add(publicId);
      for (const character of text.slice(3, -6)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    expect(tokens.size).toBe(100_000);
    expect(publicIds.size).toBe(100_000);
    expect(counts.size).toBe(62);
    expect(chiSquare([...counts.values()])).toBeLessThan(mostChiSquare);
  });
});

describe(publicIdOf.name, () => {
  const known = 'cm_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

  it('should read a token that was issued once', () => {
    const { text, publicId } = generateToken();
    expect(publicIdOf(text)).toBe(publicId);
  });

  it('should refuse a token with any one character changed', () => {
    const { text } = generateToken();
    for (let index = 0; index < text.length; index += 1) {
      for (const character of ['0', 'A', 'z', '-'].filter((other) => other !== text[index])) {
        expect(publicIdOf(text.slice(0, index) + character + text.slice(index + 1))).toBeUndefined();
      }
    }
  });

  it('should refuse a token with two neighbours swapped', () => {
    const { text } = generateToken();
    for (let index = 0; index + 1 < text.length; index += 1) {
      const swapped = `${text.slice(0, index)}${text[index + 1]}${text[index]}${text.slice(index + 2)}`;
      expect(swapped === text ? undefined : publicIdOf(swapped)).toBeUndefined();
    }
  });

  it.each([
    ['nothing', () => ''],
    ['the prefix alone', () => 'cm_'],
    ['right characters with a wrong checksum', () => `${known}000000`],
    ['a token cut short', (text: string) => text.slice(0, -1)],
    ['a token with something behind', (text: string) => `${text}0`],
    ['a token with a line end', (text: string) => `${text}\n`],
    ['a token with a blank in front', (text: string) => ` ${text}`],
    ['another prefix', (text: string) => `gh_${text.slice(3)}`],
    ['the prefix in upper case', (text: string) => `CM_${text.slice(3)}`],
    ['letters that only look alike', (text: string) => `${text.slice(0, -1)}\uff10`],
    ['8 KiB', () => 'c'.repeat(8192)],
  ])('should refuse %s', (_, change) => {
    expect(publicIdOf(change(generateToken().text))).toBeUndefined();
  });
});

describe(tokenHash.name, () => {
  it('should be HMAC-SHA-256 of the whole token under the pepper', () => {
    const { text } = generateToken();
    expect(tokenHash(text, 'pepper')).toBe(createHmac('sha256', 'pepper').update(text).digest('hex'));
    expect(tokenHash(text, 'pepper')).toHaveLength(64);
  });

  it('should be another one under another pepper', () => {
    const { text } = generateToken();
    expect(tokenHash(text, 'pepper')).not.toBe(tokenHash(text, 'Pepper'));
  });
});

describe(isSameSecret.name, () => {
  it.each([
    ['', '', true],
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'abcd', false],
    ['', 'a', false],
    ['ä', 'a\u0308', false],
    ['é', '\u00c3\u00a9', false],
  ])('should compare %j with %j', (left, right, same) => {
    expect(isSameSecret(left, right)).toBe(same);
  });
});

describe(tokenPrefix.name, () => {
  it('should show half of the public id and nothing of the secret', () => {
    const { text, publicId } = generateToken();
    expect(tokenPrefix(publicId)).toBe(`${text.slice(0, 11)}…`);
  });
});
