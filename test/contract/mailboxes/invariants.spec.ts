import { beforeAll, expect, it } from '@jest/globals';
import { newId, type SqlValue, type TenantId } from '@cleanmail/database';
import { describeEachEngine } from '../../support/engines/index.js';
import { command } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';
import { query, type Row } from '../support/rows.js';

/** What each engine says when a key, a reference or a check is broken. */
const refusals = {
  duplicate: /Duplicate entry|UNIQUE constraint failed/,
  reference: /foreign key constraint/i,
  check: /CONSTRAINT `?\w+`? failed|Check constraint '\w+' is violated|CHECK constraint failed/i,
} as const;

describeEachEngine('invariants of mail that the database itself keeps', (engine) => {
  const libs = libsFor(engine, () => [], { unverified: 'rows are broken to see what the database itself refuses' });
  let owner: TenantId;
  let other: TenantId;
  const domain = 'contoso.example';

  beforeAll(async () => {
    owner = await createTenant(libs(), { domains: [domain] });
    other = await createTenant(libs());
    await libs().users.create(owner, command(), { userName: `anna@${domain}` });
    await libs().users.create(owner, command(), { userName: `bob@${domain}` });
    await libs().users.create(other, command(), { userName: 'carl@free.example' });
  });

  function run(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    return libs().database.write((session) => session.run(sql, values));
  }

  async function refused(kind: keyof typeof refusals, sql: string, values: readonly SqlValue[] = []): Promise<void> {
    const { database } = libs();
    const attempt = database.write((session) =>
      session.run(sql, values).catch((error: Error) => {
        throw new Error(`refused: ${error.message}`);
      }),
    );
    await expect(attempt).rejects.toThrow(refusals[kind]);
    await expect(attempt).rejects.toThrow(/^refused: /);
  }

  async function mailbox(tenant: TenantId, key: string): Promise<Row> {
    const sql =
      'SELECT m.*, a.id AS address_id FROM mailbox_account m JOIN mailbox_address a ON a.mailbox_id = m.id WHERE m.tenant_id = ? AND a.claim_key = ?';
    const [row] = await query(libs().database, sql, [tenant, key]);
    if (row === undefined) throw new Error(`nobody holds ${key}`);
    return row;
  }

  interface Address {
    readonly tenant: TenantId;
    readonly mailboxId: string;
    readonly key: string;
    readonly role?: string;
    readonly basis?: string;
    readonly state?: string;
  }

  const insertAddress =
    'INSERT INTO mailbox_address (tenant_id, id, mailbox_id, local_key, local_display, domain_ascii, role, source, basis, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)';

  function address({ tenant, mailboxId, key, role = 'alias', basis = 'domain', state = 'live' }: Address): SqlValue[] {
    const [local = '', at = ''] = key.split('@');
    return [tenant, newId(), mailboxId, local, local, at, role, 'admin', basis, state];
  }

  const idOf = async (tenant: TenantId, key: string) => String((await mailbox(tenant, key))['id']);

  it('should refuse a second holder of an address, in the same tenant and in another', async () => {
    const bob = await idOf(owner, `bob@${domain}`);
    await refused('duplicate', insertAddress, address({ tenant: owner, mailboxId: bob, key: `anna@${domain}` }));
    const reserved = { tenant: owner, mailboxId: bob, key: `anna@${domain}`, state: 'reserved' };
    await refused('duplicate', insertAddress, address(reserved));
    const carl = await idOf(other, 'carl@free.example');
    const open = { tenant: other, mailboxId: carl, key: `anna@${domain}`, basis: 'open' };
    await refused('duplicate', insertAddress, address(open));
  });

  it('should refuse to bring a released address back while somebody else has it', async () => {
    const bob = await idOf(owner, `bob@${domain}`);
    expect(
      await run(insertAddress, address({ tenant: owner, mailboxId: bob, key: `anna@${domain}`, state: 'released' })),
    ).toBe(1);
    await refused(
      'duplicate',
      "UPDATE mailbox_address SET state = 'live' WHERE mailbox_id = ? AND state = 'released'",
      [bob],
    );
  });

  it('should refuse a second primary address of a mailbox', async () => {
    const anna = await idOf(owner, `anna@${domain}`);
    await refused(
      'duplicate',
      insertAddress,
      address({ tenant: owner, mailboxId: anna, key: `anna2@${domain}`, role: 'primary' }),
    );
    expect(await run(insertAddress, address({ tenant: owner, mailboxId: anna, key: `alias@${domain}` }))).toBe(1);
  });

  it('should refuse a claim on a domain of somebody else, of nobody, and on one that is only pending', async () => {
    const carl = await idOf(other, 'carl@free.example');
    await refused('reference', insertAddress, address({ tenant: other, mailboxId: carl, key: `ceo@${domain}` }));
    await refused('reference', insertAddress, address({ tenant: other, mailboxId: carl, key: 'ceo@nobody.example' }));
    const insertDomain =
      "INSERT INTO mail_domain (tenant_id, id, name_ascii, name_unicode, status, created_at, unknown_recipient_policy, subaddressing) VALUES (?, ?, ?, ?, 'pending', 1, 'defer', 'plus')";
    expect(await run(insertDomain, [other, newId(), domain, domain])).toBe(1);
    await refused('reference', insertAddress, address({ tenant: other, mailboxId: carl, key: `ceo@${domain}` }));
    await refused('duplicate', "UPDATE mail_domain SET status = 'verified' WHERE tenant_id = ? AND name_ascii = ?", [
      other,
      domain,
    ]);
    await run('DELETE FROM mail_domain WHERE tenant_id = ?', [other]);
  });

  it('should refuse to release or remove a domain while claims rest on it', async () => {
    await refused('reference', "UPDATE mail_domain SET status = 'released' WHERE tenant_id = ?", [owner]);
    await refused('reference', "UPDATE mail_domain SET status = 'pending' WHERE tenant_id = ?", [owner]);
    await refused('reference', 'DELETE FROM mail_domain WHERE tenant_id = ?', [owner]);
    expect(await run("UPDATE mail_domain SET status = 'suspended' WHERE tenant_id = ?", [owner])).toBe(1);
    expect(await run("UPDATE mail_domain SET status = 'verified' WHERE tenant_id = ?", [owner])).toBe(1);
  });

  it('should refuse a second owner of a domain', async () => {
    const insertDomain =
      "INSERT INTO mail_domain (tenant_id, id, name_ascii, name_unicode, status, created_at, unknown_recipient_policy, subaddressing) VALUES (?, ?, ?, ?, ?, 1, 'defer', 'plus')";
    await refused('duplicate', insertDomain, [other, newId(), domain, domain, 'verified']);
    await refused('duplicate', insertDomain, [other, newId(), domain, domain, 'suspended']);
  });

  it('should refuse an address of a mailbox of another tenant', async () => {
    const anna = await idOf(owner, `anna@${domain}`);
    await refused(
      'reference',
      insertAddress,
      address({ tenant: other, mailboxId: anna, key: 'x@free.example', basis: 'open' }),
    );
  });

  it('should refuse two mailboxes of one user, and a mailbox that is deleted without a time or the reverse', async () => {
    const { scim_user_id: user, id } = await mailbox(owner, `anna@${domain}`);
    const bob = await idOf(owner, `bob@${domain}`);
    await refused('duplicate', 'UPDATE mailbox_account SET scim_user_id = ? WHERE id = ?', [String(user), bob]);
    await refused('check', "UPDATE mailbox_account SET status = 'deleted' WHERE id = ?", [String(id)]);
    await refused('check', 'UPDATE mailbox_account SET deleted_at = 1 WHERE id = ?', [String(id)]);
  });

  it.each([
    ['mailbox_account', 'status'],
    ['mailbox_account', 'admin_state'],
    ['mailbox_account', 'kind'],
    ['mailbox_account', 'origin'],
    ['mailbox_address', 'role'],
    ['mailbox_address', 'state'],
    ['mailbox_address', 'basis'],
    ['mail_domain', 'status'],
    ['mail_recipient', 'action'],
    ['tenant', 'status'],
  ])('should refuse a word that %s.%s does not know', async (table, column) => {
    await refused('check', `UPDATE ${table} SET ${column} = 'other'`);
  });

  it('should keep keys apart that differ in case, accent, width or trailing blanks', async () => {
    const anna = await idOf(owner, `anna@${domain}`);
    const keys = ['muller', 'müller', 'Muller', 'mueller', 'muller ', 'mu\u0308ller', 'ｍuller'].map(
      (local) => `${local}@${domain}`,
    );
    for (const key of keys) {
      expect(await run(insertAddress, address({ tenant: owner, mailboxId: anna, key }))).toBe(1);
    }
    for (const key of keys) {
      expect(await query(libs().database, 'SELECT claim_key FROM mailbox_address WHERE claim_key = ?', [key])).toEqual([
        { claim_key: key },
      ]);
    }
  });
});
