import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { type CsvEncoding, openCsv } from './csv-file.js';
import { mailboxLinesOf, type MailboxLineOptions } from './mailbox-lines.js';
import type { LineError, MailboxLine } from './mailbox-row.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'cleanmail-csv-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer, encoding?: CsvEncoding, options: MailboxLineOptions = {}) {
  const path = join(folder, 'list.csv');
  writeFileSync(path, content);
  const mailboxes: MailboxLine[] = [];
  const errors: LineError[] = [];
  for await (const part of mailboxLinesOf(await openCsv(path, encoding), options)) {
    mailboxes.push(...part.mailboxes);
    errors.push(...part.errors);
  }
  return { mailboxes, errors, rows: mailboxes.map(({ row }) => row) };
}

describe(mailboxLinesOf, () => {
  it('should read columns by their names in any order, with a byte order mark, CRLF and quotes', async () => {
    const text =
      '\uFEFFDisplay Name;Legal Hold;E-Mail;Proxy Addresses;externalId;Kind\r\n' +
      '"Meier; Anna";yes;anna@acme.example;"SMTP:anna@acme.example;smtp:a.meier@acme.example;SIP:anna@acme.example";e-1;User\r\n' +
      '\r\n# a remark\r\n;;"info@acme.example";;;shared\r\n';
    const unused: string[] = [];
    const options = { onUnused: (names: readonly string[]) => void unused.push(...names) };
    expect(await read(text, 'utf8', options)).toMatchObject({
      errors: [],
      mailboxes: [
        {
          line: 2,
          row: {
            address: 'anna@acme.example',
            kind: 'user',
            aliases: ['anna@acme.example', 'a.meier@acme.example'],
            externalId: 'e-1',
            legalHold: true,
          },
        },
        { line: 5, row: { address: 'info@acme.example', kind: 'shared' } },
      ],
    });
    expect(unused).toEqual(['Display Name']);
  });

  it('should go on understanding a file without a header: address, kind, aliases', async () => {
    const { rows } = await read('anna@a.example,,a@a.example, b@a.example\ninfo@a.example,shared\nplain@a.example\n');
    expect(rows).toEqual([
      { address: 'anna@a.example', aliases: ['a@a.example', 'b@a.example'] },
      { address: 'info@a.example', kind: 'shared' },
      { address: 'plain@a.example' },
    ]);
  });

  it('should name broken lines and read the others, also around a quote that is not closed', async () => {
    const lines = [
      'address\tkind\tlegalHold',
      'a@x.example\tuser\t',
      '"b@x.example\tuser\t',
      'c@x.example\troom\t',
      'd"d@x.example\tuser\t',
      '"e@x.example"\tuser\tno',
      'f@x.example\tuser\tperhaps',
      '\tuser\t',
      'g@x.example\tuser\tno\tmore',
      'h@x.example',
    ];
    const { mailboxes, errors } = await read(lines.join('\r\n'));
    expect(mailboxes.map(({ line, row }) => `${line} ${row.address}`)).toEqual([
      '2 a@x.example',
      '6 e@x.example',
      '10 h@x.example',
    ]);
    expect(errors.map(({ line, column, reason }) => `${line} ${column ?? '-'} ${reason}`)).toEqual([
      '3 - a quote is not closed',
      '4 kind "room" is none of user, shared, resource, role',
      expect.stringMatching(/^5 - a quote stands inside a field/),
      '7 legalHold "perhaps" is neither yes nor no',
      '8 address is empty',
      expect.stringMatching(/^9 - has 4 fields, the header 3/),
    ]);
  });

  it('should refuse what is not UTF-8 with the line and the remedy, and read it when told how', async () => {
    const latin1 = Buffer.from('name,address\nMüller,m@x.example\nMeier,a@x.example\n', 'latin1');
    await expect(read(latin1)).rejects.toThrow(/line 2: not UTF-8, nothing was done: .*--encoding latin1/);
    expect((await read(latin1, 'latin1')).rows).toEqual([{ address: 'm@x.example' }, { address: 'a@x.example' }]);
    const late = Buffer.concat([Buffer.from(`a@x.example\n${'b@x.example\n'.repeat(9)}`), Buffer.from([0xfc, 0x40])]);
    await expect(read(late)).rejects.toThrow(/line 11: not UTF-8/);
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('address\nm@x.example\n', 'utf16le')]);
    await expect(read(utf16)).rejects.toThrow(/UTF-16, nothing was done: .*--encoding utf16le/);
    expect((await read(utf16, 'utf16le')).rows).toEqual([{ address: 'm@x.example' }]);
  });

  it('should say what a first line lacks, and what two columns are', async () => {
    await expect(read('name,phone\nAnna,1\n')).rejects.toThrow(/line 1 is neither a header/);
    await expect(read('mail,address\na@x.example,b@x.example\n')).rejects.toThrow(/two columns are the address/);
    await expect(read('x'.repeat(1_100_000))).rejects.toThrow(/line 1 is longer than 1 MB/);
    await expect(openCsv(folder)).rejects.toThrow(/is no file/);
    await expect(openCsv(join(folder, 'none.csv'))).rejects.toThrow(/ENOENT/);
  });

  it('should go on with a line, and keep the header', async () => {
    const { mailboxes } = await read('kind,address\nuser,a@x.example\nuser,b@x.example\n', 'utf8', { fromLine: 3 });
    expect(mailboxes).toEqual([{ line: 3, row: { address: 'b@x.example', kind: 'user' } }]);
  });

  it('should never have more than a part of a long file in its hands', async () => {
    const path = join(folder, 'long.csv');
    const count = 200_000;
    const content = function* () {
      yield 'address;displayName\n';
      for (let index = 1; index <= count; index += 1) yield `person-${index}@x.example;"Person; ${index}"\n`;
    };
    await pipeline(content, createWriteStream(path));
    const file = await openCsv(path);
    expect(file.lines).toBe(count + 1);
    let read = 0;
    let largest = 0;
    for await (const { mailboxes, errors } of mailboxLinesOf(file)) {
      expect(errors).toEqual([]);
      read += mailboxes.length;
      largest = Math.max(largest, mailboxes.length);
    }
    expect(read).toBe(count);
    expect(largest).toBeLessThan(3000);
  });
});
