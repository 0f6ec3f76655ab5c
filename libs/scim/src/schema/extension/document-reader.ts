import { isObject } from '../../resource/resource.js';
import { asciiLowerCase } from '../attribute-name.js';
import { isWellFormed } from '../well-formed.js';
import type { SchemaIssues } from './schema-issues.js';

/** A JSON object at a place of the document; null says "left out", as everywhere in SCIM (RFC 7643 section 2.5). */
export class DocumentReader {
  private constructor(
    private readonly object: Readonly<Record<string, unknown>>,
    readonly path: string,
    readonly issues: SchemaIssues,
  ) {}

  /** The reader of a value that must be an object with no other members than `known`; else undefined and an issue. */
  static of(value: unknown, path: string, issues: SchemaIssues, known: readonly string[]): DocumentReader | undefined {
    if (!isObject(value)) {
      issues.add(path === '' ? 'schema' : path, 'must be an object');
      return undefined;
    }
    const reader = new DocumentReader(value, path, issues);
    reader.nameUnknown(known);
    return reader;
  }

  /** Where a member stands in the document. */
  at(member: string): string {
    return this.path === '' ? member : `${this.path}.${member}`;
  }

  add(member: string, problem: string): void {
    this.issues.add(this.at(member), problem);
  }

  get(member: string): unknown {
    const value = Object.hasOwn(this.object, member) ? this.object[member] : undefined;
    return value === null ? undefined : value;
  }

  boolean(member: string, otherwise: boolean): boolean {
    const value = this.get(member) ?? otherwise;
    if (typeof value !== 'boolean') {
      this.add(member, 'must be true or false');
      return otherwise;
    }
    return value;
  }

  oneOf<T extends string>(member: string, values: readonly T[], otherwise: T): T {
    const value = this.get(member) ?? otherwise;
    const known = values.find((each) => each === value);
    if (known === undefined) {
      this.add(member, `must be one of ${values.join(', ')}`);
    }
    return known ?? otherwise;
  }

  /** A text for people: without control characters other than line ends and tabs. */
  text(member: string, longest: number): string | undefined {
    const value = this.get(member);
    if (value === undefined) {
      return undefined;
    }
    const problem = typeof value === 'string' ? textProblem(value, longest) : 'must be a string';
    if (problem !== undefined) {
      this.add(member, problem);
    }
    return typeof value === 'string' ? value : undefined;
  }

  list(member: string): readonly unknown[] | undefined {
    const value = this.get(member);
    if (value !== undefined && !Array.isArray(value)) {
      this.add(member, 'must be a list');
      return undefined;
    }
    return value;
  }

  /** A misspelt member would silently be a default: `multivalued` would make a single value. */
  private nameUnknown(known: readonly string[]): void {
    for (const member of Object.keys(this.object).filter((each) => !known.includes(each))) {
      const meant = known.find((each) => asciiLowerCase(each) === asciiLowerCase(member));
      const name = member.length > 64 ? `${member.slice(0, 64)}…` : member;
      this.add(name, meant === undefined ? 'is no member that RFC 7643 section 7 knows' : `must be spelled ${meant}`);
    }
  }
}

/** What is wrong with a text for people; undefined when nothing is. */
export function textProblem(text: string, longest: number): string | undefined {
  if (text.length > longest) {
    return `must not be longer than ${longest} characters`;
  }
  const isControl = (code: number): boolean => code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d;
  const hasControl = [...text].some((character) => isControl(character.codePointAt(0) ?? 0));
  return hasControl || !isWellFormed(text) ? 'must not contain control characters or halves of surrogates' : undefined;
}
