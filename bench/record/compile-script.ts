import {
  type Binding,
  found,
  idPattern,
  namePattern,
  type RequestInputs,
  type ResultSource,
  type Script,
  type Source,
} from './script.js';
import type { Results, Row, TappedStatement, Value } from './statement-tap.js';

/** What is known of the request whose statements were recorded. */
export interface RecordedRequest {
  readonly operation: string;
  readonly isWrite: boolean;
  readonly tenant: string;
  readonly domain: string;
  readonly tokenId: string;
  readonly inputs: RequestInputs;
  /** When it was sent, in milliseconds since 1970. */
  readonly at: number;
  /** The id that the answer gives the resource. */
  readonly answeredId?: string;
}

/** What a service does beside a request or once for many of them: the token's look-up and its last use, the log of reads. */
const beside = [/FROM secret_token\b/, /\btenant_dialect\b/, /^\s*UPDATE secret_token\b/, /^\s*SET /, /^\s*SHOW /];
const logOfReads = /^\s*INSERT INTO provisioning_log\b/;
/** Numbers from here on are marks that the recording has put into rows, so that one read again is known. */
export const firstMark = 700_000;
const firstTime = 1_600_000_000_000;
const timeTolerance = 60_000;
const longestPeriod = 2 * 365 * 86_400_000;

/** Makes a script of what one request was seen to send. */
export function compileScript(statements: readonly TappedStatement[], request: RecordedRequest): Script {
  const path = statements.filter(({ sql }) => isOnPath(sql, request));
  const compiler = new Compiler(request);
  const compiled = path.map((statement) => {
    const { sql, isPrepared, method, isPipelined, values, results } = statement;
    const bindings = values.map((value) => compiler.bind(value));
    compiler.answered(results);
    return { sql, isPrepared, method, isPipelined, bindings, matches: matchesOf(results) };
  });
  const created = request.answeredId === undefined ? undefined : compiler.bind(request.answeredId);
  return {
    operation: request.operation,
    statements: compiled,
    ...(created !== undefined && 'source' in created ? { createdId: created.source } : {}),
  };
}

/** Whether a statement belongs to the request itself. */
export function isOnPath(sql: string, { isWrite }: { readonly isWrite: boolean }): boolean {
  return !beside.some((pattern) => pattern.test(sql)) && (isWrite || !logOfReads.test(sql));
}

/** For each list of results, whether a write met a row. */
export function matchesOf(results: Results): readonly (boolean | null)[] {
  return results.map((rows) => {
    const affected = rows.length === 1 ? rows[0]?.['affectedRows'] : undefined;
    return affected === undefined ? null : Number(affected) > 0;
  });
}

class Compiler {
  private readonly read = new Map<Value, ResultSource>();
  private readonly fresh = new Map<string, number>();
  private statements = 0;

  constructor(private readonly request: RecordedRequest) {}

  /** Notes what a statement has read, for those behind it. */
  answered(results: Results): void {
    results.forEach((rows, list) => {
      rows.forEach((row, index) => this.noteRow(row, { list, row: index }));
    });
    this.statements += 1;
  }

  bind(value: Value): Binding {
    if (typeof value === 'number') return this.bindNumber(value);
    if (typeof value !== 'string') return { constant: value };
    const parts = this.split(value);
    const [only] = parts;
    if (parts.every((part) => typeof part === 'string')) return { constant: value };
    return parts.length === 1 && only !== undefined && typeof only !== 'string' ? { source: only } : { parts };
  }

  private noteRow(row: Row, { list, row: index }: { readonly list: number; readonly row: number }): void {
    for (const [column, value] of Object.entries(row)) {
      const source = { from: 'result', statement: this.statements, list, row: index, column } as const;
      if (isTelling(value) && !this.read.has(value)) this.read.set(value, source);
    }
  }

  private bindNumber(value: number): Binding {
    for (const plus of [0, 1]) {
      const source = this.read.get(value - plus);
      if (source !== undefined) return { source: plus === 0 ? source : { ...source, plus } };
    }
    const after = value - this.request.at;
    if (Math.abs(after) < timeTolerance) return { source: { from: 'now' } };
    // A deadline, or where a period begins: whole seconds from now.
    const plus = Math.round(after / 1000) * 1000;
    return Math.abs(after) < longestPeriod ? { source: { from: 'now', plus } } : { constant: value };
  }

  /** The text with the places in it that differ between requests. */
  private split(text: string): readonly (string | Source)[] {
    let parts: readonly (string | Source)[] = [text];
    for (const [token, source] of this.tokensOf(text)) {
      parts = parts.flatMap((part) => (typeof part === 'string' ? splitAt(part, token, source) : [part]));
    }
    return parts;
  }

  private tokensOf(text: string): readonly (readonly [string, Source])[] {
    const { tenant, domain, tokenId, inputs } = this.request;
    const names = inputs.names.map((name, index) => [name, { from: 'name', index }] as const);
    const ids = found(text, idPattern).flatMap((id) => {
      const source = id === tenant ? undefined : this.idSource(id);
      return source === undefined ? [] : [[id, source] as const];
    });
    const known: readonly (readonly [string, Source])[] = [
      ...names,
      ...this.namesRead(text),
      [tenant, { from: 'tenant' }],
      [domain, { from: 'domain' }],
      [tokenId, { from: 'token' }],
      ...ids,
    ];
    return known.filter(([token]) => text.includes(token));
  }

  /** A request that names only an id writes names all the same: those of the row that it has read. */
  private namesRead(text: string): readonly (readonly [string, Source])[] {
    return found(text, namePattern).flatMap((name) => {
      const known = [...this.read].find(([value]) => typeof value === 'string' && value.startsWith(`${name}@`));
      return known === undefined ? [] : [[name, { ...known[1], isLocalPart: true }] as const];
    });
  }

  private idSource(id: string): Source | undefined {
    const index = this.request.inputs.ids.indexOf(id);
    if (index >= 0) return { from: 'id', index };
    const source = this.read.get(id);
    if (source !== undefined) return source;
    if (!this.request.isWrite || id === this.request.tokenId) return undefined;
    const known = this.fresh.get(id) ?? this.fresh.size;
    this.fresh.set(id, known);
    return { from: 'fresh', index: known };
  }
}

function splitAt(text: string, token: string, source: Source): readonly (string | Source)[] {
  const pieces = text.split(token);
  return pieces.flatMap((piece, index) => [...(index === 0 ? [] : [source]), ...(piece === '' ? [] : [piece])]);
}

/** Ids, addresses, times and marks tell which column a value came from; a word or a small number does not. */
function isTelling(value: Value): boolean {
  if (typeof value === 'number') return value >= firstTime || (value >= firstMark && value < 10 * firstMark);
  return typeof value === 'string' && (/^[0-9a-f-]{36}$/.test(value) || /^[a-z]{2}\d{9}@/.test(value));
}
