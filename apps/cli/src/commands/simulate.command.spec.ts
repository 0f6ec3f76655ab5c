import { afterEach, describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { ScimStub } from '../simulate/spec/scim-stub.js';
import { demoId, issued, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

describe('simulate', () => {
  let stub: ScimStub;

  afterEach(() => stub.stop());

  it('should issue a token, print the summary and revoke the token', async () => {
    stub = new ScimStub();
    const tenantUrl = await stub.start();
    const answer = service({
      [`POST /admin/v1/tenants/${demoId}/tokens`]: { status: 201, body: { ...issued, tenantUrl } },
      [`DELETE /admin/v1/tenants/${demoId}/tokens/t1`]: { status: 204, body: undefined },
    });
    const context = fakeContext({ answer });
    expect(await runCommand(['simulate', '--tenant', 'Demo', '--users', '5'], context)).toBe(0);
    expect(stub.requests[0]?.headers.authorization).toBe('Bearer cm_secret');
    expect(context.requests.at(-1)).toMatchObject({ method: 'DELETE' });
    expect(context.out.join('\n')).toContain('Every answer was as Entra needs it.');
    expect(context.out.join('\n')).not.toContain('cm_secret');
    expect(context.err).toEqual([]);
  });

  it('should exit 1 and print what was unexpected', async () => {
    stub = new ScimStub({ hideDisabled: true });
    const environment = { tenantUrl: await stub.start(), scimToken: 'cm_x' };
    const context = fakeContext({ environment });
    expect(await runCommand(['simulate', '--users', '5'], context)).toBe(1);
    expect(context.out.join('\n')).toMatch(
      /\[leavers\] GET .*→ 200\n {4}expected: .*\n {4}found: {4}totalResults is 0/,
    );
    expect(context.err.join('')).toContain('unexpected answers');
  });

  it('should print the report as JSON', async () => {
    stub = new ScimStub();
    const context = fakeContext({ environment: { tenantUrl: await stub.start(), scimToken: 'cm_x' } });
    expect(await runCommand(['simulate', '--users', '2', '--json', '--no-groups-probe'], context)).toBe(0);
    expect(JSON.parse(context.out.join('\n'))).toMatchObject({ users: 2, unexpectedCount: 0 });
    expect(stub.requests.some(({ url }) => url.includes('/Groups'))).toBe(false);
  });

  it('should revoke its token also when it is interrupted', async () => {
    stub = new ScimStub();
    const tenantUrl = await stub.start();
    const answer = service({
      [`POST /admin/v1/tenants/${demoId}/tokens`]: { status: 201, body: { ...issued, tenantUrl } },
      [`DELETE /admin/v1/tenants/${demoId}/tokens/t1`]: { status: 204, body: undefined },
    });
    const context = fakeContext({ answer, interruption: AbortSignal.abort() });
    expect(await runCommand(['simulate', '--tenant', 'Demo'], context)).toBe(1);
    expect(context.err.join('')).toContain('interrupted');
    expect(context.requests.at(-1)).toMatchObject({ method: 'DELETE' });
  });

  it.each([
    [{ scimToken: 'cm_x' }, '--tenant-url'],
    [{ tenantUrl: 'http://127.0.0.1:1' }, 'CLEANMAIL_TOKEN'],
    [{ tenantUrl: 'nowhere', scimToken: 'cm_x' }, 'not an http(s) address'],
  ])('should exit 2 without what it needs: %j', async (environment, text) => {
    stub = new ScimStub();
    await stub.start();
    const context = fakeContext({ environment });
    expect(await runCommand(['simulate'], context)).toBe(2);
    expect(context.err.join('')).toContain(text);
  });
});
