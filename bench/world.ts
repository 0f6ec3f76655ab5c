import { rm } from 'node:fs/promises';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningService, startService } from '@cleanmail/cli';
import { parseDatabaseUrl, readConfiguration } from '@cleanmail/config';
import { asTenantId, type Database, openDatabase } from '@cleanmail/database';
import { AdminCalls } from './dataset/admin-calls.js';
import { type BenchConnection, deleteTenant, openBenchConnection, tenantTables } from './dataset/bench-connection.js';
import { analyse, type BenchTenant, createLoadedTenant, type TenantTools } from './dataset/tenants.js';
import { type LargeGroup, largeGroup } from './dataset/large-group.js';
import { loadedId, loadedLetters, userKind } from './dataset/names.js';
import { benchSecrets } from './secrets.js';

/** The tenants of one database that is measured. */
export interface World {
  readonly databaseUrl: string;
  /** As many people as the run is about; only read. */
  readonly main: BenchTenant;
  /** The others, each with a few hundred people. */
  readonly others: readonly BenchTenant[];
  /** Fresh for this run: what writes work on, beside the large one in the same tables. */
  readonly scratch: BenchTenant;
  /** Of the main tenant. */
  readonly group: LargeGroup;
}

export interface WorldSize {
  readonly people: number;
  readonly others: number;
  readonly othersPeople: number;
  readonly scratchPeople: number;
}

export type OnProgress = (what: string, done: number, of: number) => void;

/** The environment of a service under measurement: as in production, but for limits and for what runs beside requests. */
export function serviceEnvironment(databaseUrl: string, dataFolder: string): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataFolder,
    SCIM_PORT: '0',
    ADMIN_PORT: '0',
    ADMIN_KEY: benchSecrets.adminKey,
    TOKEN_PEPPER: benchSecrets.pepper,
    RATE_LIMIT_PER_SECOND: '1000000',
    CLOCK_INTERVAL_SECONDS: '0',
    EVENTS_POLL_MILLISECONDS: '0',
    LOG_LEVEL: 'error',
  };
}

/** A world with the service in this process that it was made through, and connections to look with. */
export class Preparation {
  private constructor(
    readonly tools: TenantTools,
    readonly service: RunningService,
    private readonly databaseUrl: string,
    private readonly folder: string,
  ) {}

  static async open(databaseUrl: string): Promise<Preparation> {
    const folder = mkdtempSync(join(tmpdir(), 'cleanmail-bench-'));
    if (databaseUrl.startsWith('sqlite:'))
      mkdirSync(join(databaseUrl.slice('sqlite:'.length), '..'), { recursive: true });
    const service = await startService(readConfiguration(serviceEnvironment(databaseUrl, folder)));
    const database = await openDatabase({ location: parseDatabaseUrl(databaseUrl), entities: [], poolSize: 1 });
    const tools: TenantTools = {
      admin: new AdminCalls(service.adminUrl, benchSecrets.adminKey),
      scimUrl: service.scimUrl,
      connection: await openBenchConnection(databaseUrl),
      database,
    };
    return new Preparation(tools, service, databaseUrl, folder);
  }

  get connection(): BenchConnection {
    return this.tools.connection;
  }

  get database(): Database {
    return this.tools.database;
  }

  /** Makes what the database lacks of a world, and a fresh tenant for writes. */
  async world(size: WorldSize, onProgress: OnProgress): Promise<World> {
    await this.dropScratch();
    const main = await this.kept({ name: `bench main ${size.people}`, number: 1, people: size.people }, onProgress);
    const others: BenchTenant[] = [];
    for (let index = 1; index <= size.others; index += 1) {
      const wanted = {
        name: `bench other ${index} of ${size.othersPeople}`,
        number: 1 + index,
        people: size.othersPeople,
      };
      others.push(await this.kept(wanted, onProgress));
    }
    const group = await largeGroup(this.connection, this.service.scimUrl, main);
    const scratch = await this.scratch(size.scratchPeople, onProgress);
    await analyse(this.connection, [...(await tenantTables(this.connection)).keys()]);
    return { databaseUrl: this.databaseUrl, main, others, scratch, group };
  }

  /** A tenant that the run deletes again. */
  async scratch(people: number, onProgress: OnProgress): Promise<BenchTenant> {
    const number = 1000 + Math.floor(Math.random() * 60_000);
    const wanted = { name: `bench scratch ${number}`, number, people };
    return createLoadedTenant(this.tools, wanted, (done) => onProgress('people to change', done, people));
  }

  /** Deletes what a run has left: the tenants for writes, of earlier runs too, and the log of what was done. */
  async dropScratch(): Promise<void> {
    for (const { id } of await this.tools.admin.tenantsNamed('bench ')) {
      // Ids of loaded rows lie before all that are made now.
      await this.connection.run("DELETE FROM provisioning_log WHERE tenant_id = ? AND id >= '0181'", [id]);
    }
    for (const { id } of await this.tools.admin.tenantsNamed('bench scratch')) await deleteTenant(this.connection, id);
  }

  async close(): Promise<void> {
    await this.connection.close();
    await this.database.close();
    await this.service.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** The tenant that a run before has loaded, with a new token; one that was not loaded to its end is loaded anew. */
  private async kept(
    wanted: { readonly name: string; readonly number: number; readonly people: number },
    onProgress: OnProgress,
  ): Promise<BenchTenant> {
    const { admin } = this.tools;
    for (const { id, name } of await admin.tenantsNamed(wanted.name)) {
      if (name !== wanted.name) continue;
      if (await this.isWhole(id, wanted)) {
        const { token, id: tokenId } = await admin.issueToken(id);
        return { ...wanted, id, token, tokenId, domain: `t${wanted.number}.bench.example` };
      }
      await deleteTenant(this.connection, id);
    }
    return createLoadedTenant(this.tools, wanted, (done) => onProgress(wanted.name, done, wanted.people));
  }

  private async isWhole(tenant: string, { number, people }: { number: number; people: number }): Promise<boolean> {
    const [counted] = await this.connection.rows(
      "SELECT SUM(live) AS people FROM scim_page_block WHERE tenant_id = ? AND resource_type = 'User'",
      [asTenantId(tenant)],
    );
    const [last] = await this.connection.rows('SELECT user_name FROM scim_user WHERE tenant_id = ? AND id = ?', [
      tenant,
      loadedId(number, userKind, people - 1),
    ]);
    return Number(counted?.['people']) === people && String(last?.['user_name']).startsWith(loadedLetters);
  }
}
