import { describe, expect, it } from '@jest/globals';
import { CursorSeal } from './cursor-seal.js';

describe(CursorSeal.name, () => {
  const seal = new CursorSeal('a secret');
  const cursor = seal.seal('content ä', 'context');

  it('should open what it sealed, on any node with the same secret', () => {
    expect(new CursorSeal('a secret').open(cursor, 'context')).toBe('content ä');
  });

  it('should use characters that a URL need not escape, and tell nothing of the content', () => {
    const long = seal.seal('x'.repeat(500), 'context');
    expect(long).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(Buffer.from(long, 'base64url').toString('latin1')).not.toContain('xxxx');
  });

  it('should seal the same content differently each time', () => {
    expect(seal.seal('content ä', 'context')).not.toBe(cursor);
  });

  it('should not open another context, or with another secret', () => {
    expect(seal.open(cursor, 'contexT')).toBeUndefined();
    expect(new CursorSeal('b secret').open(cursor, 'context')).toBeUndefined();
  });

  it('should not open a cursor of which any character was changed, taken away or added', () => {
    for (let index = 0; index < cursor.length; index += 1) {
      const other = cursor[index] === 'A' ? 'B' : 'A';
      expect(seal.open(`${cursor.slice(0, index)}${other}${cursor.slice(index + 1)}`, 'context')).toBeUndefined();
      expect(seal.open(cursor.slice(0, index), 'context')).toBeUndefined();
    }
    for (const added of ['A', '=', ' ', '.', '\0', '%']) expect(seal.open(cursor + added, 'context')).toBeUndefined();
  });
});
