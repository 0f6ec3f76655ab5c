import { describe, expect, it } from '@jest/globals';

import { buildProgram, runCommand } from './program.js';
import { problem } from './spec/fake-admin.js';
import { fakeContext } from './spec/fake-context.js';

describe('the command line', () => {
  it('should print help with examples and exit codes', async () => {
    const context = fakeContext();
    expect(await runCommand(['--help'], context)).toBe(0);
    const help = context.out.join('\n');
    for (const name of [
      'serve',
      'tenant',
      'domain',
      'token',
      'schema',
      'user',
      'mailbox',
      'erase',
      'policy',
      'seats',
      'explain',
      'receiver',
      'receipts',
      'events',
      'log',
      'status',
      'clocks',
      'verify',
      'simulate',
    ]) {
      expect(help).toContain(`  ${name}`);
    }
    expect(help).toContain('Exit codes: 0 done');
    expect(help).toContain('Examples:\n  $ cleanmail tenant create');
  });

  it('should describe and exemplify every command', () => {
    const leaves = [buildProgram(fakeContext())].flatMap(function descend(command): (typeof command)[] {
      return command.commands.length === 0 ? [command] : command.commands.flatMap(descend);
    });
    expect(leaves.length).toBeGreaterThanOrEqual(23);
    for (const command of leaves) {
      const printed: string[] = [];
      command.configureOutput({ writeOut: (text) => void printed.push(text) });
      command.outputHelp();
      expect(printed.join('')).toContain('Examples:\n  $ ');
      expect(command.description()).not.toBe('');
    }
  });

  it.each([
    [['tenant', 'list', '--colour']],
    [['frobnicate']],
    [['tenant']],
    [['tenant', 'create']],
    [['tenant', 'create', 'X', '--profile', 'other']],
    [['token', 'issue', 'Demo', '--expires', 'never']],
    [['simulate', '--users', '0']],
    [['simulate', '--admin-key', 'secret']],
  ])('should exit 2 on %j without asking the service', async (args) => {
    const context = fakeContext();
    expect(await runCommand(args, context)).toBe(2);
    expect(context.err.length).toBeGreaterThan(0);
    expect(context.requests).toEqual([]);
  });

  it('should print the version', async () => {
    const context = fakeContext();
    expect(await runCommand(['--version'], context)).toBe(0);
    expect(context.out.join('')).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('should hand serve to the service', async () => {
    const context = fakeContext();
    expect(await runCommand(['serve'], context)).toBe(0);
    expect(context.out).toEqual(['served']);
  });

  it('should print an unforeseen error as one line without a stack', async () => {
    const context = {
      ...fakeContext(),
      openLocalAdmin: () => Promise.reject(new Error('DATABASE_URL: not\na database')),
    };
    expect(await runCommand(['tenant', 'list'], context)).toBe(1);
    expect(context.err).toEqual(['cleanmail: DATABASE_URL: not\ufffda database']);
  });
});

describe('errors of the admin REST', () => {
  it.each([
    [
      problem(400, 'The tenant was not created.', [{ field: 'domains', message: 'no domain' }]),
      2,
      'domains: no domain',
    ],
    [problem(401, 'unauthorised'), 1, '--admin-key-file'],
    [problem(404, 'No tenant.'), 3, 'No tenant: "cleanmail tenant list"'],
    [problem(409, 'The domain demo.example belongs to another tenant.'), 4, 'belongs to another tenant'],
    [problem(503, 'database gone'), 5, 'cleanmail status'],
    [problem(500, 'broken'), 1, 'see the log'],
    [{ status: 502, body: undefined }, 5, 'answered 502'],
    [{ status: 200, body: '<html>' }, 1, 'is --admin-url the admin listener'],
  ])('should become one line: %j', async (answer, exitCode, text) => {
    const context = fakeContext({ answer: () => answer });
    expect(await runCommand(['tenant', 'create', 'Demo'], context)).toBe(exitCode);
    expect(context.err).toHaveLength(1);
    expect(context.err[0]).toContain(text);
    expect(context.closed()).toBe(1);
  });
});
