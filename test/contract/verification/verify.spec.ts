import { expect, it } from '@jest/globals';
import { asTenantId, type Finding, type Invariant, newId, verifyDatabase } from '@cleanmail/database';
import { invariants as invariantsOfCommand } from '@cleanmail/cli';
import { describeEachEngine } from '../../support/engines/index.js';
import { invariants, violationsOf } from '../../support/verified-database.js';
import { libsFor } from '../support/libs.js';
import { breaks, insertInterval, newVictim, purgeBob } from './broken-rows.js';

const secondLooks = [0];

describeEachEngine('the invariants of the model', (engine) => {
  const libs = libsFor(engine, () => [], { unverified: 'each test breaks rows of a tenant' });

  it('should hold for users, a purged mailbox, a closed and an empty tenant', async () => {
    const closed = await newVictim(libs());
    await purgeBob(closed);
    await libs().tenants.close(closed.tenant, { name: 'support', requestId: 'r' });
    await purgeBob(await newVictim(libs()));
    expect(await violationsOf(libs().database)).toEqual([]);
  });

  it.each(breaks)('should say that $invariant is broken: $words', async ({ invariant, words, act }) => {
    const victim = await newVictim(libs());
    await act(victim);
    const found = await violationsOf(libs().database, { tenant: victim.tenant, secondLooks });
    expect(found).toEqual([
      {
        ...{ invariant, tenant: victim.tenant, id: expect.any(String) },
        problem: expect.stringMatching(words),
        remedy: expect.stringMatching(/\.$/),
      },
    ]);
  });

  it('should each be broken by a test, and be what the command checks', () => {
    const names = invariants.map(({ name }) => name);
    expect([...new Set(breaks.map(({ invariant }) => invariant))].sort()).toEqual([...names].sort());
    expect(invariantsOfCommand.map(({ name }) => name)).toEqual(names);
  });

  it('should include that every row is of a tenant', async () => {
    const nobody = asTenantId(newId());
    await libs().database.write((session) =>
      session.run('INSERT INTO tenant_mail_counter (tenant_id, feed_version) VALUES (?, 0)', [nobody]),
    );
    const found = await violationsOf(libs().database, { tenant: nobody, secondLooks });
    expect(found).toMatchObject([
      { invariant: 'known-tenant', problem: expect.stringContaining('tenant_mail_counter') },
    ]);
  });

  it('should be checked on every page of a large tenant', async () => {
    const victim = await newVictim(libs());
    const ids = Array.from({ length: 1201 }, () => newId()).sort();
    await libs().database.write(async (session) => {
      for (const id of ids) await session.run(insertInterval, [victim.tenant, id]);
    });
    const seen: Finding[] = [];
    const done: number[] = [];
    const summary = await verifyDatabase(libs().database, {
      invariants: invariants.filter(({ over }) => over.table === 'seat_interval'),
      tenant: victim.tenant,
      secondLooks,
      onViolation: (violation) => void seen.push(violation),
      onProgress: (progress) => void done.push(progress.done),
    });
    expect(seen.map(({ id }) => id)).toEqual(ids);
    expect(summary).toEqual({ invariants: 2, tenants: 1, rows: 1201, violations: 1201 });
    expect(done).toEqual([0, 500, 1000, 1201]);
  });

  it('should not report what a second look no longer finds', async () => {
    const { tenant } = await newVictim(libs());
    const looks: string[] = [];
    const passing: Invariant = {
      ...{ name: 'passing', sentence: 'x', remedy: 'y', over: { table: 'scim_user', key: 'id' } },
      find: async (_tenant, _session, { first, last }) => {
        looks.push(`${first}`);
        return looks.length === 1 ? [{ id: String(last), problem: 'a write was under way' }] : [];
      },
    };
    const onViolation = () => expect(true).toBe(false);
    const summary = await verifyDatabase(libs().database, { invariants: [passing], tenant, secondLooks, onViolation });
    expect([summary.violations, looks.length]).toEqual([0, 2]);
  });
});
