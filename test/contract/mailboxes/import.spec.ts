import { afterEach, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import type { ImportAnswer, ImportRow } from '@cleanmail/mailboxes';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, libsFor, withSecondNode } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { query } from '../support/rows.js';
import { held, tenantWithDomain } from './provider.js';

const row = (address: string, more: Partial<ImportRow> = {}): ImportRow => ({ address, aliases: [], ...more });
const outcomes = (answers: readonly ImportAnswer[]) =>
  answers.map(({ outcome, reason }) => (reason === undefined ? outcome : `${outcome} ${reason}`));
const counted = (answers: readonly ImportAnswer[], outcome: string) =>
  outcomes(answers).filter((each) => each === outcome).length;

describeEachEngine('import of mailboxes', (engine) => {
  const libs = libsFor(engine);
  afterEach(() => expectMailConsistent(libs().database));

  /** All that an import could change of a tenant, as text. */
  async function tablesOf(tenant: TenantId): Promise<string> {
    const tables = ['mailbox_account', 'mailbox_address', 'mailbox_address_wish', 'mail_recipient', 'outbox_event'];
    const all = [];
    for (const table of [...tables, 'tenant_mail_counter', 'audit_entry', 'mailbox_history']) {
      const rows = await query(libs().database, `SELECT * FROM ${table} WHERE tenant_id = ?`, [tenant]);
      all.push([table, rows.map((each) => JSON.stringify(each)).sort()]);
    }
    return JSON.stringify(all);
  }

  it('should say of each row what came of it, and leave what is there as it is when it is repeated', async () => {
    const [own, other] = [await tenantWithDomain(libs()), await tenantWithDomain(libs())];
    const at = (name: string) => `${name}@${own.domain}`;
    const user = await own.create({ userName: at('ada') });
    await own.create({ userName: at('bea') });
    const rows = [
      row(at('Carl'), { aliases: [at('c'), at('C'), at('carl')], kind: 'shared', legalHold: true }),
      row(at('ada')),
      row('dan@unowned.example', { aliases: [at('dan')] }),
      row(`eve@${other.domain}`),
      row(at('CARL')),
      row(at('fay'), { aliases: [at('bea')] }),
      row(at('gil'), { aliases: ['g@unowned.example'] }),
      row('no address'),
      row(at('c')),
      row(`ida@${own.domain}`, { aliases: ['nobody@@'] }),
    ];
    const dry = await libs().imports.import(own.tenant, actor, rows, { dryRun: true });
    const answers = await libs().imports.import(own.tenant, actor, rows);
    expect(outcomes(answers)).toEqual([
      'made',
      'adopted',
      'parked domain_not_owned',
      'parked domain_not_owned',
      'present',
      'refused address_taken',
      'made',
      'refused invalid_syntax',
      'refused address_taken',
      'refused invalid_syntax',
    ]);
    expect(outcomes(dry)).toEqual(outcomes(answers));
    expect(answers[1]?.mailboxId).toBe((await own.mailboxOf(user)).id);
    const carl = await own.byId(answers[0]?.mailboxId ?? '');
    expect(carl).toMatchObject({
      origin: 'import',
      kind: 'shared',
      kindFixed: true,
      legalHold: true,
      status: 'active',
    });
    expect(held(carl)).toEqual([`c@${own.domain} alias live`, `carl@${own.domain} primary live`]);
    expect(await own.action(at('c'))).toBe('accept');
    expect(await own.events(carl)).toEqual(['mailbox.activated', 'address.granted', 'address.granted']);
    expect(answers[5]?.address).toBe(at('bea'));
    const [entry, ...older] = await libs().audit.list(own.tenant, { limit: 3 });
    expect(entry).toMatchObject({ action: 'mailbox.import', details: { mailboxes: 4, parked: 2, legalHolds: 1 } });
    expect(older.map(({ action }) => action)).not.toContain('mailbox.import');

    const before = await tablesOf(own.tenant);
    const again = await libs().imports.import(own.tenant, actor, rows);
    expect(outcomes(again).slice(0, 5)).toEqual(['present', 'adopted', 'present', 'present', 'present']);
    expect(await tablesOf(own.tenant)).toBe(before);
  });

  it('should give what a domain waited for once the tenant owns it', async () => {
    const own = await tenantWithDomain(libs());
    const domain = `later-${own.domain}`;
    const [answer] = await libs().imports.import(own.tenant, actor, [
      row(`ada@${domain}`, { aliases: [`a@${domain}`] }),
    ]);
    await libs().domains.add(own.tenant, actor, { domain });
    await libs().domains.verify(own.tenant, actor, domain, { vouched: true });
    const ada = await own.byId(answer?.mailboxId ?? '');
    expect([ada.status, ...held(ada)]).toEqual(['active', `a@${domain} alias live`, `ada@${domain} primary live`]);
  });

  it('should refuse addresses at foreign domains where the policy refuses users for them', async () => {
    const own = await tenantWithDomain(libs());
    await own.policy({ unownedDomainPolicy: 'reject' });
    const answers = await libs().imports.import(own.tenant, actor, [
      row('ada@unowned.example'),
      row(`b@${own.domain}`),
    ]);
    expect(outcomes(answers)).toEqual(['refused domain_not_owned', 'made']);
  });

  it('should take free seats only, also across units of work, and say so in a dry run', async () => {
    const own = await tenantWithDomain(libs());
    await own.policy({ seatLimit: 270, seatPolicy: 'hard' });
    const rows = Array.from({ length: 280 }, (_, index) => row(`u${index}@${own.domain}`));
    const unmade = await tablesOf(own.tenant);
    const dry = await libs().imports.import(own.tenant, actor, rows, { dryRun: true });
    expect(await tablesOf(own.tenant)).toBe(unmade);
    const answers = await libs().imports.import(own.tenant, actor, rows);
    expect(outcomes(dry)).toEqual(outcomes(answers));
    expect([counted(answers, 'made'), counted(answers, 'parked seat_limit')]).toEqual([270, 10]);
    expect(await libs().seats.usage(own.tenant)).toMatchObject({ used: 270, waiting: 10 });
  });

  it('should have a former address, one of a leaver and one of a tenant without domains yielded', async () => {
    const own = await tenantWithDomain(libs());
    const at = (name: string) => `${name}@${own.domain}`;
    const renamed = await own.create({ userName: at('old') });
    await own.change(renamed, { userName: at('new') });
    await own.remove(await own.create({ userName: at('left') }));
    const rows = [row(at('old'), { aliases: [at('left')] }), row(at('plain'))];
    const before = await tablesOf(own.tenant);
    expect(outcomes(await libs().imports.import(own.tenant, actor, rows, { dryRun: true }))).toEqual(['made', 'made']);
    expect(await tablesOf(own.tenant)).toBe(before);
    const [first] = await libs().imports.import(own.tenant, actor, rows);
    expect(held(await own.byId(first?.mailboxId ?? ''))).toEqual([
      `${at('left')} alias live`,
      `${at('old')} primary live`,
    ]);
    expect(held(await own.mailboxOf(renamed))).toEqual([`${at('new')} primary live`, `${at('old')} former released`]);
  });

  it('should make each mailbox once when two people import the same at once', async () => {
    const own = await tenantWithDomain(libs());
    const rows = Array.from({ length: 250 }, (_, index) =>
      row(`u${index}@${own.domain}`, { aliases: [`a${index}@${own.domain}`] }),
    );
    await withSecondNode(engine, libs(), async (second) => {
      const runs = await Promise.all([
        libs().imports.import(own.tenant, actor, rows),
        second.imports.import(own.tenant, actor, [...rows].reverse()),
      ]);
      const all = runs.flat();
      expect([counted(all, 'made'), counted(all, 'present')]).toEqual([250, 250]);
    });
  });

  it('should give an imported mailbox to the user who comes with its address, or only to the one with its external id', async () => {
    const own = await tenantWithDomain(libs());
    const rows = [row(`ada@${own.domain}`), row(`bea@${own.domain}`, { externalId: 'b-1' })];
    const [ada, bea] = await libs().imports.import(own.tenant, actor, rows);
    expect((await own.mailboxOf(await own.create({ userName: `ada@${own.domain}` }))).id).toBe(ada?.mailboxId);
    const stranger = await own.mailboxOf(await own.create({ userName: `bea@${own.domain}`, externalId: 'other' }));
    expect([stranger.id === bea?.mailboxId, stranger.statusReason]).toEqual([false, 'address_taken']);
    const person = await own.create({ userName: `bea.b@${own.domain}`, externalId: 'b-1' });
    expect((await own.mailboxOf(person)).id).toBe(bea?.mailboxId);
  });

  it('should have the user wait with the mailbox that was imported for the address, for a domain or a seat', async () => {
    const own = await tenantWithDomain(libs());
    const parked = [row('ada@unowned.example'), row('bea@unowned.example', { externalId: 'b-1' })];
    const [ada] = await libs().imports.import(own.tenant, actor, parked);
    expect((await own.mailboxOf(await own.create({ userName: 'Ada@unowned.example' }))).id).toBe(ada?.mailboxId);
    const stranger = await own.mailboxOf(await own.create({ userName: 'bea@unowned.example', externalId: 'other' }));
    expect(stranger).toMatchObject({ origin: 'scim', statusReason: 'domain_not_owned' });
    await own.policy({ seatLimit: 0, seatPolicy: 'hard' });
    const [carl] = await libs().imports.import(own.tenant, actor, [row(`carl@${own.domain}`)]);
    const user = await own.create({ userName: `carl@${own.domain}` });
    await own.policy({ seatLimit: 1 });
    await libs().clocks.run({ now: true });
    expect(await own.mailboxOf(user)).toMatchObject({ id: carl?.mailboxId, status: 'active', wishes: [] });
  });
});
