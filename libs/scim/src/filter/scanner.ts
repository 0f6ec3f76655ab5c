import type { ScimError } from '../errors/scim-error.js';

const NAME_PUNCTUATION = '_-$.:/%#~';

/**
 * A cursor over the text of a filter or path that moves forward only. `fail` makes the error from a detail; every
 * failure names the 1-based character at which it happened.
 */
export class Scanner {
  private index = 0;

  constructor(
    readonly text: string,
    private readonly fail: (detail: string) => ScimError,
  ) {}

  get position(): number {
    return this.index;
  }

  get atEnd(): boolean {
    return this.index >= this.text.length;
  }

  /** The character under the cursor, or the empty string at the end. */
  get current(): string {
    return this.text[this.index] ?? '';
  }

  /** Moves one code unit forward and gives the one passed. */
  next(): string {
    const character = this.current;
    this.index += 1;
    return character;
  }

  /** Steps over the character when it is the one under the cursor. */
  skip(character: string): boolean {
    if (this.current !== character) {
      return false;
    }
    this.index += 1;
    return true;
  }

  /** Steps over white space and says whether there was any. */
  skipSpace(): boolean {
    const start = this.index;
    while (isSpace(this.current)) {
      this.index += 1;
    }
    return this.index > start;
  }

  /** Takes an attribute path without brackets; empty when none starts here. */
  takeName(): string {
    const start = this.index;
    while (isNameCharacter(this.text.charCodeAt(this.index), this.current)) {
      this.index += 1;
    }
    return this.text.slice(start, this.index);
  }

  /** Takes everything up to white space, a bracket, a parenthesis or a quote. */
  takeWord(): string {
    const start = this.index;
    while (!this.atEnd && !isSpace(this.current) && !'()[]"'.includes(this.current)) {
      this.index += 1;
    }
    return this.text.slice(start, this.index);
  }

  /** The error for what stands under the cursor, or at `index` when given. */
  error(problem: string, index = this.index): ScimError {
    const characters = countCharacters(this.text, index) + 1;
    const where = index >= this.text.length ? `${characters} (the end)` : `${characters}`;
    return this.fail(`${problem} at character ${where}.`);
  }
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\n' || character === '\r';
}

function isNameCharacter(code: number, character: string): boolean {
  const isDigit = code >= 0x30 && code <= 0x39;
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  return isDigit || isLetter || (character !== '' && NAME_PUNCTUATION.includes(character));
}

function countCharacters(text: string, end: number): number {
  let count = 0;
  for (let index = 0; index < end && index < text.length; count += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return count;
}
