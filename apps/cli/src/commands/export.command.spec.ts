import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { fakeContext } from '../spec/fake-context.js';

describe('cleanmail export recipients', () => {
  it('should say what it wrote, and where', async () => {
    const context = fakeContext();
    expect(await runCommand(['export', 'recipients', '--out', '/maps'], context)).toBe(0);
    expect(context.out).toEqual(['40 recipients of 2 tenants, 3 domains: lmdb in /maps']);
  });

  it('should print JSON for machines', async () => {
    const context = fakeContext();
    expect(await runCommand(['export', 'recipients', '--format', 'cdb', '--out', '/maps', '--json'], context)).toBe(0);
    expect(JSON.parse(context.out.join('\n'))).toMatchObject({ format: 'cdb', folder: '/maps', recipients: 40 });
  });

  it.each([
    [['--format', 'btree', '--out', '/maps'], 'Allowed choices are lmdb, cdb, text'],
    [[], "required option '--out <folder>' not specified"],
    [['--out', '/maps', '--admin-url', 'http://127.0.0.1:3001'], 'on the database itself'],
  ])('should refuse %j', async (args, words) => {
    const context = fakeContext();
    expect(await runCommand(['export', 'recipients', ...args], context)).toBe(2);
    expect(context.err[0]).toContain(words);
  });
});
