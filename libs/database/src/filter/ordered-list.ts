import type { Session, SqlValue } from '../session/session.js';
import type { SortKey } from './sort-key.js';
import { combine, type SqlCondition } from './sql-condition.js';

/** The rows of one table in a list. Without a key they have no value to be sorted by. */
export interface ListSource {
  /** What its entries are told apart by from those of other tables; a word of ours, never of a request. */
  readonly kind: string;
  /** The table with its alias as it stands after FROM, and how its ids are called there. */
  readonly from: string;
  readonly id: string;
  readonly where: SqlCondition;
  readonly key?: SortKey;
}

/** One row of a list: which it is, and the value by which it is sorted. */
export interface ListEntry {
  readonly kind: string;
  readonly id: string;
  readonly key: string | number | null;
}

/** A row's place in a list, whether the row is still there or not. */
export type ListPlace = Pick<ListEntry, 'id' | 'key'>;

/** Which way a list runs; one that is not sorted is in the order of ids. */
export interface ListOrder {
  readonly isSorted: boolean;
  readonly isDescending: boolean;
}

/**
 * A stretch of a list that one statement reads along an index: all of an unsorted list; of a sorted one the rows with
 * a value, and those without.
 */
type Stretch = 'all' | 'valued' | 'unvalued';

interface Window {
  readonly after?: ListPlace;
  readonly offset?: number;
  readonly limit: number;
}

/**
 * Rows of one or several tables in one order, read as ids and sort values only. Rows without a value come last when
 * ascending and first when descending; rows with the same value are in the order of their ids.
 */
export class OrderedList {
  constructor(
    private readonly session: Session,
    private readonly sources: readonly ListSource[],
    private readonly order: ListOrder,
  ) {}

  /** The list turned round. */
  reversed(): OrderedList {
    return new OrderedList(this.session, this.sources, { ...this.order, isDescending: !this.order.isDescending });
  }

  /** The first entries behind a place, or of the whole list. */
  async after(place: ListPlace | undefined, limit: number): Promise<readonly ListEntry[]> {
    const stretches = this.stretches();
    const start = place === undefined ? 0 : Math.max(0, stretches.indexOf(this.stretchOf(place)));
    const entries: ListEntry[] = [];
    for (const [index, stretch] of stretches.slice(start).entries()) {
      const window = { ...(index === 0 && place !== undefined ? { after: place } : {}), limit: limit - entries.length };
      entries.push(...(await this.read(stretch, window)));
      if (entries.length >= limit) {
        break;
      }
    }
    return entries;
  }

  /** Entries by their position, which counts from 0. */
  async at(position: number, limit: number): Promise<readonly ListEntry[]> {
    const entries: ListEntry[] = [];
    let offset = position;
    for (const stretch of this.stretches()) {
      const found = await this.read(stretch, { offset, limit: limit - entries.length });
      entries.push(...found);
      if (entries.length >= limit) {
        break;
      }
      offset = found.length > 0 || offset === 0 ? 0 : Math.max(0, offset - (await this.count(stretch)));
    }
    return entries;
  }

  private stretches(): readonly Stretch[] {
    if (!this.order.isSorted) {
      return ['all'];
    }
    return this.order.isDescending ? ['unvalued', 'valued'] : ['valued', 'unvalued'];
  }

  private stretchOf({ key }: ListPlace): Stretch {
    return this.order.isSorted ? (key === null ? 'unvalued' : 'valued') : 'all';
  }

  private async read(stretch: Stretch, window: Window): Promise<readonly ListEntry[]> {
    const sources = this.sourcesOf(stretch);
    const [only] = sources;
    if (only === undefined) {
      return [];
    }
    const { sql, parameters } =
      sources.length === 1 ? this.select(only, stretch, window) : this.selectUnion(sources, stretch, window);
    const rows = await this.session.list<Row>(sql, parameters);
    return rows.map(({ kind, id, sort_key: key }) => ({ kind, id, key: plain(key) }));
  }

  private async count(stretch: Stretch): Promise<number> {
    let total = 0;
    for (const source of this.sourcesOf(stretch)) {
      const { from, where } = rowsOf(source, stretch);
      const statement = `SELECT COUNT(*) AS total FROM ${from} WHERE ${where.sql}`;
      total += (await this.session.list<{ readonly total: number }>(statement, where.parameters))[0]?.total ?? 0;
    }
    return total;
  }

