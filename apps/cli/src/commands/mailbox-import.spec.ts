import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { AdminAnswer, AdminRequest } from '../admin-client/transport.js';
import type { ImportAnswer, ImportRequest } from '../admin-client/import-types.js';
import { runCommand } from '../program.js';
import { contosoId, problem, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

const own = `/admin/v1/tenants/${contosoId}`;

/** Answers each row by its local part. */
function importing(request: AdminRequest): AdminAnswer {
  if (request.path !== `${own}/mailboxes/import`) return service()(request);
  const items = (request.body as ImportRequest).rows.map(({ address }): ImportAnswer => {
    if (address.startsWith('taken')) return { outcome: 'refused', reason: 'address_taken', address };
    if (address.startsWith('alias')) return { outcome: 'refused', reason: 'invalid_syntax', address: 'x@@y' };
    if (address.startsWith('there')) return { outcome: 'present', mailboxId: 'm1' };
    return address.endsWith('@later.example') ? { outcome: 'parked', reason: 'domain_not_owned' } : { outcome: 'made' };
  });
  return { status: 200, body: { items } };
}

describe('mailbox import', () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'cleanmail-import-'))));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (content: string): string => {
    writeFileSync(join(folder, 'list.csv'), content);
    return join(folder, 'list.csv');
  };

  it('should tell refused lines by number and go on, and fail in the end', async () => {
    const context = fakeContext({ answer: importing });
    const list = file(
      'address,aliases\na@x.example,\ntaken@x.example,\nalias@x.example,x@@y\n"b,\nc@later.example,\nthere@x.example\n',
    );
    const errors = join(folder, 'errors.csv');
    expect(await runCommand(['mailbox', 'import', 'Contoso AG', list, '--errors', errors], context)).toBe(1);
    expect(context.err).toEqual([
      'line 5: a quote is not closed',
      'line 3, address: taken@x.example is an address of another mailbox',
      'line 4, aliases: x@@y is no mail address',
      'cleanmail: 3 lines were refused',
    ]);
    expect(context.out).toEqual([
      '1 made, 1 parked, 1 there already, 0 are mailboxes of users, 3 refused',
      'parked, and wait for a domain or a seat: 1 domain_not_owned',
    ]);
    expect(readFileSync(errors, 'utf8').split('\n')).toContain('4,aliases,"x@@y is no mail address"');
  });

  it('should understand the form without a header, as it was always documented', async () => {
    const context = fakeContext({ answer: importing });
    const list = file(
      '# address,kind,aliases\ninfo@b.example,shared,a@b.example, c@b.example\n\r\nbob@b.example,,\r\n',
    );
    expect(await runCommand(['mailbox', 'import', 'Contoso AG', list], context)).toBe(0);
    expect(context.requests.at(-1)?.body).toEqual({
      rows: [
        { address: 'info@b.example', kind: 'shared', aliases: ['a@b.example', 'c@b.example'] },
        { address: 'bob@b.example' },
      ],
    });
  });

  it('should send some hundred lines a request, and a dry run what it has counted so far', async () => {
    const context = fakeContext({ answer: importing });
    const lines = Array.from(
      { length: 1100 },
      (_, index) => `u${index}@x.example,${index % 2 === 0 ? 'user' : 'shared'}`,
    );
    expect(
      await runCommand(
        ['mailbox', 'import', 'Contoso AG', file(`${lines.join('\n')}\n`), '--dry-run', '--json'],
        context,
      ),
    ).toBe(0);
    const sent = context.requests
      .filter(({ path }) => path.endsWith('/import'))
      .map(({ body }) => body as ImportRequest);
    expect(sent.map(({ rows, dryRun, seatsAssumed }) => [rows.length, dryRun, seatsAssumed])).toEqual([
      [500, true, 0],
      [500, true, 250],
      [100, true, 500],
    ]);
    expect(JSON.parse(context.out.join(''))).toMatchObject({ dryRun: true, made: 1100, isWhole: true, line: 1100 });
  });

  it('should stop as told at the first line that is refused', async () => {
    const context = fakeContext({ answer: importing });
    const lines = ['taken@x.example', ...Array.from({ length: 600 }, (_, index) => `u${index}@x.example`)];
    const list = file(lines.join('\n'));
    expect(await runCommand(['mailbox', 'import', 'Contoso AG', list, '--stop-on-error'], context)).toBe(1);
    expect(context.requests.filter(({ path }) => path.endsWith('/import'))).toHaveLength(1);
    expect(context.err.at(-1)).toBe('cleanmail: 1 lines were refused; stopped after line 500');
  });

  it('should say where it was interrupted, and go on there', async () => {
    const controller = new AbortController();
    const list = file(Array.from({ length: 600 }, (_, index) => `u${index}@x.example`).join('\n'));
    const answer = (request: AdminRequest): AdminAnswer => {
      if (request.path.endsWith('/import')) controller.abort();
      return importing(request);
    };
    const context = fakeContext({ answer, interruption: controller.signal });
    expect(await runCommand(['mailbox', 'import', 'Contoso AG', list], context)).toBe(1);
    expect(context.err.at(-1)).toMatch(/interrupted after line 500: .*--from-line 501/);
    const second = fakeContext({ answer: importing });
    expect(await runCommand(['mailbox', 'import', 'Contoso AG', list, '--from-line', '501'], second)).toBe(0);
    expect(second.out[0]).toMatch(/^100 made/);
  });

  it('should do nothing when the file or the tenant cannot be used', async () => {
    const context = fakeContext({ answer: importing });
    expect(await runCommand(['mailbox', 'import', 'Contoso AG', join(folder, 'none.csv')], context)).toBe(2);
    writeFileSync(join(folder, 'latin1.csv'), Buffer.from('address,name\na@x.example,Müller\n', 'latin1'));
    expect(await runCommand(['mailbox', 'import', 'Contoso AG', join(folder, 'latin1.csv')], context)).toBe(1);
    expect(context.err.join()).toContain('line 2: not UTF-8');
    expect(await runCommand(['mailbox', 'import', 'Nobody', file('a@x.example')], context)).toBe(3);
    expect(
      await runCommand(['mailbox', 'import', 'Contoso AG', file('a@x.example'), '--delimiter', 'ab'], context),
    ).toBe(2);
    expect(context.requests.some(({ path }) => path.endsWith('/import'))).toBe(false);
    const refusing = fakeContext({
      answer: (request) => (request.method === 'POST' ? problem(503, 'no database') : importing(request)),
    });
    expect(await runCommand(['mailbox', 'import', 'Contoso AG', file('a@x.example')], refusing)).toBe(5);
  });
});
