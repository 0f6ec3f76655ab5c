import { afterEach, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import type { ImportRow } from '@cleanmail/mailboxes';
import type { ReconciledPart, UserDifference } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, libsFor } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { held, tenantWithDomain } from './provider.js';

const kinds = (differences: readonly UserDifference[]) => differences.map(({ kind }) => kind).sort();

describeEachEngine('reconciliation', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  const run = (sql: string, ...values: readonly string[]) =>
    libs().database.write((session) => session.run(sql, values));

  /** All parts, of two users or mailboxes each. */
  async function all<Found extends UserDifference>(
    part: (place: { readonly after?: string; readonly limit: number }) => Promise<ReconciledPart<Found>>,
  ): Promise<readonly Found[]> {
    const found: Found[] = [];
    for (let after: string | undefined, isLast = false; !isLast;) {
      const { differences, next } = await part({ limit: 2, ...(after === undefined ? {} : { after }) });
      found.push(...differences);
      [after, isLast] = [next, next === undefined];
    }
    return found;
  }
  const find = (tenant: TenantId) => all((place) => libs().userReconciliation.find(tenant, place));
  const repair = (tenant: TenantId, removesExtra = false) =>
    all((place) =>
      libs().userReconciliation.repair(tenant, actor, place, { traits: { erasesOnDeactivation: false }, removesExtra }),
    );

  it('should find nothing where users and mailboxes go together, whatever waits', async () => {
    const own = await tenantWithDomain(libs());
    await own.create({ userName: `ada@${own.domain}`, externalId: 'a' });
    await own.create({ userName: 'parked@unowned.example' });
    await own.change(await own.create({ userName: `bea@${own.domain}` }), { active: false });
    await own.remove(await own.create({ userName: `carl@${own.domain}` }));
    await libs().imports.import(own.tenant, actor, [{ address: `dan@${own.domain}`, aliases: [] }]);
    expect(await find(own.tenant)).toEqual([]);
    expect(await libs().reconciler.wishCounts(own.tenant)).toEqual({ domain_not_owned: 1 });
  });

  it('should find each kind of difference between users and mailboxes, and repair it with an audit entry', async () => {
    const own = await tenantWithDomain(libs());
    const at = (name: string) => `${name}@${own.domain}`;
    const [lost, inactive, renamed, stranger, gone] = [
      await own.create({ userName: at('lost') }),
      await own.create({ userName: at('inactive') }),
      await own.create({ userName: at('renamed') }),
      await own.create({ userName: at('stranger'), externalId: 's-1' }),
      await own.create({ userName: at('gone') }),
    ];
    const [lostBox, inactiveBox, strangerBox, goneBox] = [
      await own.mailboxOf(lost),
      await own.mailboxOf(inactive),
      await own.mailboxOf(stranger),
      await own.mailboxOf(gone),
    ];
    await run('UPDATE mailbox_account SET scim_user_id = NULL WHERE tenant_id = ? AND id = ?', own.tenant, lostBox.id);
    await run('UPDATE scim_user SET active = 0 WHERE tenant_id = ? AND id = ?', own.tenant, inactive.id);
    await run(
      'UPDATE mailbox_account SET external_id = NULL WHERE tenant_id = ? AND id = ?',
      own.tenant,
      strangerBox.id,
    );
    await run(
      "UPDATE scim_user SET user_name = REPLACE(user_name, 'renamed@', 'newname@'), user_name_key = REPLACE(user_name_key, 'renamed@', 'newname@') WHERE tenant_id = ? AND id = ?",
      own.tenant,
      renamed.id,
    );
    await run("UPDATE mail_recipient SET action = 'reject' WHERE address_key = ?", at('stranger'));
    await run('DELETE FROM mail_recipient WHERE address_key = ?', at('gone'));
    await run('UPDATE mail_recipient SET primary_key = ? WHERE address_key = ?', at('other'), at('renamed'));
    await run(
      'UPDATE mailbox_account SET scim_user_id = ? WHERE tenant_id = ? AND id = ?',
      `${gone.id.slice(0, -4)}ffff`,
      own.tenant,
      goneBox.id,
    );

    const found = await find(own.tenant);
    expect(kinds(found)).toEqual([
      ...['active', 'address', 'externalId', 'mailboxWithoutUser', 'recipients', 'recipients', 'recipients'],
      ...['userWithoutMailbox', 'userWithoutMailbox'],
    ]);
    expect(found.find(({ kind }) => kind === 'address')).toMatchObject({
      mapping: at('renamed'),
      source: at('newname'),
      userId: renamed.id,
    });

    const audited = (await libs().audit.list(own.tenant, { limit: 100 })).length;
    const repaired = await repair(own.tenant);
    const left = repaired.filter(({ isRepaired }) => !isRepaired);
    expect(left.map(({ kind, mailboxId }) => [kind, mailboxId])).toEqual([['mailboxWithoutUser', goneBox.id]]);
    const entries = (await libs().audit.list(own.tenant, { limit: 100 })).slice(0, -audited || undefined);
    expect(entries.length).toBeGreaterThanOrEqual(repaired.length - 1);
    expect([...new Set(entries.map(({ action }) => action))]).toEqual(['reconcile.repair']);
    expect((await own.mailboxOf(lost)).id).toBe(lostBox.id);
    expect(await own.byId(inactiveBox.id)).toMatchObject({ status: 'suspended', scimActive: false });
    expect(held(await own.mailboxOf(renamed))).toEqual([
      `${at('newname')} primary live`,
      `${at('renamed')} former live`,
    ]);
    expect(kinds(await find(own.tenant))).toEqual(['mailboxWithoutUser']);

    await repair(own.tenant, true);
    expect(await own.byId(goneBox.id)).toMatchObject({ status: 'deleted', scimUserId: null });
    expect(await find(own.tenant)).toEqual([]);
  });

  it('should compare a list with the mapping, both ways', async () => {
    const own = await tenantWithDomain(libs());
    const at = (name: string) => `${name}@${own.domain}`;
    const user = await own.create({ userName: at('ada') });
    const ada = await own.mailboxOf(user);
    await libs().imports.import(own.tenant, actor, [
      { address: at('bea'), aliases: [at('b')] },
      { address: at('carl'), aliases: [] },
      { address: 'dan@unowned.example', aliases: [] },
    ]);
    await own.remove(await own.create({ userName: at('over') }));
    const rows: readonly ImportRow[] = [
      { address: at('ADA'), aliases: [at('a')], kind: 'shared', legalHold: true },
      { address: at('b'), aliases: [] },
      { address: 'dan@unowned.example', aliases: [] },
      { address: at('nobody'), aliases: [] },
      { address: 'nothing', aliases: [] },
    ];
    const compared = await libs().reconciler.compareRows(own.tenant, rows);
    expect(
      compared.map(({ key, mailboxId, differences }) => [
        key,
        mailboxId !== null,
        differences.map(({ field }) => field),
      ]),
    ).toEqual([
      [at('ada'), true, ['kind', 'alias', 'legalHold']],
      [at('b'), true, ['role']],
      ['dan@unowned.example', true, ['status']],
      [at('nobody'), false, []],
      [null, false, []],
    ]);
    const source = async function* () {
      yield rows.slice(0, 2);
      yield rows.slice(2);
    };
    const report = await libs().reconciler.report(own.tenant, { kind: 'csv', rows: source() });
    expect(report).toMatchObject({
      compared: { rows: 5 },
      onlyInSource: [at('nobody'), 'nothing'],
      wishes: { domain_not_owned: 1 },
      seats: { used: 3 },
      isCut: false,
    });
    expect(report.onlyInMapping.map(({ key }) => key).sort()).toEqual([at('bea'), at('carl')]);
    expect(report.differing.map(({ field }) => field).sort()).toEqual(['alias', 'kind', 'legalHold', 'role', 'status']);
    expect(report.differing.every(({ mailboxId }) => mailboxId !== '')).toBe(true);
    expect((await own.byId(ada.id)).rowVersion).toBe(ada.rowVersion);
  });

  it('should tell nothing of another tenant, and change nothing there', async () => {
    const [own, other] = [await tenantWithDomain(libs()), await tenantWithDomain(libs())];
    const user = await other.create({ userName: `ada@${other.domain}` });
    const [row] = await libs().reconciler.compareRows(own.tenant, [{ address: `ada@${other.domain}`, aliases: [] }]);
    expect(row).toEqual({ key: `ada@${other.domain}`, mailboxId: null, differences: [] });
    const before = await other.mailboxOf(user);
    await libs().reconciler.rewriteRecipients(own.tenant, actor, before.id);
    expect(await libs().reconciler.recipients(own.tenant, { limit: 10 })).toEqual({ rows: [] });
    expect(await other.mailboxOf(user)).toEqual(before);
  });
});
