import { ScimError } from '../errors/scim-error.js';
import { MESSAGE_URNS } from '../messages/message-urns.js';
import { bulkIdInPath, type BulkOperation } from './bulk-operation.js';
import {
  additionsOf,
  type BulkElement,
  findReferences,
  resolveReferences,
  withoutElements,
} from './bulk-references.js';
import type { BulkRequest } from './bulk-request.js';
import { type BulkOutcome, type BulkResponse, bulkResponse } from './bulk-response.js';
import { type BulkStep, planBulk } from './plan-bulk.js';

/** An operation whose references have been replaced by ids. */
export type ResolvedOperation = Pick<BulkOperation, 'method' | 'path' | 'version' | 'data'>;

/** Carries out the operations of {@link runBulk}; no method throws. */
export interface BulkPerformer {
  perform(operation: ResolvedOperation): Promise<BulkOutcome>;
  /** So many operations that follow each other are carried out together at the most. */
  readonly mostTogether: number;
  mayGoTogether(operation: BulkOperation): boolean;
  /** Carries out all of some operations, which go together, or none of them: undefined. */
  performTogether(operations: readonly ResolvedOperation[]): Promise<readonly BulkOutcome[] | undefined>;
  /** Takes note of an operation that is not attempted. */
  refuse(operation: ResolvedOperation, error: ScimError): Promise<BulkOutcome>;
}

/**
 * Carries out a bulk request (RFC 7644 section 3.7), one operation after the other in the order of the plan, until
 * there are as many errors as the client accepts. Some that follow each other may go together, as long as all succeed.
 */
export async function runBulk(request: BulkRequest, performer: BulkPerformer): Promise<BulkResponse> {
  const run = new BulkRun(request, performer);
  const steps = planBulk(request.operations);
  for (let next = 0; next < steps.length && !run.hasEnded;) {
    const group = run.groupAt(steps, next);
    if (group.length < 2 || !(await run.takeTogether(group))) {
      await run.takeEach(steps.slice(next, next + Math.max(1, group.length)));
    }
    next += Math.max(1, group.length);
  }
  await run.end();
  return bulkResponse(request.operations, run.outcomes);
}

/** A resource that was created without some of its elements. */
interface Incomplete {
  readonly operation: BulkOperation;
  readonly elements: readonly BulkElement[];
  readonly id: string;
  readonly location: string;
}

/** An operation that can be carried out as it stands, with the step that it belongs to. */
interface Ready {
  readonly step: PerformStep;
  readonly operation: BulkOperation;
  readonly resolved: ResolvedOperation;
}

type PerformStep = Extract<BulkStep, { kind: 'perform' }>;

class BulkRun {
  readonly outcomes = new Map<number, BulkOutcome>();
  private readonly ids = new Map<string, string>();
  private readonly incomplete = new Map<number, Incomplete>();
  private readonly idOf = (bulkId: string): string | undefined => this.ids.get(bulkId);

  constructor(
    private readonly request: BulkRequest,
    private readonly performer: BulkPerformer,
  ) {}

  /** Whether there are as many errors as the client accepts. */
  get hasEnded(): boolean {
    const { failOnErrors = Number.POSITIVE_INFINITY } = this.request;
    return [...this.outcomes.values()].filter((outcome) => 'error' in outcome).length >= failOnErrors;
  }

  /** The operations from a step on that may go together: each can be carried out before any of them has been. */
  groupAt(steps: readonly BulkStep[], start: number): readonly Ready[] {
    const group: Ready[] = [];
    for (const step of steps.slice(start, start + this.performer.mostTogether)) {
      const ready = this.readyAt(step);
      if (ready === undefined || !this.performer.mayGoTogether(ready.operation)) {
        break;
      }
      group.push(ready);
    }
    return group;
  }

  /** Answers whether all of them were carried out; else none was. */
  async takeTogether(group: readonly Ready[]): Promise<boolean> {
    const outcomes = await this.performer.performTogether(group.map(({ resolved }) => resolved));
    for (const [index, outcome] of (outcomes ?? []).entries()) {
      const ready = group[index];
      if (ready !== undefined) {
        this.note(ready.step, ready.operation, outcome);
      }
    }
    return outcomes !== undefined;
  }

  async takeEach(steps: readonly BulkStep[]): Promise<void> {
    for (const step of steps) {
      if (!this.hasEnded) {
        await this.take(step);
      }
    }
  }

  private async take(step: BulkStep): Promise<void> {
    const operation = this.request.operations[step.index];
    if (operation === undefined) {
      return;
    }
    if (step.kind === 'complete') {
      await this.complete(step.index);
      return;
    }
    this.note(step, operation, await this.outcomeOf(operation, step));
  }

