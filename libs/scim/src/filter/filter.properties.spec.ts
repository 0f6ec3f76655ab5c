import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScimError } from '../errors/scim-error.js';
import { userResourceType } from '../schema/resource-types.js';
import type { Filter, FilterLiteral } from './filter.js';
import { matches } from './matches.js';
import { parseFilter } from './parse-filter.js';
import { printFilter } from './print-filter.js';
import { resolveFilter } from './resolve-filter.js';

const RUNS = 20_000;
const WIDE = { length: 1_000_000, nodes: 10_000, depth: 100 };
const path = fc.constantFrom(
  'userName',
  'name.givenName',
  'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.$ref',
  'x-1_y',
);
const operator = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
const literal: fc.Arbitrary<FilterLiteral> = fc.oneof(
  fc
    .string({ unit: 'binary' })
    .filter((text) => !text.includes('\0'))
    .map((text) => ({ kind: 'string', text }) as const),
  fc.constantFrom('true', 'False').map((text) => ({ kind: 'boolean', text }) as const),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .map((number) => ({ kind: 'number', text: JSON.stringify(number) }) as const),
  fc.constantFrom('jyoung', 'a@b.ch', '2011-05-13').map((text) => ({ kind: 'word', text }) as const),
);
const comparison = fc.record({ kind: fc.constant('comparison'), path, operator, literal });
const present = fc.record({ kind: fc.constant('present'), path });

/** Trees as the parser makes them: a chain of one operator is one node. */
const { tree } = fc.letrec<{ tree: Filter; inner: Filter }>((tie) => ({
  inner: fc.oneof(
    { depthSize: 'small' },
    comparison,
    present,
    fc.record({ kind: fc.constant('not'), operand: tie('inner') }),
    fc.record({ kind: fc.constantFrom('and', 'or'), operands: fc.array(tie('inner'), { minLength: 2, maxLength: 4 }) }),
  ),
  tree: fc.oneof(
    { depthSize: 'small' },
    comparison,
    present,
    fc.record({ kind: fc.constant('not'), operand: tie('tree') }),
    fc.record({ kind: fc.constant('valuePath'), path, filter: tie('inner') }),
    fc.record({ kind: fc.constantFrom('and', 'or'), operands: fc.array(tie('tree'), { minLength: 2, maxLength: 4 }) }),
  ),
}));

const fragment = fc.constantFrom(
  'userName', 'eq', 'pr', 'and', 'or', 'not', '(', ')', '[', ']', '"', '\\', '\\u00', ' ', '\n', '.', ':', 'null',
  'true', '1', '-', 'emails', 'type', '"work"', '__proto__', 'constructor', 'toString', '\0', '\ud800', '😀', '\u202e',
  'urn:ietf:params:scim:schemas:core:2.0:User', 'name.givenName', 'active', 'password', 'meta.created',
); // prettier-ignore

const user = { userName: 'anna', active: true, emails: [{ value: 'a@b', type: 'work', primary: true }] };

function run(text: string): void {
  try {
    const result = matches(resolveFilter(parseFilter(text), userResourceType), user);
    if (typeof result !== 'boolean') {
      throw new TypeError('no answer');
    }
  } catch (error) {
    if (!(error instanceof ScimError) || error.scimType !== 'invalidFilter') {
      throw error;
    }
  }
}

describe('filters in general', () => {
  it('should come back from print and parse as the same tree', () => {
    fc.assert(
      fc.property(tree, (filter) => JSON.stringify(parseFilter(printFilter(filter), WIDE)) === JSON.stringify(filter)),
      { numRuns: RUNS },
    );
  });

  it('should never fail but as invalidFilter on junk', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), run), { numRuns: RUNS / 4 });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }), (codes) =>
        run(String.fromCharCode(...codes)),
      ),
      { numRuns: RUNS / 4 },
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 20 }), (parts) => run(parts.join(' '))),
      { numRuns: RUNS / 4 },
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 20 }), (parts) => run(parts.join(''))),
      { numRuns: RUNS / 4 },
    );
  });

  it('should never fail but as invalidFilter on mutated filters', () => {
    fc.assert(
      fc.property(tree, fc.nat(), fc.nat(3), fragment, (filter, at, cut, insert) => {
        const text = printFilter(filter);
        const index = at % (text.length + 1);
        run(text.slice(0, index) + insert + text.slice(index + cut));
      }),
      { numRuns: RUNS },
    );
  });

  it('should obey the laws of logic', () => {
    const leaf = fc.constantFrom('userName eq "ANNA"', 'active eq false', 'emails[type eq "work"]', 'title pr');
    const holds = (text: string): boolean => matches(resolveFilter(parseFilter(text), userResourceType), user);
    fc.assert(
      fc.property(leaf, leaf, (a, b) => {
        expect(holds(`not (not (${a}))`)).toBe(holds(a));
        expect(holds(`not (${a} and ${b})`)).toBe(holds(`not (${a}) or not (${b})`));
        expect(holds(`${a} and ${b}`) && !holds(a)).toBe(false);
      }),
    );
  });
});

describe('filters made to hurt', () => {
  it.each([
    ['parentheses', '('.repeat(10_000)],
    ['not', 'not ('.repeat(10_000)],
    ['an unclosed quote', `userName eq "${'\n'.repeat(10_000)}`],
    ['an unclosed quote with escapes', `userName eq "${'\\n'.repeat(10_000)}`],
    ['or', `a pr${' or a pr'.repeat(5_000)}`],
    ['groups of or', `(a pr or b pr or c pr)${' and (a pr or b pr or c pr)'.repeat(200)}`],
    ['spaces', ' '.repeat(1_000_000)],
    ['a word', `userName eq ${'a'.repeat(1_000_000)}`],
    ['brackets', 'emails['.repeat(10_000)],
    ['dots', `${'a.'.repeat(500_000)} pr`],
  ])('should refuse %s at once, whatever the length limit', (_, text) => {
    for (const limits of [undefined, { length: 2_000_000, nodes: 50, depth: 20 }]) {
      const start = performance.now();
      let outcome: unknown;
      try {
        resolveFilter(parseFilter(text, limits), userResourceType);
      } catch (error) {
        outcome = error;
      }
      const isLongWord = limits !== undefined && text.startsWith('userName eq a');
      expect(outcome).toEqual(isLongWord ? undefined : expect.objectContaining({ scimType: 'invalidFilter' }));
      expect(performance.now() - start).toBeLessThan(3000);
    }
  });
});
