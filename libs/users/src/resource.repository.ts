import {
  allDone,
  byPrimaryKey,
  type FilterColumns,
  filterToSql,
  forUpdate,
  indexHint,
  type ListSource,
  type Session,
  sortKeyToSql,
  type SqlCondition,
  type SqlValue,
  StaleRowError,
  type TenantId,
} from '@cleanmail/database';
import type { AttributeTarget, ResolvedFilter, ResolvedSort, ResourceType } from '@cleanmail/scim';
import { batches, placeholders } from './batches.js';
import { isLookup, isQuickLookup } from './is-lookup.js';
import { type Neighbours, orderedPage, type PageWindow } from './ordered-page.js';
import { PageDirectory } from './page-directory.js';
import type { StoredResource } from './stored-resource.js';

/** A page of a list: by position, where `startIndex` counts from 1, or by cursor; in the order of creation unless sorted. */
export interface ResourcePage extends PageWindow {
  readonly filter?: ResolvedFilter;
  readonly sort?: ResolvedSort;
}

/** The resources of a page, and how many there are in all. */
export interface ResourceList<T> extends Neighbours {
  readonly resources: readonly T[];
  readonly totalResults: number;
}

/** A page by cursor. */
export interface ResourceCursor {
  readonly after?: string;
  readonly limit: number;
}

/** How resources of one kind are kept as rows. `columns` are in the order of what `toColumns` gives. */
export interface ResourceTable<T, Row> {
  readonly name: string;
  readonly alias: string;
  /** What the kind is called in the page directory. */
  readonly resourceType: string;
  readonly columns: readonly string[];
  readonly readColumns: string;
  readonly toColumns: (resource: T, resourceType: ResourceType) => SqlValue[];
  readonly fromRow: (row: Row) => T;
  readonly filterColumns: FilterColumns;
}

/** Rows of SCIM resources of one kind. */
export abstract class ResourceRepository<T extends StoredResource, Row> {
  /** Whoever inserts or deletes a row enters it here, as the last step of its transaction. */
  readonly directory: PageDirectory;
  private readonly insertStatement: string;
  private readonly updateStatement: string;
  private readonly deleteStatement: string;
  private readonly selectStatement: string;

  protected constructor(private readonly table: ResourceTable<T, Row>) {
    const { name, resourceType, columns, readColumns } = table;
    this.directory = new PageDirectory({ table: name, resourceType });
    const isVersion = 'WHERE tenant_id = ? AND id = ? AND version = ?';
    this.insertStatement = `INSERT INTO ${name} (tenant_id, ${columns.join(', ')}) VALUES (?, ${columns.map(() => '?').join(', ')})`;
    this.updateStatement = `UPDATE ${name} SET ${columns.map((column) => `${column} = ?`).join(', ')} ${isVersion}`;
    this.deleteStatement = `DELETE FROM ${name} ${isVersion}`;
    this.selectStatement = `SELECT ${readColumns} FROM ${name} WHERE tenant_id = ? AND id = ?`;
  }

  /** What entries of a list that are rows of this table are told apart by. */
  get kind(): string {
    return this.table.name;
  }

  /** @throws the driver's duplicate-key error when its unique name is taken. */
  async insert(tenant: TenantId, session: Session, resource: T, resourceType: ResourceType): Promise<void> {
    await session.run(this.insertStatement, [tenant, ...this.table.toColumns(resource, resourceType)]);
  }

  /** @throws StaleRowError when the resource was changed since `before` was read. */
  async update(tenant: TenantId, session: Session, before: T, after: T, resourceType: ResourceType): Promise<void> {
    const values = [...this.table.toColumns(after, resourceType), tenant, before.id, before.version];
    requireOne(await session.run(this.updateStatement, values), before);
  }

  /** @throws StaleRowError when the resource was changed since it was read. */
  async delete(tenant: TenantId, session: Session, resource: T): Promise<void> {
    requireOne(await session.run(this.deleteStatement, [tenant, resource.id, resource.version]), resource);
  }

  async findById(tenant: TenantId, session: Session, id: string): Promise<T | undefined> {
    const [row] = await session.lookUp<Row>(this.selectStatement, [tenant, id]);
    return row === undefined ? undefined : this.table.fromRow(row);
  }

  /** Reads a resource whose row stays locked to the end of the transaction. */
  async findForUpdate(tenant: TenantId, session: Session, id: string): Promise<T | undefined> {
    const row = await session.first<Row>(`${this.selectStatement}${forUpdate(session)}`, [tenant, id]);
    return row === undefined ? undefined : this.table.fromRow(row);
  }

  /** In the order of creation. A lookup is a prepared statement, and a quick one goes together with those of others. */
  async list(tenant: TenantId, session: Session, page: ResourcePage): Promise<readonly T[]> {
    const { filter, startIndex, count } = page;
    if (filter === undefined) {
      return this.listAt(tenant, session, page);
    }
    const { readColumns, fromRow, alias, filterColumns } = this.table;
    const { sql, parameters } = this.selected(tenant, session, filter);
    const statement = `SELECT ${readColumns} ${sql} ORDER BY ${alias}.id LIMIT ${Math.trunc(count)} OFFSET ${Math.trunc(startIndex - 1)}`;
    const isPrepared = startIndex === 1 && isLookup(filter, filterColumns);
    const read = !isPrepared ? 'list' : isQuickLookup(filter, filterColumns) ? 'lookUp' : 'all';
    const rows = await session[read]<Row>(statement, parameters);
    return rows.map(fromRow);
  }

