import type { TenantId } from '../tenant-id.js';
import type { GatheredLookUps } from './gathered-look-ups.js';
import type { Counter, CounterMove, Session, SqlValue } from './session.js';

/**
 * A session outside of a transaction: look-ups go together with those of other requests, and all else by a connection of
 * its own, which is lent when it is first needed.
 */
export class MysqlReads implements Session {
  readonly dialect = 'mysql';

  constructor(
    private readonly lookUps: GatheredLookUps,
    private readonly own: () => Promise<Session>,
  ) {}

  lookUp<Row>(statement: string, parameters: readonly SqlValue[] = []): Promise<Row[]> {
    return this.lookUps.ask<Row>(statement, parameters);
  }

  async all<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    return (await this.own()).all(statement, parameters);
  }

  async first<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row | undefined> {
    return (await this.own()).first(statement, parameters);
  }

  async run(statement: string, parameters?: readonly SqlValue[]): Promise<number> {
    return (await this.own()).run(statement, parameters);
  }

  async increment(counter: Counter, tenant: TenantId, by: number, move?: CounterMove): Promise<number> {
    return (await this.own()).increment(counter, tenant, by, move);
  }

  async list<Row>(statement: string, parameters?: readonly SqlValue[]): Promise<Row[]> {
    return (await this.own()).list(statement, parameters);
  }
}
