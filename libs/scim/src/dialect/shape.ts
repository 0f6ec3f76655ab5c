import { isObject } from '../resource/resource.js';

/** Signs lie at the beginning of a request; a body of a mebibyte is not searched for them. */
const MOST_LOOKED_AT = 20;

type Json = Readonly<Record<string, unknown>>;

/** The parts of a body that dialects differ in, read without trusting any of it. */
export interface Shape {
  readonly method: string;
  readonly body: Json;
  /** The texts of `schemas`. */
  readonly schemas: readonly string[];
  /** The operations of a PATCH. */
  readonly operations: readonly Json[];
}

/** The shape of a body; undefined when it is no object. */
export function shapeOf(method: string, body: unknown): Shape | undefined {
  if (!isObject(body)) {
    return undefined;
  }
  return {
    method,
    body,
    schemas: firstOf(member(body, 'schemas')).filter((schema) => typeof schema === 'string'),
    operations: method === 'PATCH' ? firstOf(member(body, 'Operations')).filter(isObject) : [],
  };
}

/** An own member of an object. */
export function member(object: Json, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The first names of an object's members, in the order in which they were sent. */
export function firstKeys(object: Json): readonly string[] {
  return Object.keys(object).slice(0, MOST_LOOKED_AT);
}

/** Whether all characters of a text are of an alphabet. */
export function consistsOf(text: string, alphabet: string): boolean {
  return [...text].every((character) => alphabet.includes(character));
}

function firstOf(list: unknown): readonly unknown[] {
  return Array.isArray(list) ? (list.slice(0, MOST_LOOKED_AT) as readonly unknown[]) : [];
}
