import type BetterSqlite3 from 'better-sqlite3';
import type { EntityManager, QueryRunner } from 'typeorm';
import type { TenantId } from '../tenant-id.js';
import type { Counter, Session, SqlValue } from './session.js';

/** A session on the one connection of the embedded database; its statements are kept prepared. */
export class SqliteSession implements Session {
  readonly dialect = 'sqlite';

  constructor(
    private readonly database: BetterSqlite3.Database,
    private readonly runner: QueryRunner,
    private readonly statements: Map<string, BetterSqlite3.Statement<unknown[]>>,
  ) {}

  get manager(): EntityManager {
    return this.runner.manager;
  }

  async all<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.prepared(statement).all(...bindable(parameters)) as Row[];
  }

  async first<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row | undefined> {
    return this.prepared(statement).get(...bindable(parameters)) as Row | undefined;
  }

  async run(statement: string, parameters: readonly SqlValue[] = []): Promise<number> {
    return this.prepared(statement).run(...bindable(parameters)).changes;
  }

  async increment({ table, column }: Counter, tenant: TenantId, by: number): Promise<number> {
    const statement = `UPDATE ${table} SET ${column} = ${column} + ? WHERE tenant_id = ? RETURNING ${column} AS value`;
    return (await this.first<{ value: number }>(statement, [by, tenant]))?.value ?? 0;
  }

  async list<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.database.prepare(statement).all(...bindable(parameters)) as Row[];
  }

  private prepared(statement: string): BetterSqlite3.Statement<unknown[]> {
    const known = this.statements.get(statement);
    if (known !== undefined) {
      return known;
    }
    const prepared = this.database.prepare<unknown[]>(statement);
    this.statements.set(statement, prepared);
    return prepared;
  }
}

/** better-sqlite3 binds no booleans. */
function bindable(parameters: readonly SqlValue[]): (string | number | null)[] {
  return parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value));
}
