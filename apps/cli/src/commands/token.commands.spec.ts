import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { demoId, issued, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

describe('token commands', () => {
  const answer = service({
    [`POST /admin/v1/tenants/${demoId}/tokens`]: { status: 201, body: issued },
    [`POST /admin/v1/tenants/${demoId}/tokens/t0/rotate`]: { status: 201, body: issued },
    [`DELETE /admin/v1/tenants/${demoId}/tokens/t0`]: { status: 204, body: undefined },
  });

  it('should print nothing but the token with --quiet', async () => {
    const context = fakeContext({ answer });
    expect(await runCommand(['token', 'issue', 'Demo', '--quiet', '--description', 'Entra'], context)).toBe(0);
    expect(context.out).toEqual(['cm_secret']);
    expect(context.err).toEqual([]);
    expect(context.requests.at(-1)?.body).toEqual({ description: 'Entra' });
  });

  it('should print what is pasted into Entra', async () => {
    const context = fakeContext({ answer });
    expect(await runCommand(['token', 'issue', 'Demo'], context)).toBe(0);
    expect(context.out.slice(0, 4)).toEqual([
      'tenant URL:     http://localhost:3000/api/v3/scim2',
      'secret token:   cm_secret',
      'token endpoint: http://localhost:3000/api/v3/scim2/oauth/token',
      `client ID:      ${demoId}`,
    ]);
  });

  it('should rotate with the given overlap', async () => {
    const context = fakeContext({ answer });
    expect(await runCommand(['token', 'rotate', 'Demo', 't0', '--overlap', '60', '--json'], context)).toBe(0);
    expect(context.requests.at(-1)?.body).toEqual({ overlapSeconds: 60 });
    expect(JSON.parse(context.out.join('\n'))).toEqual(issued);
  });

  it('should ask before a token is revoked', async () => {
    const context = fakeContext({ answer });
    expect(await runCommand(['token', 'revoke', 'Demo', 't0'], context)).toBe(2);
    expect(await runCommand(['token', 'revoke', 'Demo', 't0', '--yes'], context)).toBe(0);
    expect(context.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1);
  });
});
