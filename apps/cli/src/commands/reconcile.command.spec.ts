import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fingerprintOf, RecipientDigest } from '@cleanmail/mailboxes';

import type { AdminAnswer } from '../admin-client/transport.js';
import { runCommand } from '../program.js';
import { contosoId, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

const own = `/admin/v1/tenants/${contosoId}`;
const ok = (body: object): AdminAnswer => ({ status: 200, body });
const seats = { [`GET ${own}/seats`]: ok({ used: 3, limit: null }) };
const lost = {
  kind: 'userWithoutMailbox',
  userId: 'u1',
  mailboxId: null,
  subject: 'ada@x.example',
  mapping: '',
  source: '',
};
const orphan = {
  kind: 'mailboxWithoutUser',
  userId: 'u2',
  mailboxId: 'm2',
  subject: 'mailbox m2',
  mapping: 'u2',
  source: '',
};

describe('reconcile', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'cleanmail-reconcile-'))));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  it('should say what users and mailboxes have differently and what to do, and change nothing', async () => {
    const part = ok({ items: [lost, orphan], users: 2, mailboxes: 1, wishes: { domain_not_owned: 4 } });
    const context = fakeContext({ answer: service({ [`GET ${own}/reconciliation`]: part, ...seats }) });
    const report = join(folder, 'report.csv');
    expect(await runCommand(['reconcile', 'Contoso AG', '--scim', '--report', report], context)).toBe(1);
    expect(context.requests.every(({ method }) => method === 'GET')).toBe(true);
    expect(context.out).toEqual([
      'userWithoutMailbox: 1',
      '  user ada@x.example has no mailbox. --repair makes it, as the user’s next request would',
      'mailboxWithoutUser: 1',
      expect.stringContaining('mailbox m2 belongs to user u2, whom there is not. --repair --remove-extra'),
      'waiting addresses: 4 domain_not_owned',
      'seats: 3 of any number',
      'compared 2 users, 1 mailboxes: 2 differences, 2 open',
    ]);
    expect(readFileSync(report, 'utf8').trim().split('\n')).toHaveLength(3);
  });

  it('should repair only when told to and confirmed, and fail while something is left', async () => {
    const items = [
      { ...lost, isRepaired: true },
      { ...orphan, isRepaired: false, problem: 'only with removeExtra' },
    ];
    const part = ok({ items, users: 1, mailboxes: 1 });
    const answer = service({ [`POST ${own}/reconciliation`]: part, ...seats });
    const args = ['reconcile', 'Contoso AG', '--scim', '--repair'];
    const unsure = fakeContext({ answer, reply: 'n' });
    expect(await runCommand(args, unsure)).toBe(1);
    expect(unsure.requests.some(({ method }) => method === 'POST')).toBe(false);
    const context = fakeContext({ answer });
    expect(await runCommand(args, context)).toBe(2);
    expect(await runCommand([...args, '--yes'], context)).toBe(1);
    expect(context.requests.find(({ method }) => method === 'POST')?.body).toEqual({ limit: 500, removeExtra: false });
    expect(context.out).toContain('  user ada@x.example has no mailbox. repaired');
    const clean = fakeContext({
      answer: service({ [`POST ${own}/reconciliation`]: ok({ items: [], users: 1, mailboxes: 1 }), ...seats }),
    });
    expect(await runCommand([...args, '--yes'], clean)).toBe(0);
  });

  it('should compare a list, import what is missing and suspend what no user has, when told to', async () => {
    const rows = [
      {
        key: 'ada@x.example',
        mailboxId: 'm1',
        differences: [
          { field: 'kind', mapping: 'user', source: 'shared' },
          { field: 'status', mapping: 'suspended (scim)', source: 'active' },
        ],
      },
      { key: 'new@x.example', mailboxId: null, differences: [] },
    ];
    const mailboxes = [
      { id: 'm1', address: 'ada@x.example', status: 'active', userId: 'u1' },
      { id: 'm2', address: 'old@x.example', status: 'active', userId: null, adminState: 'none' },
      { id: 'm3', address: 'bea@x.example', status: 'active', userId: 'u3' },
      { id: 'm4', address: 'gone@x.example', status: 'deleted', userId: null },
      { id: 'm5', address: 'done@x.example', status: 'suspended', userId: null, adminState: 'suspended' },
    ];
    const answer = service({
      [`POST ${own}/reconciliation/mailboxes`]: ok({ items: rows }),
      [`GET ${own}/mailboxes`]: ok({ items: mailboxes }),
      [`GET ${own}/reconciliation`]: ok({ items: [], users: 1, mailboxes: 0, wishes: {} }),
      [`POST ${own}/mailboxes/import`]: ok({ items: [{ outcome: 'made' }] }),
      [`PATCH ${own}/mailboxes/m1`]: ok(mailboxes[0] ?? {}),
      [`PATCH ${own}/mailboxes/m2`]: ok(mailboxes[1] ?? {}),
      ...seats,
    });
    const list = file('list.csv', 'address,kind\nada@x.example,shared\nnew@x.example,\n"x,\n');
    const dry = fakeContext({ answer });
    expect(await runCommand(['reconcile', 'Contoso AG', '--csv', list], dry)).toBe(1);
    expect(dry.out.filter((line) => /^\w+: \d+$/.test(line))).toEqual([
      'unreadable: 1',
      'kind: 1',
      'status: 1',
      'missing: 1',
      'extra: 2',
    ]);
    const repairing = fakeContext({ answer });
    const args = ['reconcile', 'Contoso AG', '--csv', list, '--repair', '--remove-extra', '--yes', '--json'];
    expect(await runCommand(args, repairing)).toBe(1);
    const changes = repairing.requests.filter(
      ({ method, path }) => method !== 'GET' && !path.includes('reconciliation'),
    );
    expect(changes.map(({ method, path, body }) => [method, path.slice(own.length), body])).toEqual([
      ['PATCH', '/mailboxes/m1', { kind: 'shared' }],
      ['POST', '/mailboxes/import', { rows: [{ address: 'new@x.example' }] }],
      ['PATCH', '/mailboxes/m2', { adminState: 'suspended' }],
    ]);
    expect(JSON.parse(repairing.out.join(''))).toMatchObject({ differences: 6, open: 3, counts: { extra: 2 } });
  });

  it('should compare what a gateway has, by digest and row by row', async () => {
    const recipient = (name: string, action = 'accept') =>
      ({ key: `${name}@x.example`, action, primary: `${name}@x.example`, mailboxId: `m-${name}` }) as const;
    const items = [recipient('ada'), recipient('bea', 'hold'), recipient('carl')];
    const sum = new RecipientDigest();
    const lines = items.map((each, index) => {
      const fingerprint = fingerprintOf({ ...each, action: index === 1 ? 'hold' : 'accept' }) ?? [0n, 0n];
      sum.add(fingerprint);
      return `${each.key.split('@')[0]} 1 ${each.action} ${fingerprint[0].toString(16)} ${fingerprint[1].toString(16)}`;
    });
    const answer = service({
      [`GET ${own}/reconciliation/digest`]: ok({ version: 7, count: 3, digest: sum.digest }),
      [`GET ${own}/reconciliation/recipients`]: ok({ items }),
      ...seats,
    });
    const compare = async (source: string) => {
      const context = fakeContext({ answer });
      const code = await runCommand(['reconcile', 'Contoso AG', '--gateway', source], context);
      return { code, out: context.out, asked: context.requests.map(({ path }) => path.replace(/\?.*/, '')) };
    };
    const head = `${JSON.stringify({ format: 'cleanmail-recipients-1', tenants: [{ id: 'other' }, { id: contosoId }] })}\n{"domain":"x.example","owner":null}\n`;
    const foreign = 'zoe 0 accept 1 2\nlate 1 gone 0 0\n';
    const equal = await compare(file('equal', `${head}${lines.join('\n')}\n${foreign}{"rows":5,"sha256":""}\n`));
    expect([equal.code, equal.asked.includes(`${own}/reconciliation/recipients`)]).toEqual([0, false]);
    expect((await compare(sum.digest)).code).toBe(0);
    expect((await compare('0'.repeat(32))).out[0]).toBe('digest: 1');
    const other = await compare(
      file('other', `${head}${lines[0]}\n${lines[1]?.replace('hold', 'accept')}\nold 1 accept 1 2\n`),
    );
    expect(other.code).toBe(1);
    expect(other.out.filter((line) => /^\w+: \d+$/.test(line))).toEqual([
      'action: 1',
      'missingAtGateway: 1',
      'onlyAtGateway: 1',
    ]);
    const map = await compare(
      file(
        'map',
        '# text of a map\nada@x.example\tDUNNO\nbea@x.example OK\ncarl@x.example 550 5.1.1 User unknown\n@x.example DUNNO\n',
      ),
    );
    expect(map.out.filter((line) => /^\w+: \d+$/.test(line))).toEqual(['missingAtGateway: 1']);
    expect((await compare(join(folder, 'none'))).code).toBe(2);
    expect((await compare(file('odd', '{"format":"x"}\n'))).code).toBe(1);
  });

  it('should want to know with what to compare', async () => {
    const context = fakeContext({ answer: service() });
    for (const options of [
      [],
      ['--scim', '--csv', 'x'],
      ['--scim', '--remove-extra'],
      ['--gateway', 'x', '--repair'],
    ]) {
      expect([options, await runCommand(['reconcile', 'Contoso AG', ...options], context)]).toEqual([options, 2]);
    }
    expect(context.requests).toEqual([]);
  });
});
