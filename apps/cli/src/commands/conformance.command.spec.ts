import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { ScimStub } from '../simulate/spec/scim-stub.js';
import { fakeContext } from '../spec/fake-context.js';

describe('conformance', () => {
  let stub: ScimStub;
  let environment: { readonly tenantUrl: string; readonly scimToken: string };

  beforeEach(async () => {
    stub = new ScimStub();
    environment = { tenantUrl: await stub.start(), scimToken: 'cm_secret' };
  });

  afterEach(() => stub.stop());

  it('should exit 0 and print a table when no obligation fails', async () => {
    const context = fakeContext({ environment });
    expect(await runCommand(['conformance', '--section', '3.4.2.1'], context)).toBe(0);
    expect(context.out[0]).toMatch(/^SECTION +LEVEL +RESULT +REQUIREMENT +EVIDENCE$/);
    expect(context.out.join('\n')).toContain('filter is not advertised');
    expect(stub.requests[0]?.headers.authorization).toBe('Bearer cm_secret');
  });

  it('should exit 1 and print the evidence when an obligation fails', async () => {
    const context = fakeContext({ environment });
    expect(await runCommand(['conformance', '--section', '7643 5'], context)).toBe(1);
    expect(context.out.join('\n')).toMatch(/fail: MUST config\.patch .*\n {2}GET \/ServiceProviderConfig → 404: /);
    expect(context.err.join('')).toContain('obligations failed');
    expect(context.out.join('\n')).not.toContain('cm_secret');
  });

  it('should print JSON and write a page', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cleanmail-conformance-'));
    const file = join(folder, 'conformance.md');
    const context = fakeContext({ environment });
    expect(await runCommand(['conformance', '--section', '3.11', '--json', '--write', file], context)).toBe(0);
    expect(JSON.parse(context.out.join('\n'))).toMatchObject({ section: '3.11', counts: { MAY: { fail: 1 } } });
    expect(await readFile(file, 'utf8')).toContain('## RFC 7644 3.11');
    await rm(folder, { recursive: true });
  });

  it.each([
    [['conformance'], {}, '--url'],
    [['conformance', '--url', 'http://127.0.0.1:1'], {}, 'CLEANMAIL_TOKEN'],
    [['conformance', '--url', 'nowhere', '--token', 'x'], {}, 'not an http(s) address'],
    [['conformance', '--url', 'http://127.0.0.1:1', '--token', 'x', '--section', '99'], {}, 'section 99'],
  ])('should exit 2 when it is called wrongly: %j', async (args, without, text) => {
    const context = fakeContext({ environment: without });
    expect(await runCommand(args, context)).toBe(2);
    expect(context.err.join('')).toContain(text);
  });
});
