import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import type { ProviderDialect } from '@cleanmail/scim';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, type Libs, libsFor, openLibs } from '../support/libs.js';
import { dumpOfTenant, query } from '../support/rows.js';

const hour = 3_600_000;
const start = 1_763_700_000_000;

describeEachEngine('dialects of tenants', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;

  beforeEach(async () => {
    tenant = await createTenant(libs());
  });

  const seen = (dialect: ProviderDialect, hours: number, { dialects }: Pick<Libs, 'dialects'> = libs()) =>
    dialects.record(
      tenant,
      { dialect, evidence: `sign of ${dialect}` },
      { requestId: `r${hours}`, at: start + hours * hour },
    );
  const current = async () => (await libs().tenants.get(tenant)).dialect;
  /** The changes, oldest first: as audit entries, which must be the same as the events of the feed. */
  async function changes(): Promise<readonly string[]> {
    const entries = await libs().audit.list(tenant, { limit: 100 });
    const audited = entries.filter(({ action }) => action === 'tenant.dialect').reverse();
    const events = await query(
      libs().database,
      "SELECT actor, request_id, data, at FROM outbox_event WHERE tenant_id = ? AND type = 'tenant.dialect-changed' ORDER BY version",
      [tenant],
    );
    expect(events.map(({ data }) => JSON.parse(String(data)) as unknown)).toEqual(
      audited.map(({ details }) => details),
    );
    expect(events.map(({ request_id: id }) => id)).toEqual(audited.map(({ requestId }) => requestId));
    expect(new Set([...events, ...audited].map((entry) => entry.actor))).toEqual(
      new Set(events.length === 0 ? [] : ['system']),
    );
    return audited.map(({ details: { from, to } }) => `${String(from)} > ${String(to)}`);
  }

  it('should know none before a request has shown one', async () => {
    expect(await current()).toBeNull();
    expect(await changes()).toEqual([]);
  });

  it('should record the first as a change, with its evidence', async () => {
    await seen('entra', 0);
    const only = {
      dialect: 'entra',
      evidence: 'sign of entra',
      firstSeenAt: start,
      lastSeenAt: start,
      since: start,
    };
    expect(await current()).toEqual({ current: only, seen: [only] });
    expect(await changes()).toEqual(['null > entra']);
    const [event] = await query(libs().database, 'SELECT version, position FROM outbox_event WHERE tenant_id = ?', [
      tenant,
    ]);
    expect(event).toEqual({ version: 1, position: 0 });
  });

  it('should move the last sighting on, never back, without another change', async () => {
    await seen('entra', 0);
    await seen('entra', 2);
    await seen('entra', 1);
    expect(await current()).toMatchObject({
      current: { firstSeenAt: start, lastSeenAt: start + 2 * hour, since: start },
    });
    expect(await changes()).toEqual(['null > entra']);
  });

  it('should record a dialect that is new, and show the one seen last', async () => {
    await seen('okta', 0);
    await seen('onelogin', 1);
    expect(await current()).toMatchObject({
      current: { dialect: 'onelogin' },
      seen: [{ dialect: 'onelogin' }, { dialect: 'okta' }],
    });
    expect(await changes()).toEqual(['null > okta', 'okta > onelogin']);
  });

  it('should not record two dialects that alternate day and night as changes', async () => {
    for (let hours = 0; hours < 72; hours += 6) {
      await seen(hours % 12 === 0 ? 'entra-scim062020' : 'entra', hours);
    }
    expect(await changes()).toEqual(['null > entra-scim062020', 'entra-scim062020 > entra']);
    expect(await current()).toMatchObject({ current: { dialect: 'entra', since: start + 6 * hour } });
  });

  it('should record a dialect that takes over again after a day of absence', async () => {
    await seen('entra', 0);
    await seen('okta', 1);
    await seen('okta', 20);
    await seen('entra', 24);
    expect(await changes()).toEqual(['null > entra', 'entra > okta', 'okta > entra']);
    expect(await current()).toMatchObject({
      current: { dialect: 'entra', firstSeenAt: start, since: start + 24 * hour },
    });
  });

  it('should not record the same dialect after a silence of everybody', async () => {
    await seen('entra', 0);
    await seen('entra', 100);
    expect(await changes()).toEqual(['null > entra']);
    expect(await current()).toMatchObject({ current: { lastSeenAt: start + 100 * hour } });
  });

  it('should record a change once when many requests show it at once', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, index) => seen(index % 2 === 0 ? 'okta' : 'google', 0)));
    const first = await changes();
    expect(first).toHaveLength(2);
    expect(first[0]).toMatch(/^null > (okta|google)$/);
    await Promise.all(Array.from({ length: 12 }, () => seen('jumpcloud', 30)));
    await Promise.all(Array.from({ length: 12 }, () => seen('okta', 31)));
    expect((await changes()).slice(2)).toEqual([expect.stringMatching(/ > jumpcloud$/), 'jumpcloud > okta']);
  });

  if (engine.name !== 'sqlite') {
    it('should record a change once when two nodes see it at once', async () => {
      const other = await openLibs(libs().databaseUrl);
      try {
        await Promise.all(Array.from({ length: 20 }, (_, index) => seen('okta', 0, index % 2 === 0 ? libs() : other)));
        await Promise.all(
          Array.from({ length: 20 }, (_, index) => seen('entra', 25, index % 2 === 0 ? libs() : other)),
        );
        await Promise.all(Array.from({ length: 20 }, (_, index) => seen('okta', 26, index % 2 === 0 ? libs() : other)));
      } finally {
        await other.close();
      }
      expect(await changes()).toEqual(['null > okta', 'okta > entra', 'entra > okta']);
    });
  }

  it('should leave other tenants as they are, and list each with its own', async () => {
    const stranger = await createTenant(libs());
    const before = await dumpOfTenant(libs().database, stranger);
    await seen('google', 0);
    expect(await dumpOfTenant(libs().database, stranger)).toBe(before);
    const listed = await libs().tenants.list({ limit: 1000 });
    expect(listed.find(({ id }) => id === tenant)?.dialect).toMatchObject({ current: { dialect: 'google' } });
    expect(listed.find(({ id }) => id === stranger)?.dialect).toBeNull();
  });

  it('should record nothing of a tenant that is closed, and keep what was', async () => {
    await seen('okta', 0);
    await libs().tenants.close(tenant, actor);
    await seen('entra', 1);
    expect(await changes()).toEqual(['null > okta']);
  });

  describe('as requests show them', () => {
    let clock = start;

    beforeEach(() => {
      jest.spyOn(Date, 'now').mockImplementation(() => clock);
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('should be written at most once a minute', async () => {
      const { watch, dialects } = libs();
      const record = jest.spyOn(dialects, 'record');
      const note = (dialect: ProviderDialect) => watch.note(tenant, { dialect, evidence: 'a sign' }, 'r');
      for (let second = 0; second < 120; second += 1) {
        clock = start + second * 1000;
        note('entra');
        if (second === 30) note('okta');
      }
      await watch.settled();
      expect(record.mock.calls.map(([, { dialect }, { at }]) => [dialect, at - start])).toEqual([
        ['entra', 0],
        ['okta', 30_000],
        ['entra', 60_000],
      ]);
      expect(await changes()).toHaveLength(2);
    });

    it('should do no harm when the database refuses them', async () => {
      const { watch, dialects } = libs();
      jest.spyOn(dialects, 'record').mockRejectedValue(new Error('away'));
      watch.note(tenant, { dialect: 'okta', evidence: 'a sign' }, 'r');
      await expect(watch.settled()).resolves.toBeUndefined();
      expect(await current()).toBeNull();
    });
  });
});