  /** A page of all resources, found by way of the directory: it costs the same wherever it is. */
  private async listAt(tenant: TenantId, session: Session, page: ResourcePage): Promise<readonly T[]> {
    const { name, readColumns, fromRow } = this.table;
    const position = await this.directory.find(tenant, session, page.startIndex);
    if (position === undefined) {
      return [];
    }
    const rows = await session.all<Row>(
      `SELECT ${readColumns} FROM ${name}${byPrimaryKey(session)} WHERE tenant_id = ? AND id >= ? ORDER BY id LIMIT ? OFFSET ?`,
      [tenant, position.firstId, page.count, position.offset],
    );
    return rows.map(fromRow);
  }

  /** By position in the order of creation; `after` is the id of the last resource of the page before. */
  async listAfter(tenant: TenantId, session: Session, { after = '', limit }: ResourceCursor): Promise<readonly T[]> {
    const { name, readColumns, fromRow } = this.table;
    const rows = await session.list<Row>(
      `SELECT ${readColumns} FROM ${name} WHERE tenant_id = ? AND id > ? ORDER BY id LIMIT ${Math.trunc(limit)}`,
      [tenant, after],
    );
    return rows.map(fromRow);
  }

  async count(tenant: TenantId, session: Session, filter: ResolvedFilter | undefined): Promise<number> {
    if (filter === undefined) {
      return this.directory.count(tenant, session);
    }
    const { sql, parameters } = this.selected(tenant, session, filter);
    const rows = await session.list<{ readonly total: number }>(`SELECT COUNT(*) AS total ${sql}`, parameters);
    return rows[0]?.total ?? 0;
  }

  /** A page, and how many resources there are in all; counted only when the page does not tell. */
  async query(tenant: TenantId, session: Session, page: ResourcePage): Promise<ResourceList<T>> {
    if (page.sort !== undefined || page.walk !== undefined) {
      return this.orderedQuery(tenant, session, page);
    }
    const [resources, counted] = await allDone([
      page.count === 0 ? [] : this.list(tenant, session, page),
      page.filter === undefined ? this.directory.count(tenant, session) : undefined,
    ]);
    const isWhole = page.startIndex === 1 && resources.length < page.count;
    const totalResults = isWhole ? resources.length : (counted ?? (await this.count(tenant, session, page.filter)));
    return { resources, totalResults };
  }

  /** FROM and WHERE of the resources that a filter selects. */
  private selected(tenant: TenantId, session: Session, filter: ResolvedFilter): SqlCondition {
    const { from, where } = this.rowsOf(tenant, session, filter);
    return { sql: `FROM ${from} WHERE ${where.sql}`, parameters: where.parameters };
  }

  private rowsOf(
    tenant: TenantId,
    { dialect }: Session,
    filter: ResolvedFilter | undefined,
  ): { readonly from: string; readonly where: SqlCondition } {
    const { name, alias, filterColumns } = this.table;
    const ofTenant = `${alias}.tenant_id = ?`;
    if (filter === undefined) {
      return { from: `${name} ${alias}`, where: { sql: ofTenant, parameters: [tenant] } };
    }
    const { sql, parameters } = filterToSql(tenant, filter, dialect, filterColumns);
    return {
      from: `${name} ${alias}${indexHint(filter, dialect, filterColumns)}`,
      where: { sql: `(${ofTenant} AND ${sql})`, parameters: [tenant, ...parameters] },
    };
  }

  /** The rows that a filter finds, to be listed by their ids and the values of `sortBy`. */
  source(
    tenant: TenantId,
    session: Session,
    { filter, sortBy }: { readonly filter?: ResolvedFilter; readonly sortBy?: AttributeTarget },
  ): ListSource {
    const { alias, filterColumns } = this.table;
    return {
      kind: this.kind,
      id: `${alias}.id`,
      ...this.rowsOf(tenant, session, filter),
      ...(sortBy === undefined ? {} : { key: sortKeyToSql(sortBy, session.dialect, filterColumns) }),
    };
  }

  /** The resources of these ids that are there, by id. */
  async findByIds(tenant: TenantId, session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, T>> {
    const { name, readColumns, fromRow } = this.table;
    const found = new Map<string, T>();
    for (const batch of batches(ids)) {
      const rows = await session.all<Row>(
        `SELECT ${readColumns} FROM ${name} WHERE tenant_id = ? AND id IN ${placeholders(batch)}`,
        [tenant, ...batch],
      );
      for (const resource of rows.map(fromRow)) {
        found.set(resource.id, resource);
      }
    }
    return found;
  }

  /** Ids first, then their rows: sorting does not drag documents along. */
  private async orderedQuery(tenant: TenantId, session: Session, page: ResourcePage): Promise<ResourceList<T>> {
    const { filter, sort } = page;
    const order = { isSorted: sort !== undefined, isDescending: sort?.order === 'descending' };
    const listed = {
      ...(filter === undefined ? {} : { filter }),
      ...(sort === undefined ? {} : { sortBy: sort.target }),
    };
    const sources = [this.source(tenant, session, listed)];
    const count = () => this.count(tenant, session, filter);
    const { entries, ...rest } = await orderedPage(session, { sources, order, count }, page);
    const found = await this.findByIds(
      tenant,
      session,
      entries.map(({ id }) => id),
    );
    return { ...rest, resources: entries.flatMap(({ id }) => found.get(id) ?? []) };
  }
}

function requireOne(matched: number, { id }: StoredResource): void {
  if (matched !== 1) {
    throw new StaleRowError(`resource ${id} was changed by somebody else`);
  }
}
