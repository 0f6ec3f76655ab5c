import { describe, expect, it } from '@jest/globals';
import { crc32 } from './crc32.js';

describe(crc32.name, () => {
  it.each([
    ['', 0x00000000],
    ['a', 0xe8b7be43],
    ['abc', 0x352441c2],
    ['123456789', 0xcbf43926],
    ['The quick brown fox jumps over the lazy dog', 0x414fa339],
    ['message digest', 0x20159d7f],
    ['abcdefghijklmnopqrstuvwxyz', 0x4c2750bd],
  ])('should be the published value for %j', (text, value) => {
    expect(crc32(Buffer.from(text))).toBe(value);
  });

  it('should be the published value for bytes that are no text', () => {
    expect(crc32(new Uint8Array(32))).toBe(0x190a55ad);
    expect(crc32(new Uint8Array(32).fill(0xff))).toBe(0xff6cab0b);
  });
});
