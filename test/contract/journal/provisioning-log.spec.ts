import { beforeAll, expect, it, jest } from '@jest/globals';
import { asTenantId, newId, type TenantId } from '@cleanmail/database';
import { logEntry, type ProvisioningLogEntry, provisioningRequest, type ProvisioningResult } from '@cleanmail/journal';
import { ScimError } from '@cleanmail/scim';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, replacing } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';
import { query } from '../support/rows.js';

describeEachEngine('the provisioning log', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;

  beforeAll(async () => {
    tenant = await createTenant(libs());
  });

  function entry(result: Partial<ProvisioningResult> = {}, operation = 'query'): ProvisioningLogEntry {
    const request = provisioningRequest({
      tokenId: newId(),
      requestId: newId(),
      method: 'GET',
      operation,
      resourceType: 'User',
    });
    const made = logEntry(request, { outcome: 'success', status: 200, ...result });
    return { ...made, durationMs: Math.round(made.durationMs) };
  }

  /** A tenant of its own with these entries, in their order. */
  async function logged(...entries: readonly ProvisioningLogEntry[]): Promise<TenantId> {
    const own = asTenantId(newId());
    for (const each of entries) libs().log.append(own, each);
    await libs().log.flush();
    return own;
  }

  const ids = (entries: readonly ProvisioningLogEntry[]) => entries.map(({ id }) => id);

  it('should bring back an entry as it was', async () => {
    const full = entry({
      outcome: 'failure',
      status: 409,
      scimType: 'uniqueness',
      detail: 'taken: "Änna" 😀',
      resourceId: newId(),
      userName: 'Änna@Contoso.CH',
      changes: ['userName', 'emails'],
    });
    const bare = { ...entry(), changes: [] };
    const own = await logged(full, bare);
    expect(await libs().log.list(own, { limit: 10 })).toEqual([bare, full]);
  });

  it('should write a change with what it changed, in the transaction of the change', async () => {
    const made = command();
    const user = await libs().users.create(tenant, made, {
      userName: `u-${newId()}@free.example`,
      title: 'secret title',
    });
    await libs().users.modify(tenant, command(), user.id, replacing({ title: 'other', 'name.givenName': 'A' }));
    await libs().users.delete(tenant, command(), user.id);
    const entries = await libs().log.list(tenant, { user: user.id, limit: 10 });
    expect(entries.map(({ status, outcome, changes }) => ({ status, outcome, changes: [...changes].sort() }))).toEqual([
      { status: 204, outcome: 'success', changes: [] },
      { status: 200, outcome: 'success', changes: ['name.givenName', 'title'] },
      { status: 201, outcome: 'success', changes: ['active', 'title', 'userName'] },
    ]);
    expect(entries[2]).toMatchObject({
      id: made.request.logId,
      tokenId: made.request.tokenId,
      userName: user.resource['userName'],
    });
    expect(JSON.stringify(entries)).not.toContain('secret title');
  });

  it('should leave nothing of a change that was rolled back', async () => {
    const { users, log, database } = libs();
    const userName = `u-${newId()}@free.example`;
    jest.spyOn(log, 'record').mockRejectedValueOnce(new Error('no entry'));
    await expect(users.create(tenant, command(), { userName })).rejects.toThrow('no entry');
    for (const [table, column, value] of [
      ['scim_user', 'user_name', userName],
      ['mail_recipient', 'address_key', userName],
      ['provisioning_log', 'user_name', userName],
    ]) {
      expect(await query(database, `SELECT 1 AS one FROM ${table} WHERE ${column} = ?`, [value ?? ''])).toEqual([]);
    }
    await users.create(tenant, command(), { userName });
    await expect(users.create(tenant, command(), { userName })).rejects.toBeInstanceOf(ScimError);
    expect(await log.list(tenant, { user: userName, limit: 10 })).toHaveLength(1);
  });

  it('should write thousands of entries that come at once in few statements, and lose none', async () => {
    const own = asTenantId(newId());
    const read = jest.spyOn(libs().database, 'read');
    const entries = Array.from({ length: 3000 }, () => entry());
    for (const each of entries) libs().log.append(own, each);
    await libs().log.flush();
    expect(read.mock.calls.length).toBeLessThanOrEqual(17);
    read.mockRestore();
    expect(ids(await libs().log.list(own, { limit: 5000 }))).toEqual(ids(entries).reverse());
    expect(libs().log.lost).toBe(0);
  });

  it('should go on after a batch that could not be written, and count what was lost', async () => {
    const before = libs().log.lost;
    const own = asTenantId(newId());
    jest.spyOn(libs().database, 'read').mockRejectedValueOnce(new Error('gone'));
    libs().log.append(own, entry());
    await libs().log.flush();
    const kept = entry();
    libs().log.append(own, kept);
    expect(ids(await libs().log.list(own, { limit: 10 }))).toEqual([kept.id]);
    expect(libs().log.lost - before).toBe(1);
  });

  it('should filter by user, by id or by userName in any case', async () => {
    const id = newId();
    const [byId, byName, other] = [
      entry({ resourceId: id }),
      entry({ userName: 'ÄNNA@Contoso.ch' }),
      entry({ userName: 'anna@contoso.ch' }),
    ];
    const own = await logged(byId, byName, other);
    const find = async (user: string) => ids(await libs().log.list(own, { user, limit: 10 }));
    expect(await find(id)).toEqual([byId.id]);
    expect(await find('änna@contoso.CH')).toEqual([byName.id]);
    expect(await find('anna@contoso.ch ')).toEqual([]);
    expect(await find("' OR 1=1 --")).toEqual([]);
    expect(await find('%')).toEqual([]);
  });

  it('should filter by outcome and by time, alone and together', async () => {
    const instant = Date.UTC(2026, 0, 1);
    const at = (offset: number, outcome: 'success' | 'failure') => {
      const hex = (instant + offset).toString(16).padStart(12, '0');
      const rest = newId().slice(13);
      return { ...entry({ outcome }), at: instant + offset, id: `${hex.slice(0, 8)}-${hex.slice(8)}${rest}` };
    };
    const entries = [at(-1, 'success'), at(0, 'failure'), at(1, 'success'), at(2, 'failure')];
    const own = await logged(...entries);
    const find = async (asked: object) => ids(await libs().log.list(own, { limit: 10, ...asked }));
    const all = ids(entries).reverse();
    expect(await find({})).toEqual(all);
    expect(await find({ since: instant })).toEqual(all.slice(0, 3));
    expect(await find({ since: instant + 1 })).toEqual(all.slice(0, 2));
    expect(await find({ since: instant + 3 })).toEqual([]);
    expect(await find({ since: 0 })).toEqual(all);
    expect(await find({ since: -1 })).toEqual(all);
    expect(await find({ outcome: 'failure' })).toEqual([all[0], all[2]]);
    expect(await find({ outcome: 'failure', since: instant + 1 })).toEqual([all[0]]);
  });

  it('should page by cursor, newest first, each entry once', async () => {
    const entries = Array.from({ length: 25 }, () => entry());
    const own = await logged(...entries);
    const seen: string[] = [];
    for (let before: string | undefined; ; before = seen.at(-1)) {
      const page = ids(await libs().log.list(own, { limit: 10, ...(before === undefined ? {} : { before }) }));
      seen.push(...page);
      if (page.length < 10) break;
    }
    expect(seen).toEqual(ids(entries).reverse());
  });

  it('should show a tenant nothing of another, whatever is asked', async () => {
    const theirs = entry({ resourceId: newId(), userName: 'anna@contoso.ch', outcome: 'failure' });
    await logged(theirs);
    const own = await logged(entry());
    const { resourceId = '', id } = theirs;
    for (const asked of [
      {},
      { user: resourceId },
      { user: 'anna@contoso.ch' },
      { outcome: 'failure' },
      { since: 0 },
      { before: `${id}f` },
    ] as const) {
      expect(ids(await libs().log.list(own, { limit: 100, ...asked }))).not.toContain(id);
    }
    const { log, database } = libs();
    expect(await database.read((session) => log.isRecorded(own, session, id))).toBe(false);
  });

  it('should cut what is too long for its column instead of losing the entry', async () => {
    const long = entry({
      outcome: 'failure',
      detail: 'd😀'.repeat(2000),
      userName: 'ü'.repeat(3000),
      resourceId: 'i'.repeat(300),
    });
    const grown = entry({ userName: '\u0344'.repeat(500) });
    const own = await logged({ ...long, requestId: 'r'.repeat(300) }, grown);
    const [second, first] = await libs().log.list(own, { limit: 10 });
    expect(first).toMatchObject({
      id: long.id,
      userName: 'ü'.repeat(512),
      resourceId: 'i'.repeat(64),
      requestId: 'r'.repeat(64),
    });
    expect(first?.detail?.length).toBeLessThanOrEqual(1000);
    expect(second?.id).toBe(grown.id);
  });

  it('should keep an entry with text that no request should have had', async () => {
    const strange = entry({
      userName: "x\0'; DROP TABLE provisioning_log; --\u2028\ud800",
      detail: '\ud83d',
      outcome: 'failure',
    });
    const own = await logged(strange);
    expect(ids(await libs().log.list(own, { limit: 10 }))).toEqual([strange.id]);
    expect(libs().log.lost).toBeLessThanOrEqual(1);
  });
});
