import { describe, expect, it } from '@jest/globals';
import { asTenantId, type Violation } from '@cleanmail/database';

import { runCommand } from '../program.js';
import { contosoId } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

const violation: Violation = {
  invariant: 'mailbox-seat',
  tenant: asTenantId(contosoId),
  id: 'm1',
  problem: 'mailbox m1 has a seat and must have none',
  remedy: 'Suspend and resume it.',
};

describe('cleanmail verify', () => {
  it('should end with one line and exit code 0 when nothing is broken', async () => {
    const context = fakeContext();
    expect(await runCommand(['verify'], context)).toBe(0);
    expect([context.out, context.err]).toEqual([['2 invariants, 3 rows, 0 violations'], []]);
  });

  it('should say of each violation whose it is, what is wrong and what to do, and exit with 1', async () => {
    const context = fakeContext({ violations: [violation] });
    expect(await runCommand(['verify'], context)).toBe(1);
    expect(context.out).toEqual([
      `tenant ${contosoId}, mailbox-seat: mailbox m1 has a seat and must have none. Suspend and resume it.`,
      '2 invariants, 3 rows, 1 violations',
    ]);
    expect(context.err).toHaveLength(1);
  });

  it('should print JSON for machines', async () => {
    const context = fakeContext({ violations: [violation] });
    expect(await runCommand(['verify', '--json'], context)).toBe(1);
    expect(JSON.parse(context.out.join('\n'))).toEqual({
      ...{ invariants: 2, tenants: 1, rows: 3, violations: 1 },
      found: [violation],
    });
  });

  it.each([
    [['verify', '--admin-url', 'http://127.0.0.1:3001'], {}],
    [['verify'], { adminUrl: 'http://127.0.0.1:3001' }],
  ])('should refuse %j when an admin URL is meant', async (args, environment) => {
    const context = fakeContext({ environment });
    expect(await runCommand(args, context)).toBe(2);
    expect(context.err[0]).toContain('on the database itself');
  });
});
