import Sqlite from 'better-sqlite3';
import mysql from 'mysql2';

/** A value as the drivers take and give them. */
export type Value = string | number | bigint | boolean | null;
export type Row = Readonly<Record<string, Value>>;

/** What a statement answered: rows, or one pseudo row with what a write tells (`insertId`); one list for each statement of a text. */
export type Results = readonly (readonly Row[])[];

/** One statement, or one text of several, as it went to the driver. */
export interface TappedStatement {
  readonly sql: string;
  readonly values: readonly Value[];
  /** Kept prepared by the driver, or sent as text. */
  readonly isPrepared: boolean;
  /** How better-sqlite3 was asked; MySQL has one way. */
  readonly method: 'all' | 'get' | 'run' | 'exec';
  /** Handed over while an earlier one of the same recording had not been answered yet. */
  readonly isPipelined: boolean;
  readonly results: Results;
}

type Callback = (error: Error | null, result?: unknown) => void;
type MysqlMethod = (this: unknown, ...parameters: unknown[]) => unknown;
interface TappedPrototype {
  execute: MysqlMethod;
  query: MysqlMethod;
}

/** Sees every statement that this process sends through either driver between `start` and `stop`. */
export class StatementTap {
  private tapped: TappedStatement[] | undefined;
  private inFlight = 0;
  private readonly undo: (() => void)[] = [];

  constructor() {
    this.tapMysql();
    this.tapSqlite();
  }

  start(): void {
    this.tapped = [];
    this.inFlight = 0;
  }

  stop(): readonly TappedStatement[] {
    const statements = this.tapped ?? [];
    this.tapped = undefined;
    return statements;
  }

  /** Gives the drivers back as they were. */
  remove(): void {
    for (const each of this.undo.splice(0)) each();
  }

  private tapMysql(): void {
    const prototype = (mysql as unknown as { Connection: { prototype: TappedPrototype } }).Connection.prototype;
    for (const method of ['execute', 'query'] as const) {
      const original = prototype[method];
      const wrap = this.wrapMysql(original, method === 'execute');
      prototype[method] = wrap;
      this.undo.push(() => (prototype[method] = original));
    }
  }

  private wrapMysql(original: MysqlMethod, isPrepared: boolean): MysqlMethod {
    const note = this.note.bind(this);
    const isOn = () => this.tapped !== undefined;
    const begin = () => (this.inFlight += 1) > 1;
    const end = () => void (this.inFlight -= 1);
    return function (this: unknown, ...parameters: unknown[]) {
      const done = parameters.at(-1);
      if (!isOn() || typeof done !== 'function') return original.apply(this, parameters);
      const [first, second] = parameters as [string | { sql: string; values?: Value[] }, Value[] | undefined];
      const isText = typeof first === 'string';
      const sql = isText ? first : first.sql;
      const values = [...((isText ? (Array.isArray(second) ? second : []) : first.values) ?? [])];
      const isPipelined = begin();
      const entry = note({ sql, values, isPrepared, method: 'all', isPipelined, results: [] });
      const callback: Callback = (error, result) => {
        end();
        entry.results = mysqlResults(result);
        (done as Callback)(error, result);
      };
      return original.apply(this, [...parameters.slice(0, -1), callback]);
    };
  }

  private tapSqlite(): void {
    const database = new Sqlite(':memory:');
    const statements = Object.getPrototypeOf(database.prepare('SELECT 1')) as Record<string, MysqlMethod>;
    database.close();
    for (const method of ['all', 'get', 'run'] as const) {
      this.replace(statements, method, (statement, values, run) => {
        const answer = run();
        const { source } = statement as { readonly source: string };
        const isWrite = method === 'run';
        const rows = isWrite ? [writeRow(answer)] : ([answer].flat().filter((row) => row !== undefined) as Row[]);
        const noted = { sql: source, values: values as Value[], isPrepared: true, method, isPipelined: false };
        this.note({ ...noted, results: [rows] });
        return answer;
      });
    }
    this.replace(Sqlite.prototype as unknown as Record<string, MysqlMethod>, 'exec', (_database, [sql], run) => {
      const noted = { sql: String(sql), values: [], isPrepared: false, method: 'exec', isPipelined: false } as const;
      this.note({ ...noted, results: [[]] });
      return run();
    });
  }

  private replace(
    target: Record<string, MysqlMethod>,
    method: string,
    around: (self: unknown, parameters: readonly unknown[], run: () => unknown) => unknown,
  ): void {
    const original = target[method];
    if (original === undefined) throw new Error(`the driver has no method ${method}`);
    target[method] = function (this: unknown, ...parameters: unknown[]) {
      return around(this, parameters, () => original.apply(this, parameters));
    };
    this.undo.push(() => (target[method] = original));
  }

  private note(statement: TappedStatement): { results: Results } {
    const entry = { ...statement };
    this.tapped?.push(entry);
    return entry;
  }
}

function writeRow(answer: unknown): Row {
  const { changes, affectedRows, insertId } = answer as Readonly<Record<string, number>>;
  return { affectedRows: affectedRows ?? changes ?? 0, ...(insertId === undefined ? {} : { insertId }) };
}

/** mysql2 gives rows, a header, or a list of either for a text of several statements. */
export function mysqlResults(result: unknown): Results {
  if (!Array.isArray(result)) return [result === undefined ? [] : [writeRow(result)]];
  const list: readonly unknown[] = result;
  const isSeveral = list.length > 0 && list.every((each) => Array.isArray(each) || isHeader(each));
  return isSeveral ? list.flatMap((each) => mysqlResults(each)) : [list as Row[]];
}

function isHeader(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'affectedRows' in value && 'serverStatus' in value;
}
