import type { ScimError } from '../errors/scim-error.js';
import { asciiLowerCase } from '../schema/attribute-name.js';
import type { ComparisonOperator, Filter, FilterLimits } from './filter.js';
import { scanLiteral } from './literal.js';
import { Scanner } from './scanner.js';

const OPERATORS = new Map<string, ComparisonOperator>(
  (['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const).map((operator) => [operator, operator]),
);

const RESERVED = new Set(['and', 'or']);

/** A recursive descent over the grammar of RFC 7644 figure 1 that counts nodes and depth as it goes. */
export class FilterParser {
  readonly scanner: Scanner;
  private nodes = 0;
  private depth = 0;

  constructor(
    text: string,
    private readonly limits: FilterLimits,
    private readonly fail: (detail: string) => ScimError,
  ) {
    if (text.length > limits.length) {
      throw fail(`The filter is longer than ${limits.length} characters.`);
    }
    this.scanner = new Scanner(text, fail);
  }

  /** The whole text as one filter. */
  parseAll(): Filter {
    const filter = this.parseOr(true);
    if (!this.scanner.atEnd) {
      throw this.scanner.error('Expected "and", "or" or the end of the filter');
    }
    return filter;
  }

  /** A filter up to something that cannot continue it; `[` may follow an attribute only where `valuePaths` is true. */
  parseOr(valuePaths: boolean): Filter {
    const operands = [this.parseAnd(valuePaths)];
    while (this.skipWord('or')) {
      operands.push(this.parseAnd(valuePaths));
    }
    return this.join('or', operands);
  }

  private parseAnd(valuePaths: boolean): Filter {
    const operands = [this.parseOperand(valuePaths)];
    while (this.skipWord('and')) {
      operands.push(this.parseOperand(valuePaths));
    }
    return this.join('and', operands);
  }

  private parseOperand(valuePaths: boolean): Filter {
    this.scanner.skipSpace();
    if (this.scanner.skip('(')) {
      return this.parseNested(')', valuePaths);
    }
    const start = this.scanner.position;
    const path = this.takePath();
    if (asciiLowerCase(path) === 'not') {
      this.scanner.skipSpace();
      if (!this.scanner.skip('(')) {
        throw this.scanner.error('Expected "(" after "not"');
      }
      return this.node({ kind: 'not', operand: this.parseNested(')', valuePaths) });
    }
    if (this.scanner.current === '[') {
      if (!valuePaths) {
        throw this.scanner.error('A value filter cannot stand inside another');
      }
      this.scanner.next();
      return this.parseValuePath(path);
    }
    if (!this.scanner.skipSpace()) {
      throw this.scanner.error(`Expected an operator after "${excerpt(path)}"`, start + path.length);
    }
    return this.parseExpression(path);
  }

  /** `attr[filter]`, and Entra's `attr[filter].sub op value`, which is both conditions on one element. */
  private parseValuePath(path: string): Filter {
    const filter = this.parseNested(']', false);
    if (this.scanner.skip('.')) {
      const subAttribute = this.takePath();
      if (!this.scanner.skipSpace()) {
        throw this.scanner.error(`Expected an operator after "${excerpt(subAttribute)}"`);
      }
      const both = this.join('and', [filter, this.parseExpression(subAttribute)]);
      return this.node({ kind: 'valuePath', path, filter: both });
    }
    return this.node({ kind: 'valuePath', path, filter });
  }

  private parseNested(closing: ')' | ']', valuePaths: boolean): Filter {
    this.depth += 1;
    if (this.depth > this.limits.depth) {
      throw this.fail(`The filter is nested more than ${this.limits.depth} deep.`);
    }
    const filter = this.parseOr(valuePaths);
    if (!this.scanner.skip(closing)) {
      throw this.scanner.error(`Expected "${closing}"`);
    }
    this.depth -= 1;
    return filter;
  }

  private parseExpression(path: string): Filter {
    const start = this.scanner.position;
    const word = asciiLowerCase(this.scanner.takeName());
    if (word === 'pr') {
      return this.node({ kind: 'present', path });
    }
    const operator = OPERATORS.get(word);
    if (operator === undefined) {
      throw this.scanner.error('Expected one of eq, ne, co, sw, ew, gt, ge, lt, le, pr', start);
    }
    if (!this.scanner.skipSpace()) {
      throw this.scanner.error('A value is missing');
    }
    const literal = scanLiteral(this.scanner);
    if (literal.kind === 'null' && operator !== 'eq' && operator !== 'ne') {
      throw this.scanner.error('null can only be compared with eq and ne', start);
    }
    return this.node({ kind: 'comparison', path, operator, literal });
  }

  private takePath(): string {
    const start = this.scanner.position;
    const path = this.scanner.takeName();
    const first = asciiLowerCase(path[0] ?? '');
    const last = path.at(-1);
    if (
      RESERVED.has(asciiLowerCase(path)) ||
      !((first >= 'a' && first <= 'z') || first === '$' || first === '_') ||
      last === '.' ||
      last === ':'
    ) {
      throw this.scanner.error('Expected an attribute name', start);
    }
    return path;
  }

  /** Steps over a logical operator, with the white space around it; other text is left for the caller. */
  private skipWord(word: 'and' | 'or'): boolean {
    this.scanner.skipSpace();
    const { text, position } = this.scanner;
    const after = text[position + word.length] ?? '';
    if (asciiLowerCase(text.slice(position, position + word.length)) !== word || !' \t\r\n('.includes(after)) {
      return false;
    }
    this.requireGap(text[position - 1] ?? '', position);
    for (let count = 0; count < word.length; count += 1) {
      this.scanner.next();
    }
    if (this.scanner.atEnd) {
      throw this.scanner.error(`A condition is missing after "${word}"`);
    }
    return true;
  }

  private requireGap(before: string, position: number): void {
    if (!' \t\r\n)]'.includes(before)) {
      throw this.scanner.error('Expected a space', position);
    }
  }

  private join(kind: 'and' | 'or', operands: readonly Filter[]): Filter {
    const [only, ...others] = operands;
    return only !== undefined && others.length === 0 ? only : this.node({ kind, operands });
  }

  private node(filter: Filter): Filter {
    this.nodes += 1;
    if (this.nodes > this.limits.nodes) {
      throw this.fail(`The filter has more than ${this.limits.nodes} conditions.`);
    }
    return filter;
  }
}

function excerpt(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
