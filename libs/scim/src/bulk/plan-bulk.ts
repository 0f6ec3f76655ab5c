import { ScimError } from '../errors/scim-error.js';
import { equalNames } from '../schema/attribute-name.js';
import { type BulkOperation, bulkIdInPath, pathKey } from './bulk-operation.js';
import { type BulkElement, type BulkReference, findReferences } from './bulk-references.js';
import { cutCircles } from './cut-circles.js';

/** One step of a bulk request: an operation is performed, or what its creation had to leave out is added. */
export type BulkStep =
  | {
      readonly kind: 'perform';
      readonly index: number;
      /** Elements with references to resources that do not exist yet: they are added by the step that completes it. */
      readonly postponed: readonly BulkElement[];
      readonly refusal?: ScimError;
    }
  | { readonly kind: 'complete'; readonly index: number };

/**
 * The order in which the operations of a bulk request are carried out: as they are given, except that one waits for
 * the resources that it refers to, and for earlier operations on its own resource. Where resources refer to each other
 * in a circle (RFC 7644 section 3.7.1) one of them is created without what it cannot refer to yet.
 */
export function planBulk(operations: readonly BulkOperation[]): readonly BulkStep[] {
  return new Planner(operations).plan();
}

/** An operation as it refers to others. */
interface Draft {
  readonly refusal?: ScimError;
  readonly references: readonly BulkReference[];
  readonly inPath?: string | undefined;
}

interface Node extends Draft {
  readonly postponed: ReadonlyMap<string, BulkElement>;
  /** Creations that must have been performed. */
  readonly awaited: Set<number>;
  /** Operations that must be over, completion included. */
  readonly awaitedWhole: Set<number>;
  /** What its completion still waits for. */
  readonly missing: Set<number>;
  isPerformed: boolean;
}

class Planner {
  private readonly creations: ReadonlyMap<string, readonly number[]>;
  private readonly nodes: readonly Node[];
  /** The operations whose data refer to one. */
  private readonly referredBy: readonly (readonly number[])[];
  /** The operations that begin after one is over. */
  private readonly followedBy: readonly (readonly number[])[];
  private readonly steps: BulkStep[] = [];
  private readonly creationIn = ({ bulkId }: BulkReference): number => this.creationOf(bulkId);

  constructor(operations: readonly BulkOperation[]) {
    this.creations = creationsOf(operations);
    const drafts = operations.map((operation) => this.draftOf(operation));
    const dependencies = drafts.map(({ references }) => [...new Set(references.map(this.creationIn))]);
    const cuts = cutCircles(dependencies);
    this.referredBy = reversed(dependencies);
    this.nodes = drafts.map((draft, index) => this.nodeOf(draft, cuts[index] ?? new Set<number>()));
    this.keepOrderOfPaths(operations);
    this.followedBy = reversed(this.nodes.map(({ awaitedWhole }) => [...awaitedWhole]));
  }

  plan(): readonly BulkStep[] {
    let left = this.nodes.length;
    while (left > 0) {
      const ready = this.nodes.findIndex(
        ({ isPerformed, awaited, awaitedWhole }) => !isPerformed && awaited.size === 0 && awaitedWhole.size === 0,
      );
      this.perform(ready);
      left -= 1;
    }
    return this.steps;
  }

  private draftOf(operation: BulkOperation): Draft {
    const references = operation.refusal === undefined ? findReferences(operation.data) : [];
    const inPath = operation.method === 'POST' ? undefined : bulkIdInPath(operation.path)?.bulkId;
    const refusal = operation.refusal ?? this.refusalOf(operation, references, inPath);
    return refusal === undefined ? { references, inPath } : { references: [], refusal };
  }

  private nodeOf(draft: Draft, cuts: ReadonlySet<number>): Node {
    const { references, inPath } = draft;
    const cut = references.filter((reference) => cuts.has(this.creationIn(reference)));
    const postponed = new Map(cut.map(({ element }) => [element.key, element]));
    const awaited = references.filter(({ element }) => !postponed.has(element.key)).map(this.creationIn);
    return {
      ...draft,
      postponed,
      awaited: new Set(awaited),
      awaitedWhole: new Set(inPath === undefined ? [] : [this.creationOf(inPath)]),
      missing: new Set(),
      isPerformed: false,
    };
  }

