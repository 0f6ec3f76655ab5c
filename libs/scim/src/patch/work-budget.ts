import { ScimError } from '../errors/scim-error.js';

const MAX_VISITS = 1_500_000;

/** Counts the elements that the value filters of one request look at, so that a request cannot buy hours of work. */
export class WorkBudget {
  private visits = 0;

  /** Adds to the count; above the limit it throws a ScimError `tooMany`. */
  spend(elements: number): void {
    this.visits += elements;
    if (this.visits > MAX_VISITS) {
      throw ScimError.tooMany('The operations select too many elements; send them in several requests.');
    }
  }
}
