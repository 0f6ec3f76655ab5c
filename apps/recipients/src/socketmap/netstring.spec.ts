import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { netstring, NetstringError, NetstringReader } from './netstring.js';

const longest = 10_000;
const readAll = (chunks: readonly Buffer[]): readonly string[] => {
  const reader = new NetstringReader(longest);
  return chunks.flatMap((chunk) => [...reader.read(chunk)].map(String));
};

describe(NetstringReader.name, () => {
  it('should read what was written, wherever the stream is cut', () => {
    const payloads = fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { maxLength: 8 });
    const cuts = fc.array(fc.nat(), { maxLength: 10 });
    fc.assert(
      fc.property(payloads, cuts, (texts, places) => {
        const bytes = Buffer.from(texts.map(netstring).join(''));
        const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(readAll(chunks)).toEqual(texts);
      }),
    );
  });

  it('should never fail with anything but its own error, and keep no more than one request', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 })), (chunks) => {
        const reader = new NetstringReader(20);
        try {
          for (const chunk of chunks)
            expect([...reader.read(Buffer.from(chunk))].every(({ length }) => length <= 20)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(NetstringError);
        }
      }),
    );
  });

  it.each([
    ['no length', ':,'],
    ['letters for a length', 'abc'],
    ['a negative length', '-1:,'],
    ['a leading zero', '05:hello,'],
    ['another end than a comma', '5:hello;'],
    ['more than announced', '4:hello,'],
    ['a length above the limit', `${longest + 1}:`],
    ['digits without end', '9'.repeat(500)],
    ['a blank before the length', ' 5:hello,'],
  ])('should refuse %s', (_what, text) => {
    expect(() => readAll([Buffer.from(text)])).toThrow(NetstringError);
  });

  it('should hand out what came before the malformed one', () => {
    const read = new NetstringReader(longest).read(Buffer.from('1:a,x'));
    expect(String(read.next().value)).toBe('a');
    expect(() => read.next()).toThrow(NetstringError);
  });
});
