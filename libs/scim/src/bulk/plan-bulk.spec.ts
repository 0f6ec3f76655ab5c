import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BulkOperation } from './bulk-operation.js';
import { findReferences } from './bulk-references.js';
import { type BulkStep, planBulk } from './plan-bulk.js';

function group(bulkId: string, ...members: readonly string[]): BulkOperation {
  const data = { displayName: bulkId, members: members.map((member) => ({ value: `bulkId:${member}` })) };
  return { method: 'POST', path: '/Groups', bulkId, data };
}

function user(bulkId: string, manager?: string): BulkOperation {
  const extension = manager === undefined ? {} : { 'urn:x:User': { manager: { value: `bulkId:${manager}` } } };
  return { method: 'POST', path: '/Users', bulkId, data: { userName: bulkId, ...extension } };
}

function on(path: string, ...values: readonly string[]): BulkOperation {
  const Operations = [{ op: 'add', path: 'members', value: values.map((value) => ({ value: `bulkId:${value}` })) }];
  return { method: 'PATCH', path, data: { Operations } };
}

function order(operations: readonly BulkOperation[]): readonly string[] {
  return planBulk(operations).map((step) => {
    const postponed = step.kind === 'perform' ? step.postponed.map(({ key }) => key).join() : '';
    const refused = step.kind === 'perform' && step.refusal !== undefined ? '!' : '';
    return `${step.kind === 'perform' ? '' : '+'}${step.index}${refused}${postponed === '' ? '' : ` without ${postponed}`}`;
  });
}

describe(planBulk.name, () => {
  it.each<[string, readonly BulkOperation[], readonly string[]]>([
    ['nothing that refers to anything', [user('a'), on('/Groups/1'), user('b')], ['0', '1', '2']],
    ['a backward reference', [user('a'), group('g', 'a')], ['0', '1']],
    ['a forward reference', [group('g', 'a'), user('b'), user('a')], ['1', '2', '0']],
    ['a chain', [group('g', 'h'), group('h', 'i'), group('i')], ['2', '1', '0']],
    ['a reference in a path', [on('/Groups/bulkId:g', 'a'), group('g'), user('a')], ['1', '2', '0']],
    ['two on one resource', [on('/Groups/1', 'a'), on('Groups/1/'), user('a')], ['2', '0', '1']],
    ['two groups in a circle', [group('g', 'h'), group('h', 'g')], ['0 without ["members",0]', '1', '+0']],
    [
      'three groups in a circle, and somebody beside it',
      [group('g', 'h', 'u'), group('h', 'i'), group('i', 'g'), user('u')],
      ['3', '0 without ["members",0]', '2', '1', '+0'],
    ],
    [
      'two users who manage each other',
      [user('a', 'b'), user('b', 'a')],
      ['0 without ["urn:x:User","manager"]', '1', '+0'],
    ],
    [
      'a circle with something in between',
      [group('g', 'h'), user('a'), group('h', 'g')],
      ['0 without ["members",0]', '1', '2', '+0'],
    ],
    ['one who manages himself', [user('a', 'a')], ['0 without ["urn:x:User","manager"]', '+0']],
    [
      'a change of what is completed later',
      [group('g', 'h'), on('/Groups/bulkId:g'), group('h', 'g')],
      ['0 without ["members",0]', '2', '+0', '1'],
    ],
    ['what nobody creates', [group('g', 'nobody'), on('/Groups/bulkId:none')], ['0!', '1!']],
    ['a group in itself', [group('g', 'g')], ['0!']],
    ['a bulkId twice', [user('a'), user('a'), group('g', 'a')], ['0!', '1!', '2']],
  ])('should order %s', (_name, operations, expected) => {
    expect(order(operations)).toEqual(expected);
  });

  it('should perform each operation once, when what it refers to is there or postponed', () => {
    fc.assert(
      fc.property(operationsArbitrary, (operations) => expectSound(operations, planBulk(operations))),
      {
        numRuns: 500,
      },
    );
  });

  it('should not take long over a thousand groups that all contain their neighbours', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `g${index}`);
    const near = (index: number) => Array.from({ length: 40 }, (_, step) => `g${(index + step + 1) % 1000}`);
    const operations = names.map((name, index) => group(name, ...near(index)));
    expectSound(operations, planBulk(operations));
  });
});

const operationsArbitrary = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const name = fc.integer({ min: 0, max: size - 1 }).map((number) => `n${number}`);
  return fc
    .array(
      fc.tuple(fc.constantFrom('group', 'user', 'patch', 'patch of new'), fc.array(name, { maxLength: 4 }), name),
      {
        minLength: size,
        maxLength: size,
      },
    )
    .map((drawn) => {
      const made = new Set(drawn.flatMap(([kind], index) => (kind.startsWith('patch') ? [] : [`n${index}`])));
      return drawn.map(([kind, names, target], index) => {
        const known = names.filter((other) => made.has(other) && (kind !== 'group' || other !== `n${index}`));
        switch (kind) {
          case 'group':
            return group(`n${index}`, ...known);
          case 'user':
            return user(`n${index}`, known[0]);
          case 'patch':
          case 'patch of new':
            return on(kind === 'patch' || !made.has(target) ? '/Groups/1' : `/Groups/bulkId:${target}`, ...known);
        }
      });
    });
});

function expectSound(operations: readonly BulkOperation[], steps: readonly BulkStep[]): void {
  const created = new Set<string>();
  const pending = new Map<number, readonly string[]>();
  const performed: number[] = [];
  for (const step of steps) {
    const { bulkId = '', data, path } = operations[step.index] ?? { path: '' };
    if (step.kind === 'complete') {
      expect(pending.get(step.index)?.every((name) => created.has(name))).toBe(true);
      pending.delete(step.index);
      continue;
    }
    const later = new Set(step.postponed.map(({ key }) => key));
    const references = findReferences(data);
    const needed = references.filter(({ element }) => !later.has(element.key)).map((reference) => reference.bulkId);
    const inPath = path.split('bulkId:')[1];
    expect([...needed, ...(inPath === undefined ? [] : [inPath])].filter((name) => !created.has(name))).toEqual([]);
    expect(step.refusal).toBeUndefined();
    performed.push(step.index);
    created.add(bulkId);
    if (later.size > 0) {
      pending.set(
        step.index,
        references.filter(({ element }) => later.has(element.key)).map((reference) => reference.bulkId),
      );
    }
  }
  expect(pending.size).toBe(0);
  expect([...performed].sort((left, right) => left - right)).toEqual(operations.map((_operation, index) => index));
}
