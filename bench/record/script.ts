import type { Value } from './statement-tap.js';

/** Where a value of a replayed statement comes from. */
export type Source =
  | { readonly from: 'tenant' | 'domain' | 'token' }
  /** The time of the request, with milliseconds added. */
  | { readonly from: 'now'; readonly plus?: number }
  /** A new id; the same index is the same id within one request. */
  | { readonly from: 'fresh'; readonly index: number }
  /** The names and ids that stand in the request, in their order. */
  | { readonly from: 'name' | 'id'; readonly index: number }
  /** A column that an earlier statement of the request has read, with what is added to it. */
  | ResultSource;

export interface ResultSource {
  readonly from: 'result';
  readonly statement: number;
  readonly list: number;
  readonly row: number;
  readonly column: string;
  readonly plus?: number;
  /** Only what stands before the `@`. */
  readonly isLocalPart?: boolean;
}

/** One value of a statement: the same for all requests, from somewhere, or a text with such places in it. */
export type Binding =
  { readonly constant: Value } | { readonly source: Source } | { readonly parts: readonly (string | Source)[] };

/** A statement to be sent again for each request. */
export interface ScriptStatement {
  readonly sql: string;
  readonly isPrepared: boolean;
  readonly method: 'all' | 'get' | 'run' | 'exec';
  readonly isPipelined: boolean;
  readonly bindings: readonly Binding[];
  /** Of each write in the text whether it met a row; null for what reads. */
  readonly matches: readonly (boolean | null)[];
}

/** What one operation of the service sends to the database, with places for what differs between requests. */
export interface Script {
  readonly operation: string;
  readonly statements: readonly ScriptStatement[];
  /** The id of the resource that is answered, when the operation makes one. */
  readonly createdId?: Source;
}

/** The names and ids that a request carries, in their order; both servers' requests are made of such. */
export interface RequestInputs {
  readonly names: readonly string[];
  readonly ids: readonly string[];
}

/** A person's name, or a value that is told apart like one. */
export const namePattern = /(?<![a-z0-9])[a-z]{2}\d{9}(?!\d)/g;
/** An id. */
export const idPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Names are two letters and nine digits, so that they are found in a path, a filter or a body alike. */
export function inputsOf(path: string, body: string): RequestInputs {
  const readable = path.includes('%') ? decodeURIComponent(path) : path;
  const text = body === '' ? readable : `${readable} ${body}`;
  return { names: found(text, namePattern), ids: found(text, idPattern) };
}

/** The names in a text, as {@link inputsOf} finds them. */
export function found(text: string, pattern: RegExp): readonly string[] {
  return [...new Set(text.match(pattern) ?? [])];
}

/** The kinds of the statements, such as `SELECT scim_user`, without what is between them. */
export function kindsOf(statements: readonly { readonly sql: string }[]): readonly string[] {
  return statements.flatMap(({ sql }) => splitText(sql).map(kindOf));
}

function kindOf(sql: string): string {
  const words = sql.trim().split(/\s+/);
  const verb = (words[0] ?? '').toUpperCase();
  const table = /(?:FROM|INTO|UPDATE)\s+`?([a-z_]+)/i.exec(sql)?.[1];
  return table === undefined ? words.slice(0, 2).join(' ').toUpperCase() : `${verb} ${table}`;
}

/** Our texts have no semicolon but between statements. */
function splitText(sql: string): readonly string[] {
  return sql.split(';').filter((text) => text.trim() !== '');
}