  private note(step: PerformStep, operation: BulkOperation, outcome: BulkOutcome): void {
    this.outcomes.set(step.index, outcome);
    if ('id' in outcome && operation.method === 'POST' && operation.bulkId !== undefined) {
      this.ids.set(operation.bulkId, outcome.id);
      if (step.postponed.length > 0) {
        const { id, location } = outcome;
        this.incomplete.set(step.index, { operation, elements: step.postponed, id, location });
      }
    }
  }

  /** What has been created and will not be completed any more is told as what it is. */
  async end(): Promise<void> {
    for (const [index, { operation, id, location }] of this.incomplete) {
      const error = ScimError.conflict(
        'The resource was created without its references to other resources of the request, which ended before them.',
      );
      await this.performer.refuse(completionOf(operation, id, undefined), error);
      this.outcomes.set(index, { error, location });
    }
  }

  private async outcomeOf(operation: BulkOperation, step: PerformStep): Promise<BulkOutcome> {
    const resolved = step.refusal ?? this.resolve(operation, step);
    return resolved instanceof ScimError
      ? this.performer.refuse(operation, resolved)
      : this.performer.perform(resolved);
  }

  private readyAt(step: BulkStep): Ready | undefined {
    const operation = this.request.operations[step.index];
    if (operation === undefined || step.kind === 'complete' || step.refusal !== undefined) {
      return undefined;
    }
    const resolved = this.resolve(operation, step);
    return resolved instanceof ScimError ? undefined : { step, operation, resolved };
  }

  /** The operation with the ids that it refers to; an error when one of them is not there. */
  private resolve(operation: BulkOperation, { postponed }: PerformStep): ResolvedOperation | ScimError {
    const data = withoutElements(operation.data, postponed);
    const inPath = operation.method === 'POST' ? undefined : bulkIdInPath(operation.path);
    const named = [
      ...(inPath === undefined ? [] : [inPath.bulkId]),
      ...findReferences(data).map(({ bulkId }) => bulkId),
    ];
    const failed = named.find((bulkId) => !this.ids.has(bulkId));
    if (failed !== undefined) {
      return unresolved([failed]);
    }
    const path = inPath === undefined ? operation.path : `${inPath.before}${this.idOf(inPath.bulkId) ?? ''}`;
    return { ...operation, path, data: resolveReferences(data, this.idOf) };
  }

  /** Adds what a creation had to leave out; what refers to nothing that exists stays out and is told. */
  private async complete(index: number): Promise<void> {
    const incomplete = this.incomplete.get(index);
    if (incomplete === undefined) {
      return;
    }
    this.incomplete.delete(index);
    const { operation, elements, id, location } = incomplete;
    const failed = findReferences(operation.data).filter(({ bulkId }) => !this.ids.has(bulkId));
    const failedElements = new Set(failed.map(({ element }) => element.key));
    const additions = additionsOf(
      operation.data,
      elements.filter(({ key }) => !failedElements.has(key)),
    );
    if (additions.length > 0) {
      const data = { schemas: [MESSAGE_URNS.patchOp], Operations: resolveReferences(additions, this.idOf) };
      const outcome = await this.performer.perform(completionOf(operation, id, data));
      this.outcomes.set(index, completed(outcome, location));
    }
    if (failed.length > 0) {
      const error = unresolved(
        failed.map(({ bulkId }) => bulkId),
        'The resource was created without a part of it. ',
      );
      await this.performer.refuse(completionOf(operation, id, undefined), error);
      this.outcomes.set(index, { error, location });
    }
  }
}

function completionOf({ path }: BulkOperation, id: string, data: unknown): ResolvedOperation {
  const separator = path.endsWith('/') ? '' : '/';
  return { method: 'PATCH', path: `${path}${separator}${id}`, ...(data === undefined ? {} : { data }) };
}

/** The client sees its own operation, a creation, with the version that it ended with. */
function completed(outcome: BulkOutcome, location: string): BulkOutcome {
  if ('error' in outcome) {
    const { status, detail, scimType } = outcome.error;
    return {
      error: new ScimError(status, `The resource was created without a part of it. ${detail}`, scimType),
      location,
    };
  }
  return { ...outcome, status: 201, location };
}

function unresolved([bulkId = '']: readonly string[], prefix = ''): ScimError {
  return ScimError.conflict(
    `${prefix}The reference bulkId:${bulkId.slice(0, 64)} cannot be resolved, because the operation that creates it failed.`,
  );
}
