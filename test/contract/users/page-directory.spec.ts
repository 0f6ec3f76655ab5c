import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from '@jest/globals';
import { newId, rebuildPageDirectory, type Session, type TenantId } from '@cleanmail/database';
import { PageDirectory, pageDirectoryViolations } from '@cleanmail/users';
import fc from 'fast-check';
import { describeEachEngine } from '../../support/engines/index.js';
import { createTenant, libsFor } from '../support/libs.js';
import { insertUserRows, pagedUsers } from '../support/paged-users.js';
import { dumpOfTenant, query } from '../support/rows.js';

const largest = 8;
const SEED = 20_261_121;

describeEachEngine(PageDirectory.name, (engine) => {
  const libs = libsFor(engine, () => [], { unverified: 'users are deleted past their service' });
  const directory = new PageDirectory(pagedUsers, largest);
  let tenant: TenantId;
  beforeEach(async () => {
    tenant = await createTenant(libs());
  });

  async function add(id: string, session: Session): Promise<void> {
    await insertUserRows(tenant, session, [id]);
    await directory.add(tenant, session, id);
  }

  async function remove(id: string, session: Session): Promise<void> {
    await session.run('DELETE FROM scim_user WHERE tenant_id = ? AND id = ?', [tenant, id]);
    await directory.remove(tenant, session, id);
  }

  const addAll = async (ids: readonly string[]) => {
    for (const id of ids) await libs().database.write((session) => add(id, session));
  };
  const removeAll = async (ids: readonly string[]) => {
    for (const id of ids) await libs().database.write((session) => remove(id, session));
  };

  /** Lives of the blocks, in the order of their ids. */
  async function blocks(): Promise<readonly number[]> {
    const sql = 'SELECT live FROM scim_page_block WHERE tenant_id = ? ORDER BY first_id';
    return (await query(libs().database, sql, [tenant])).map(({ live }) => Number(live));
  }

  const violations = (of = tenant) =>
    libs().database.read((session) => pageDirectoryViolations(of, session, pagedUsers));

  /** The ids of a page as the service lists it, and its total. */
  async function page(startIndex: number, count: number): Promise<readonly [readonly string[], number]> {
    const { users, totalResults } = await libs().users.list(tenant, { startIndex, count });
    return [users.map(({ id }) => id), totalResults];
  }

  /** The ids of a page by OFFSET alone, and the total by COUNT. */
  async function plainPage(startIndex: number, count: number): Promise<readonly [readonly string[], number]> {
    const rows = await query(libs().database, 'SELECT id FROM scim_user WHERE tenant_id = ? ORDER BY id', [tenant]);
    return [rows.slice(startIndex - 1, startIndex - 1 + count).map(({ id }) => String(id)), rows.length];
  }

  const newIds = (count: number) => Array.from({ length: count }, newId);

  it('should list like OFFSET and COUNT after any creations and deletions, in whatever order the ids come', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.nat(12) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('insert' as const), ids: fc.array(fc.uuid(), { maxLength: 8 }) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), count: fc.nat(12) }) },
    ); // prettier-ignore
    const pages = fc.array(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 30 })), {
      minLength: 3,
      maxLength: 8,
    });
    const history = fc.array(step, { minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(history, pages, async (steps, asked) => {
        tenant = await createTenant(libs());
        for (const each of steps) {
          if (each.kind === 'append') await addAll(newIds(each.count));
          else if (each.kind === 'insert') await addAll([...new Set(each.ids)]);
          else {
            const [ids] = await plainPage(1, 1_000_000);
            const from = ids.length === 0 ? 0 : each.at % ids.length;
            await removeAll(ids.slice(from, from + each.count));
          }
        }
        expect(await violations()).toEqual([]);
        for (const [startIndex, count] of asked) {
          expect(await page(startIndex, count)).toEqual(await plainPage(startIndex, count));
        }
      }),
      { seed: SEED, numRuns: engine.name === 'sqlite' ? 60 : 15 },
    );
  }, 240_000);

  it('should leave full blocks behind when ids grow, and split a block in the middle that late ids fill', async () => {
    const ids = newIds(30);
    await addAll(ids.filter((_, index) => index % 2 === 0));
    expect(await blocks()).toEqual([7, 8]);
    await addAll(ids.filter((_, index) => index % 2 === 1));
    expect((await blocks()).every((live) => live <= largest)).toBe(true);
    expect(await violations()).toEqual([]);
    expect(await page(1, 100)).toEqual([ids, 30]);
  });

  it('should grow by blocks also while as many are deleted as are created', async () => {
    let oldest = newIds(5);
    await addAll(oldest);
    for (let round = 0; round < 60; round += 1) {
      const [first = '', ...others] = oldest;
      const created = newId();
      await addAll([created]);
      await removeAll([first]);
      oldest = [...others, created];
      expect(Math.max(...(await blocks()))).toBeLessThanOrEqual(largest);
    }
    expect((await blocks()).length).toBeLessThanOrEqual(3);
    expect(await page(2, 10)).toEqual([oldest.slice(1), 5]);
  });

  it('should do away with blocks that become empty, but for the first', async () => {
    const ids = newIds(40);
    await addAll(ids);
    await removeAll(ids.slice(7, 21));
    expect(await blocks()).not.toContain(0);
    expect(await page(8, 3)).toEqual([ids.slice(21, 24), 26]);
    await removeAll([...ids.slice(0, 7), ...ids.slice(21)]);
    expect(await blocks()).toEqual([0]);
    expect(await page(1, 10)).toEqual([[], 0]);
    expect(await page(2, 10)).toEqual([[], 0]);
    const [again = ''] = newIds(1);
    await addAll([again]);
    expect(await page(1, 10)).toEqual([[again], 1]);
    expect(await violations()).toEqual([]);
  });

  it('should answer a startIndex beyond the end, however large, with the total alone', async () => {
    await addAll(newIds(20));
    for (const startIndex of [21, 22, 1_000_000, 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER]) {
      expect(await page(startIndex, 10)).toEqual([[], 20]);
    }
    expect((await page(20, 500))[0]).toHaveLength(1);
  });

  it('should keep its books while eight write at once, with late ids and deletions among them', async () => {
    const ids = newIds(200);
    const early = ids.filter((_, index) => index % 3 !== 0);
    const late = ids.filter((_, index) => index % 3 === 0);
    const { database } = libs();
    const queue = [...early.map((id) => [add, id] as const), ...late.map((id) => [add, id] as const)];
    // Each deletes an id again that it has created itself before.
    const worker = async () => {
      const own: string[] = [];
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const [work, id] = next;
        await database.write((session) => work(id, session));
        own.push(id);
        if (own.length % 4 === 0) await removeAll(own.splice(1, 1));
      }
    };
    await Promise.all(Array.from({ length: 8 }, worker));
    expect(await violations()).toEqual([]);
    const [left, total] = await plainPage(1, 1000);
    expect(total).toBeLessThan(200);
    expect((await blocks()).reduce((sum, live) => sum + live, 0)).toBe(total);
    expect(Math.max(...(await blocks()))).toBeLessThanOrEqual(largest);
    expect(await page(50, 100)).toEqual([left.slice(49, 149), total]);
  });

  it('should lose nothing while neighbouring blocks are split and dissolved at once', async () => {
    const tiny = new PageDirectory(pagedUsers, 2);
    const { database } = libs();
    const present: string[] = [];
    const work = async (round: number): Promise<void> => {
      const id = round % 5 < 3 ? undefined : present.splice((round * 7) % Math.max(present.length, 1), 1)[0];
      const added = randomUUID();
      await database.write(async (session) => {
        if (id !== undefined) {
          await session.run('DELETE FROM scim_user WHERE tenant_id = ? AND id = ?', [tenant, id]);
          return tiny.remove(tenant, session, id);
        }
        await insertUserRows(tenant, session, [added]);
        return tiny.add(tenant, session, added);
      });
      if (id === undefined) present.push(added);
    };
    const worker = async (first: number) => {
      for (let round = first; round < 400; round += 8) await work(round);
    };
    await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(worker));
    expect(await violations()).toEqual([]);
    expect(await page(1, 1000)).toEqual([[...present].sort(), present.length]);
    for (const id of present) await database.write((session) => tiny.remove(tenant, session, id));
    expect(await blocks()).toEqual([0]);
  });

  it('should begin once when the first ones of a tenant are created at once', async () => {
    const ids = newIds(16);
    await Promise.all(ids.map((id) => libs().database.write((session) => add(id, session))));
    expect(await violations()).toEqual([]);
    expect(await page(1, 100)).toEqual([[...ids].sort(), 16]);
  });

  it('should forget what a transaction wrote that failed', async () => {
    const ids = newIds(7);
    await addAll(ids);
    const before = await dumpOfTenant(libs().database, tenant);
    const failing = libs().database.write(async (session) => {
      for (const id of newIds(10)) await add(id, session);
      for (const id of ids) await remove(id, session);
      throw new Error('given up');
    });
    await expect(failing).rejects.toThrow('given up');
    expect(await dumpOfTenant(libs().database, tenant)).toBe(before);
  });

  it('should leave another tenant, with ids among the same ones, as it is', async () => {
    const stranger = tenant;
    const ids = newIds(60);
    await addAll(ids.filter((_, index) => index % 2 === 0));
    const before = await dumpOfTenant(libs().database, stranger);
    tenant = await createTenant(libs());
    await addAll(ids.filter((_, index) => index % 2 === 1));
    await removeAll(ids.filter((_, index) => index % 4 === 1));
    expect(await dumpOfTenant(libs().database, stranger)).toBe(before);
    expect([await violations(), await violations(stranger)]).toEqual([[], []]);
  });

  it('should report every difference between directory and rows, and be right again when it is rebuilt', async () => {
    const ids = newIds(20);
    await addAll(ids);
    await libs().database.write((session) => insertUserRows(tenant, session, [newId()]));
    expect(await violations()).toEqual([expect.stringMatching(/^User block ".+": says \d+, has \d+$/)]);
    const cut = 'UPDATE scim_page_block SET end_id = ? WHERE tenant_id = ? AND end_id = ?';
    await libs().database.write((session) => session.run(cut, [ids[3] ?? '', tenant, ids[7] ?? '']));
    expect(await violations()).toEqual([
      'User block "": says 7, has 3',
      `User block "": ends at "${ids[3]}", the next begins at "${ids[7]}"`,
      expect.stringMatching(/^User block ".+": says \d+, has \d+$/),
    ]);
    await rebuildPageDirectory(libs().database.dataSource.manager, tenant, pagedUsers, largest);
    expect(await violations()).toEqual([]);
    expect(await blocks()).toEqual([7, 7, 7]);
    const [wanted, total] = await plainPage(9, 9);
    expect(await page(9, 9)).toEqual([wanted, total]);
    const unknown = newId() as TenantId;
    await libs().database.write((session) => insertUserRows(unknown, session, [newId()]));
    expect(await violations(unknown)).toEqual(['User: no block begins at ""']);
  });
});