  /** Operations on one resource keep their order, also when the first of them waits for something else. */
  private keepOrderOfPaths(operations: readonly BulkOperation[]): void {
    const lastOfPath = new Map<string, number>();
    operations.forEach(({ method, path }, index) => {
      const { refusal, awaitedWhole } = this.nodeAt(index);
      if (method !== 'POST' && refusal === undefined) {
        const before = lastOfPath.get(pathKey(path));
        lastOfPath.set(pathKey(path), index);
        if (before !== undefined) {
          awaitedWhole.add(before);
        }
      }
    });
  }

  private refusalOf(
    { method, bulkId = '' }: BulkOperation,
    references: readonly BulkReference[],
    inPath: string | undefined,
  ): ScimError | undefined {
    if (method === 'POST' && (this.creations.get(bulkId)?.length ?? 0) > 1) {
      return ScimError.invalidValue(
        `The bulkId "${short(bulkId)}" is that of several POST operations; each needs its own.`,
      );
    }
    const named = references.map((reference) => reference.bulkId);
    const unknown = [...named, ...(inPath === undefined ? [] : [inPath])].find((name) => !this.creations.has(name));
    if (unknown !== undefined) {
      return ScimError.invalidValue(`No POST operation of this request has the bulkId "${short(unknown)}".`);
    }
    const isOwnMember = references.some(
      (reference) =>
        method === 'POST' && reference.bulkId === bulkId && equalNames(reference.element.attribute, 'members'),
    );
    return isOwnMember ? ScimError.invalidValue('A group cannot be a member of itself.') : undefined;
  }

  private creationOf(bulkId: string): number {
    return this.creations.get(bulkId)?.[0] ?? -1;
  }

  private perform(index: number): void {
    const node = this.nodeAt(index);
    const isMissing = (number: number): boolean => number === index || !this.nodeAt(number).isPerformed;
    const waiting = node.references.filter(
      ({ bulkId, element }) => node.postponed.has(element.key) && isMissing(this.creationOf(bulkId)),
    );
    const postponed = new Map(waiting.map(({ element }) => [element.key, element]));
    waiting.forEach(({ bulkId }) => node.missing.add(this.creationOf(bulkId)));
    node.isPerformed = true;
    const { refusal } = node;
    this.steps.push({
      kind: 'perform',
      index,
      postponed: [...postponed.values()],
      ...(refusal === undefined ? {} : { refusal }),
    });
    if (postponed.size === 0) {
      this.endOf(index);
    }
    for (const number of this.referredBy[index] ?? []) {
      const other = this.nodeAt(number);
      other.awaited.delete(index);
      if (other.missing.delete(index) && other.missing.size === 0) {
        this.steps.push({ kind: 'complete', index: number });
        this.endOf(number);
      }
    }
  }

  private endOf(index: number): void {
    this.followedBy[index]?.forEach((number) => this.nodeAt(number).awaitedWhole.delete(index));
  }

  private nodeAt(index: number): Node {
    const node = this.nodes[index];
    if (node === undefined) {
      throw new RangeError(`There is no operation ${index}.`);
    }
    return node;
  }
}

/** Which POST operations have a bulkId, also those that are refused: what refers to them fails as they do. */
function creationsOf(operations: readonly BulkOperation[]): ReadonlyMap<string, readonly number[]> {
  const creations = new Map<string, number[]>();
  operations.forEach(({ method, bulkId }, index) => {
    if (method === 'POST' && bulkId !== undefined) {
      creations.set(bulkId, [...(creations.get(bulkId) ?? []), index]);
    }
  });
  return creations;
}

function reversed(dependencies: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const dependants = dependencies.map((): number[] => []);
  dependencies.forEach((others, index) => others.forEach((other) => dependants[other]?.push(index)));
  return dependants;
}

function short(bulkId: string): string {
  return bulkId.slice(0, 64);
}
