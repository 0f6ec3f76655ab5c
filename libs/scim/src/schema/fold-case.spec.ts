import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareCodePoints, foldCase } from './fold-case.js';

describe(foldCase.name, () => {
  it.each([
    ['Anna.Meier@Contoso.CH', 'anna.meier@contoso.ch'],
    ['MÜLLER', 'müller'],
    ['Mu\u0308ller', 'müller'],
    ['ΣΑΣ', 'σασ'],
    ['ς', 'Σ'],
    ['\u212A', 'k'],
    ['\u1E9E', 'ß'],
    ['\u01C5', '\u01C6'],
    ['𐐀', '𐐨'],
    ['ᾼ', 'ᾳ'],
  ])('should make %p and %p one', (a, b) => {
    expect(foldCase(a)).toBe(foldCase(b));
  });

  it.each([
    ['ß', 'ss'],
    ['é', 'e'],
    ['\u0131', 'i'],
    ['\u0130', 'i'],
    ['bob', 'bob '],
    ['ﬁ', 'fi'],
  ])('should keep %p and %p apart', (a, b) => {
    expect(foldCase(a)).not.toBe(foldCase(b));
  });

  it('should be idempotent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => foldCase(foldCase(text)) === foldCase(text)),
      { numRuns: 5000 },
    );
  });

  it('should not depend on the form in which accents are encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => foldCase(text.normalize('NFD')) === foldCase(text)),
      { numRuns: 2000 },
    );
  });
});

describe(compareCodePoints.name, () => {
  it.each([
    ['a', 'b'],
    ['a', 'aa'],
    ['', 'a'],
    ['\uFF5E', '😀'],
    ['z', 'é'],
  ])('should order %p before %p', (a, b) => {
    expect(compareCodePoints(a, b)).toBeLessThan(0);
    expect(compareCodePoints(b, a)).toBeGreaterThan(0);
  });

  it('should order as UTF-8 bytes do', () => {
    const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(bytes(a), bytes(b)));
      }),
    );
  });
});
