import type { AttributeType, ResourceType } from '@cleanmail/scim';
import fc from 'fast-check';
import { type ElementTarget, type FilterTarget, filterTargets, operatorsOf } from './filter-targets.js';
import { common, decimals, instants, integers, texts } from './random-resources.js';

/** Texts and instants of the resources themselves, which no generator can know. */
export interface KnownValues {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly instants: readonly string[];
}

/** A literal of a type as the text of a filter. */
export function literal(type: AttributeType, known: KnownValues): fc.Arbitrary<string> {
  switch (type) {
    case 'boolean':
      return fc.constantFrom('true', 'false', 'True', '"False"');
    case 'integer':
      return fc.constantFrom(...integers, 1.5, 1e2).map(String);
    case 'decimal':
      return fc.constantFrom(...decimals).map(String);
    case 'dateTime':
      return fc.constantFrom(...instants, ...known.instants).map((text) => JSON.stringify(text));
    case 'string':
    case 'reference':
    case 'binary':
    case 'complex':
      return fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom<string>(...common, ...common, ...common, ...texts, '', 'YWJj', 'yw', 'user') },
        { weight: 1, arbitrary: fc.constantFrom(...known.ids, ...known.names) },
      ).map((text) => JSON.stringify(text)); // prettier-ignore
  }
}

/**
 * Filters over every attribute of a resource type, as text: comparisons of all types, presence, value paths, and, or
 * and not nested in each other.
 */
export function randomFilter(resourceType: ResourceType, known: KnownValues): fc.Arbitrary<string> {
  const { simple, complex, elements } = filterTargets(resourceType);
  const often = simple.filter(({ path }) => /^(emails|members|groups|userName|displayName)/.test(path));
  const oftenElements = elements.filter(({ path }) => /^(emails|members|groups)$/.test(path));
  const leaf = fc.oneof(
    { weight: 4, arbitrary: comparison(simple, known) },
    { weight: 4, arbitrary: comparison(often, known) },
    { weight: 1, arbitrary: fc.constantFrom(...simple, ...complex).map(({ path }) => `${path} pr`) },
    { weight: 2, arbitrary: valuePath(elements, known) },
    { weight: oftenElements.length === 0 ? 0 : 3, arbitrary: valuePath(oftenElements, known) },
  );
  return combined(leaf);
}

function comparison(targets: readonly FilterTarget[], known: KnownValues): fc.Arbitrary<string> {
  return fc.constantFrom(...targets).chain(({ path, type }) =>
    fc.oneof(
      { weight: 9, arbitrary: fc.tuple(fc.constant(path), fc.constantFrom(...operatorsOf[type]), literal(type, known)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant(path), fc.constantFrom('eq', 'ne'), fc.constant('null')) },
    ),
  ).map((words) => words.join(' ')); // prettier-ignore
}

function valuePath(targets: readonly ElementTarget[], known: KnownValues): fc.Arbitrary<string> {
  return fc.constantFrom(...targets).chain(({ path, parts }) => {
    const present = fc.constantFrom(...parts).map((part) => `${part.path} pr`);
    const inner = combined(fc.oneof({ weight: 5, arbitrary: comparison(parts, known) }, { weight: 1, arbitrary: present }));
    return inner.map((filter) => `${path}[${filter}]`);
  }); // prettier-ignore
}

function combined(leaf: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', maxDepth: 5 },
      { weight: 3, arbitrary: leaf },
      { weight: 1, arbitrary: tie('tree').map((operand) => `not (${operand})`) },
      {
        weight: 2,
        arbitrary: fc.tuple(tie('tree'), fc.constantFrom('and', 'or'), tie('tree')).map(([a, word, b]) => `(${a}) ${word} (${b})`),
      },
    ),
  })).tree; // prettier-ignore
}