  private sourcesOf(stretch: Stretch): readonly ListSource[] {
    return this.sources.filter(
      ({ key }) => stretch === 'all' || (stretch === 'valued' ? key !== undefined : key?.isRequired !== true),
    );
  }

  private select(source: ListSource, stretch: Stretch, { after, offset, limit }: Window): SqlCondition {
    const { from, where, id, key } = rowsOf(source, stretch);
    const { sql, parameters } = after === undefined ? where : combine('AND', [where, this.behind(after, id, key)]);
    const columns = `'${source.kind}' AS kind, ${id} AS id, ${key ?? 'NULL'} AS sort_key`;
    const ordering = key !== undefined && source.key?.isUnique === true ? this.ordering(key) : this.ordering(key, id);
    return { sql: `SELECT ${columns} FROM ${from} WHERE ${sql} ${ordering}${limited(limit, offset)}`, parameters };
  }

  /** Each table gives no more than the page can hold, so that none is sorted as a whole where an index can serve. */
  private selectUnion(
    sources: readonly ListSource[],
    stretch: Stretch,
    { after, offset = 0, limit }: Window,
  ): SqlCondition {
    const reach = { ...(after === undefined ? {} : { after }), limit: offset + limit };
    const parts = sources.map((source) => this.select(source, stretch, reach));
    const union = parts.map(({ sql }, index) => `SELECT * FROM (${sql}) s${index}`).join(' UNION ALL ');
    return {
      sql: `${union} ${this.ordering(stretch === 'valued' ? 'sort_key' : undefined, 'id')}${limited(limit, offset)}`,
      parameters: parts.flatMap(({ parameters }) => parameters),
    };
  }

  private ordering(...columns: readonly (string | undefined)[]): string {
    const direction = this.order.isDescending ? 'DESC' : 'ASC';
    const named = columns.filter((column) => column !== undefined);
    return `ORDER BY ${named.map((column) => `${column} ${direction}`).join(', ')}`;
  }

  private behind(place: ListPlace, id: string, key: string | undefined): SqlCondition {
    const beyond = this.order.isDescending ? '<' : '>';
    return key === undefined
      ? { sql: `${id} ${beyond} ?`, parameters: [place.id] }
      : {
          sql: `${key} ${beyond}= ? AND (${key} ${beyond} ? OR ${id} ${beyond} ?)`,
          parameters: [place.key, place.key, place.id],
        };
  }
}

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly sort_key: SqlValue | Uint8Array;
}

/** The rows of a stretch: where they are, and how their ids and, among those with a value, their keys are called there. */
interface StretchRows {
  readonly from: string;
  readonly where: SqlCondition;
  readonly id: string;
  readonly key?: string;
}

/** More rows than any table has: no engine then merges the subquery into the statement and computes its keys again. */
const noLimit = '9223372036854775807';

function rowsOf({ from, id, where, key }: ListSource, stretch: Stretch): StretchRows {
  const rows = { from, where, id };
  if (key === undefined || stretch === 'all') {
    return rows;
  }
  const { sql, parameters } = where;
  if (key.isComputed) {
    const computed = `SELECT ${id} AS id, ${key.expression} AS sort_key FROM ${from} WHERE ${sql} LIMIT ${noLimit}`;
    const condition = { sql: `k.sort_key IS ${stretch === 'valued' ? 'NOT ' : ''}NULL`, parameters };
    return {
      from: `(${computed}) k`,
      where: condition,
      id: 'k.id',
      ...(stretch === 'valued' ? { key: 'k.sort_key' } : {}),
    };
  }
  const isThere = stretch === 'valued' ? 'IS NOT NULL' : 'IS NULL';
  const condition = key.isRequired ? where : { sql: `(${sql} AND ${key.expression} ${isThere})`, parameters };
  return { ...rows, where: condition, ...(stretch === 'valued' ? { key: key.expression } : {}) };
}

function limited(limit: number, offset: number | undefined): string {
  const from = offset === undefined || offset === 0 ? '' : ` OFFSET ${Math.trunc(offset)}`;
  return ` LIMIT ${Math.trunc(limit)}${from}`;
}

/** MySQL gives the text that it took out of JSON as bytes. */
function plain(key: SqlValue | Uint8Array): ListEntry['key'] {
  return key instanceof Uint8Array ? Buffer.from(key).toString('utf8') : typeof key === 'boolean' ? Number(key) : key;
}
