import { matchesElement } from '../filter/matches.js';
import type { ResolvedComparison, ResolvedFilter } from '../filter/resolved-filter.js';
import type { ScimValue } from '../resource/resource.js';
import { isComplex, own } from '../resource/resource.js';
import type { Comparable } from '../schema/comparable.js';
import { comparable } from '../schema/comparable.js';
import type { AttributeDefinition } from '../schema/definition.js';
import { equalityConditions } from './equality-conditions.js';
import type { WorkBudget } from './work-budget.js';

type Index = Map<Comparable | undefined, Set<number>>;

/**
 * The elements of one multi-valued attribute while it is patched. Elements are addressed by slot numbers that stay
 * valid; an index by sub-attribute, made when first asked for, keeps large groups from being searched again and again.
 */
export class ElementList {
  private readonly slots: (ScimValue | undefined)[];
  private readonly indexes = new Map<AttributeDefinition, Index>();

  constructor(
    readonly attribute: AttributeDefinition,
    values: readonly ScimValue[],
    private readonly budget: WorkBudget,
  ) {
    this.slots = [...values];
  }

  /** The elements in order. */
  values(): readonly ScimValue[] {
    return this.slots.filter((value) => value !== undefined);
  }

  /** The element in a slot, or undefined when it was removed. */
  at(slot: number): ScimValue | undefined {
    return this.slots[slot];
  }

  /** All occupied slots, in order. */
  all(): readonly number[] {
    this.budget.spend(this.slots.length);
    return [...this.slots.keys()].filter((slot) => this.slots[slot] !== undefined);
  }

  /** The slots of the elements that satisfy the filter of a value path, in order. */
  select(filter: ResolvedFilter): readonly number[] {
    const [condition] = equalityConditions(filter);
    const candidates = condition === undefined ? this.all() : this.candidates(condition);
    return candidates.filter((slot) => {
      const element = this.slots[slot];
      return element !== undefined && matchesElement(filter, element);
    });
  }

  /** The slots of the elements whose sub-attribute has that comparable value, in order. */
  having(subAttribute: AttributeDefinition, value: Comparable): readonly number[] {
    const found = [...(this.index(subAttribute).get(value) ?? [])];
    this.budget.spend(found.length);
    return found.sort((a, b) => a - b);
  }

  /** The slots of the elements whose sub-attribute counts as equal to that value, in order. */
  havingLike(subAttribute: AttributeDefinition, value: ScimValue | undefined): readonly number[] {
    return value === undefined || typeof value === 'object'
      ? []
      : this.having(subAttribute, comparable(value, subAttribute));
  }

  /** Appends an element and gives its slot. */
  append(element: ScimValue): number {
    const slot = this.slots.push(element) - 1;
    this.enter(slot, element);
    return slot;
  }

  /** Puts another element into an occupied slot, or with undefined empties it. */
  put(slot: number, element: ScimValue | undefined): void {
    const before = this.slots[slot];
    for (const [subAttribute, index] of this.indexes) {
      index.get(keyOf(before, subAttribute))?.delete(slot);
    }
    this.slots[slot] = element;
    if (element !== undefined) {
      this.enter(slot, element);
    }
  }

  private candidates(condition: ResolvedComparison): readonly number[] {
    const { subAttribute } = condition.target;
    return subAttribute === undefined ? this.all() : this.having(subAttribute, condition.value);
  }

  private enter(slot: number, element: ScimValue): void {
    for (const [subAttribute, index] of this.indexes) {
      enterInto(index, keyOf(element, subAttribute), slot);
    }
  }

  private index(subAttribute: AttributeDefinition): Index {
    const known = this.indexes.get(subAttribute);
    if (known !== undefined) {
      return known;
    }
    const index: Index = new Map();
    for (const slot of this.all()) {
      enterInto(index, keyOf(this.slots[slot], subAttribute), slot);
    }
    this.indexes.set(subAttribute, index);
    return index;
  }
}

function enterInto(index: Index, key: Comparable | undefined, slot: number): void {
  const slots = index.get(key);
  if (slots === undefined) {
    index.set(key, new Set([slot]));
  } else {
    slots.add(slot);
  }
}

function keyOf(element: ScimValue | undefined, subAttribute: AttributeDefinition): Comparable | undefined {
  const value = isComplex(element) ? own(element, subAttribute.name) : undefined;
  return value === undefined || typeof value === 'object' ? undefined : comparable(value, subAttribute);
}
