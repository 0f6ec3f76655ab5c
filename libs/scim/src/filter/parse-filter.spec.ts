import { describe, expect, it } from '@jest/globals';
import { ScimError } from '../errors/scim-error.js';
import { parseFilter } from './parse-filter.js';
import { printFilter } from './print-filter.js';

function failure(text: string): ScimError {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof ScimError) {
      return error;
    }
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe(parseFilter.name, () => {
  it.each([
    ['userName eq "a"', 'userName eq "a"'],
    ['  USERNAME   EQ   "a"  ', 'USERNAME eq "a"'],
    ['externalId eq jyoung', 'externalId eq jyoung'],
    ['userName sw O', 'userName sw O'],
    ['active eq True', 'active eq True'],
    ['x eq -1.5e+3', 'x eq -1.5e+3'],
    ['x eq null', 'x eq null'],
    ['title pr', 'title pr'],
    ['a pr and b pr or c pr', 'a pr and b pr or c pr'],
    ['a pr and (b pr or c pr)', 'a pr and (b pr or c pr)'],
    ['(a pr and b pr) or c pr', 'a pr and b pr or c pr'],
    ['((a pr))', 'a pr'],
    ['not (a pr)', 'not (a pr)'],
    ['NOT(a pr)AND(b pr)', 'not (a pr) and b pr'],
    ['not (a pr) and b pr or c pr', 'not (a pr) and b pr or c pr'],
    ['emails[type eq "work"]', 'emails[type eq "work"]'],
    ['emails[type eq "work" and value co "@x"]', 'emails[type eq "work" and value co "@x"]'],
    ['emails[type eq "work"].value eq "x"', 'emails[type eq "work" and value eq "x"]'],
    ['emails[type eq "a" or type eq "b"].value pr', 'emails[(type eq "a" or type eq "b") and value pr]'],
    ['urn:a:2.0:User:manager.value eq "1"', 'urn:a:2.0:User:manager.value eq "1"'],
    ['members.$ref pr', 'members.$ref pr'],
    ['order eq 1 and android eq 2', 'order eq 1 and android eq 2'],
    ['a eq "x)" and b eq "]"', 'a eq "x)" and b eq "]"'],
  ])('should parse %s', (text, printed) => {
    expect(printFilter(parseFilter(text))).toBe(printed);
  });

  it.each([
    ['"a\\"b"', 'a"b'],
    ['"\\u0041\\\\\\/\\b\\f\\n\\r\\t"', 'A\\/\b\f\n\r\t'],
    ['"\\uD83D\\uDE00"', '😀'],
    ['"😀"', '😀'],
    ['""', ''],
  ])('should unescape %s', (text, value) => {
    expect(parseFilter(`userName eq ${text}`)).toMatchObject({ literal: { kind: 'string', text: value } });
  });

  it.each([
    ['true', 'boolean'],
    ['FALSE', 'boolean'],
    ['NULL', 'null'],
    ['12', 'number'],
    ['-0.5', 'number'],
    ['1E9', 'number'],
    ['012', 'word'],
    ['1.', 'word'],
    ['1e', 'word'],
    ['truer', 'word'],
    ['a@b.ch', 'word'],
  ])('should read the value %s as %s', (text, kind) => {
    expect(parseFilter(`x eq ${text}`)).toMatchObject({ literal: { kind, text } });
  });

  it.each([
    ['', '1'],
    ['   ', '4'],
    ['userName', '9'],
    ['userName eq', '12'],
    ['userName eq ', '13'],
    ['userName xx "a"', '10'],
    ['userName eq "a', '13'],
    ['userName eq "a" and', '20'],
    ['userName eq "a" or or b pr', '20'],
    ['userName eq and', '13'],
    ['userName eq "a"and b pr', '16'],
    ['userName eq "a" b pr', '17'],
    ['(a pr', '6'],
    ['a pr)', '5'],
    ['not a pr', '5'],
    ['emails[type eq "work"', '22'],
    ['emails[type eq "work"].', '24'],
    ['emails[type eq "work"] eq "x"', '24'],
    ['emails[type[a pr]]', '12'],
    ['emails[]', '8'],
    ['"a" eq "b"', '1'],
    ['1a eq "b"', '1'],
    ['a. eq "b"', '1'],
    ['x eq "\\x"', '7'],
    ['x eq "\\u12"', '7'],
    ['x eq "\\ud800"', '6'],
    ['x eq "\\udc00\\ud800"', '6'],
    ['x eq "a\u0000"', '8'],
    ['x eq "\\u0000"', '6'],
    ['x eq "a\nb"', '8'],
    ['x gt null', '3'],
    ['😀 eq "a"', '1'],
    ['x eq "😀" y', '10'],
    ['x eq "\ud800"', '6'],
    ["' OR 1=1", '1'],
    ['x eq a; drop', '9'],
    ["x eq 'a'", '6'],
  ])('should refuse %p at character %s', (text, position) => {
    const error = failure(text);
    expect(error.scimType).toBe('invalidFilter');
    expect(error.detail).toMatch(new RegExp(`at character ${position}( \\(the end\\))?\\.$`));
  });

  it('should accept up to 50 conditions and refuse more', () => {
    const chain = (count: number): string => Array.from({ length: count }, () => 'a pr').join(' or ');
    expect(parseFilter(chain(49))).toMatchObject({ kind: 'or' });
    expect(failure(chain(50)).detail).toContain('more than 50');
  });

  it('should accept a depth of 20 and refuse more', () => {
    const nest = (depth: number): string => `${'('.repeat(depth)}a pr${')'.repeat(depth)}`;
    expect(parseFilter(nest(20))).toEqual({ kind: 'present', path: 'a' });
    expect(failure(nest(21)).detail).toContain('20 deep');
  });

  it('should take other limits', () => {
    expect(() => parseFilter('a pr and b pr', { length: 100, nodes: 2, depth: 1 })).toThrow(ScimError);
  });
});
