import type { GuardBatch } from './guard-batch.js';

/** The tenant has no batch of leavers with this id. */
export class GuardBatchNotFoundError extends Error {
  override readonly name = GuardBatchNotFoundError.name;
  readonly code = 'guard_batch_not_found';

  constructor(id: string) {
    super(`The tenant has no guard batch with the id ${id}.`);
  }
}

/** The batch was decided before; nothing was done. */
export class GuardBatchDecidedError extends Error {
  override readonly name = GuardBatchDecidedError.name;
  readonly code = 'guard_batch_decided';

  constructor({ id, status, decidedAt, decidedBy }: Pick<GuardBatch, 'id' | 'status' | 'decidedAt' | 'decidedBy'>) {
    const when = decidedAt === null ? '' : ` at ${new Date(decidedAt).toISOString()}`;
    super(
      `The guard batch ${id} was ${status} by ${decidedBy ?? 'nobody'}${when} and cannot be decided again. What is left of it is carried out by itself.`,
    );
  }
}
