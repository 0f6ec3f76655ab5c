import { ScimError } from '../errors/scim-error.js';

const SHOWN = 5;

/** Collects what is wrong with a resource, so that one answer can name all of it. */
export class Issues {
  private readonly found: string[] = [];

  /** How many issues there are so far. */
  get count(): number {
    return this.found.length;
  }

  /** Records that the value at `path` has a problem, in words that continue the path: "must be a string". */
  add(path: string, problem: string): void {
    this.found.push(`${path} ${problem}`);
  }

  /** Throws one ScimError `invalidValue` naming up to five issues, or does nothing when there are none. */
  throwIfAny(): void {
    if (this.found.length === 0) {
      return;
    }
    const shown = this.found.slice(0, SHOWN).join('; ');
    const more = this.found.length > SHOWN ? `; and ${this.found.length - SHOWN} more` : '';
    throw ScimError.invalidValue(`${shown}${more}.`);
  }
}
