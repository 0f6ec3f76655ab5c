import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { asTenantId } from '@cleanmail/database';
import { basePath } from '../../bench/bare/answers.js';
import { operationHeader } from '../../bench/bare/operation-header.js';
import { startBareServer } from '../../bench/bare/server.js';
import { scimCall } from '../../bench/dataset/admin-calls.js';
import { operations } from '../../bench/operations/index.js';
import { planProblems } from '../../bench/plans/plan-problems.js';
import { singleStatements } from '../../bench/plans/single-statements.js';
import { isOnPath } from '../../bench/record/compile-script.js';
import { type Recording, recordScripts } from '../../bench/record/record-scripts.js';
import { kindsOf, type Script } from '../../bench/record/script.js';
import { StatementTap } from '../../bench/record/statement-tap.js';
import { benchSecrets } from '../../bench/secrets.js';
import { Preparation, type World } from '../../bench/world.js';
import { createMigratedDatabaseUrl, describeEachEngine, dropDatabase } from '../support/engines/index.js';
import { violationsOf } from '../support/verified-database.js';

/** Enough that the optimiser decides as it does for many more. */
const size = { people: 3000, others: 1, othersPeople: 1500, scratchPeople: 2000 };
/** Rows that one statement of a request may touch, unless it reads a page. */
const fewRows = 100;
/** A page by index steps over a block of the page directory at the most, of 2,048, and reads 101. */
const rowsOfPage = 2048 + 101;

/** An index that can be dropped, its table, and an operation that needs it. */
const byName = { index: 'uq_scim_user_name', table: 'scim_user', operation: 'filter-hit' };
const dropped = {
  sqlite: { index: 'ix_mail_leaver_at', table: 'mail_leaver', operation: 'patch-active-off' },
  mariadb: byName,
  mysql: byName,
} as const;

describeEachEngine('Plans of what the service sends', (engine) => {
  let databaseUrl: string;
  let preparation: Preparation;
  let recordings: readonly Recording[];
  let world: World;

  beforeAll(async () => {
    databaseUrl = await createMigratedDatabaseUrl(engine);
    preparation = await Preparation.open(databaseUrl);
    world = await preparation.world(size, () => undefined);
    const stage = { scimUrl: preparation.service.scimUrl, connection: preparation.connection };
    recordings = await recordScripts({ ...stage, world: { ...world, others: [world.scratch] } }, operations);
  });
  afterAll(async () => {
    await preparation.close();
    await dropDatabase(databaseUrl, {
      unverified: 'rows have been given marks by which a recording knows them again, and an index is gone',
    });
  });

  const scriptNamed = (name: string): Script =>
    recordings.find(({ script }) => script.operation === name)?.script ?? never();
  const problemsOf = async (script: string): Promise<readonly string[]> => {
    const recording = recordings.find(({ script: { operation } }) => operation === script);
    const statements = singleStatements(recording?.statements ?? []);
    if (statements.length === 0) throw new Error(`nothing was recorded of ${script}`);
    const mostRows = script.startsWith('list-') ? rowsOfPage : fewRows;
    const found: string[] = [];
    for (const statement of statements) {
      const problems = await planProblems(preparation.connection, statement, mostRows);
      found.push(...problems.map((problem) => `${problem} in ${statement.sql}`));
    }
    return found;
  };

  it.each([...new Set(operations.flatMap(({ scripts }) => scripts))])(
    'should find what %s needs by keys',
    async (script) => {
      expect(await problemsOf(script)).toEqual([]);
    },
  );

  it('should be sent by the bare server too, kind by kind', async () => {
    const scripts = recordings.map(({ script }) => script);
    const { pepper } = benchSecrets;
    const domains = Object.fromEntries([world.main, world.scratch].map(({ id, domain }) => [id, domain]));
    const bare = await startBareServer({ databaseUrl, pepper, scripts, domains });
    const tap = new StatementTap();
    try {
      for (const operation of operations.filter(({ group }) => group === 'look-up' || group === 'write')) {
        const request = operation.request({ world, side: 'bare', sequence: 0 });
        const { method, path, body, tenant, script, status, headers } = request ?? never();
        tap.start();
        const sent = { method, url: `${bare.origin}${basePath}${path}`, token: tenant.token };
        const named = { ...headers, [operationHeader]: script };
        await scimCall({ ...sent, headers: named, ...(body === undefined ? {} : { body }) }, status);
        const statements = tap.stop().filter(({ sql }) => isOnPath(sql, { isWrite: method !== 'GET' }));
        expect([script, kindsOf(statements)]).toEqual([script, kindsOf(scriptNamed(script).statements)]);
      }
    } finally {
      tap.remove();
      await bare.close();
    }
  });

  it('should be asked of people whose rows are as the service makes them', async () => {
    const { database } = preparation;
    expect(await violationsOf(database, { tenant: asTenantId(world.main.id) })).toEqual([]);
  });

  // The last test: it takes away an index.
  it('should be seen to read a whole tenant when an index is gone', async () => {
    const { connection } = preparation;
    const { index, table, operation } = dropped[engine.name];
    await connection.run(`DROP INDEX ${index}${connection.dialect === 'sqlite' ? '' : ` ON ${table}`}`);
    expect(await problemsOf(operation)).toContainEqual(expect.stringContaining(table));
  });
});

function never(): never {
  throw new Error('the operation has no request');
}
