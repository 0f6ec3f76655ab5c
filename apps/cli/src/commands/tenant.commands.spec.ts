import { describe, expect, it } from '@jest/globals';

import { runCommand } from '../program.js';
import { contoso, contosoId, demo, demoId, service } from '../spec/fake-admin.js';
import { fakeContext } from '../spec/fake-context.js';

describe('tenant commands', () => {
  it('should create a tenant with its domains', async () => {
    const context = fakeContext({ answer: service({ 'POST /admin/v1/tenants': { status: 201, body: demo } }) });
    const args = ['tenant', 'create', 'Demo', '--domain', 'a.example', '--domain', 'b.example'];
    expect(await runCommand(args, context)).toBe(0);
    const body = { name: 'Demo', profile: 'cleanmail', domains: ['a.example', 'b.example'] };
    expect(context.requests).toEqual([{ method: 'POST', path: '/admin/v1/tenants', body }]);
    expect(context.out).toContain('tenant URL: http://localhost:3000/api/v3/scim2');
    expect(context.closed()).toBe(1);
  });

  it('should follow the list by its cursor, as table and as JSON', async () => {
    const context = fakeContext({ answer: service() });
    expect(await runCommand(['tenant', 'list'], context)).toBe(0);
    expect(context.out.map((line) => line.split(/\s{2,}/)[1])).toEqual(['NAME', 'Contoso AG', 'Demo']);
    const json = fakeContext({ answer: service() });
    await runCommand(['tenant', 'list', '--json'], json);
    expect(JSON.parse(json.out.join('\n'))).toEqual([contoso, demo]);
  });

  it('should resolve a name on a later page, and an id without listing', async () => {
    const routes = { [`PATCH /admin/v1/tenants/${demoId}`]: { status: 200, body: { ...demo, status: 'suspended' } } };
    const context = fakeContext({ answer: service(routes) });
    expect(await runCommand(['tenant', 'suspend', 'Demo', '--json'], context)).toBe(0);
    expect(context.requests.at(-1)).toMatchObject({ method: 'PATCH', body: { status: 'suspended' } });
    const byId = fakeContext({ answer: service({ [`GET /admin/v1/tenants/${demoId}`]: { status: 200, body: demo } }) });
    expect(await runCommand(['tenant', 'show', demoId], byId)).toBe(0);
    expect(byId.requests.map(({ path }) => path)).toEqual([`/admin/v1/tenants/${demoId}`]);
  });

  it('should say what the identity provider speaks, in the list and of one tenant', async () => {
    const seen = [
      { dialect: 'entra', lastSeenAt: '2026-11-21T00:00:00Z' },
      { dialect: 'okta', lastSeenAt: '2026-11-20T00:00:00Z' },
    ];
    const dialect = {
      current: 'entra',
      since: '2026-11-20T12:00:00Z',
      evidence: 'op capitalised',
      lastSeenAt: '2026-11-21T00:00:00Z',
      seen,
    };
    const answer = service({}, [contoso, { ...demo, dialect }]);
    const context = fakeContext({ answer });
    expect(await runCommand(['tenant', 'list'], context)).toBe(0);
    expect(context.out.map((line) => /\b(DIALECT|entra)\b/.exec(line)?.[0])).toEqual(['DIALECT', undefined, 'entra']);
    const one = fakeContext({ answer });
    expect(await runCommand(['tenant', 'show', 'Demo'], one)).toBe(0);
    expect(one.out).toContain('dialect:    entra since 2026-11-20T12:00:00Z (op capitalised); also seen: okta');
    const other = fakeContext({ answer });
    await runCommand(['tenant', 'show', 'Contoso AG'], other);
    expect(other.out).toContain('dialect:    not seen yet');
  });

  it('should exit 3 for a name that nobody bears', async () => {
    const context = fakeContext({ answer: service() });
    expect(await runCommand(['tenant', 'show', 'demo'], context)).toBe(3);
    expect(context.err).toEqual(['cleanmail: no tenant is named "demo": "cleanmail tenant list" shows them']);
  });

  it('should list the ids of an ambiguous name, but not count a decommissioned namesake', async () => {
    const twin = { ...contoso, name: 'Demo' };
    const context = fakeContext({ answer: service({}, [twin, demo]) });
    expect(await runCommand(['tenant', 'show', 'Demo'], context)).toBe(2);
    expect(context.err.join('')).toContain(`${contosoId}, ${demoId}`);
    const settled = fakeContext({ answer: service({}, [{ ...twin, status: 'deleted' }, demo]) });
    expect(await runCommand(['tenant', 'show', 'Demo', '--json'], settled)).toBe(0);
    expect(JSON.parse(settled.out.join('\n'))).toEqual(demo);
  });

  it.each([
    ['y', 0, 1],
    ['', 1, 0],
    ['no', 1, 0],
  ])('should delete only when "%s" confirms', async (reply, exitCode, deletions) => {
    const answer = service({ [`DELETE /admin/v1/tenants/${demoId}`]: { status: 204, body: undefined } });
    const context = fakeContext({ answer, reply });
    expect(await runCommand(['tenant', 'delete', 'Demo'], context)).toBe(exitCode);
    expect(context.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(deletions);
  });

  it('should refuse to delete when nobody can be asked, unless --yes is given', async () => {
    const answer = service({ [`DELETE /admin/v1/tenants/${demoId}`]: { status: 204, body: undefined } });
    const context = fakeContext({ answer });
    expect(await runCommand(['tenant', 'delete', 'Demo'], context)).toBe(2);
    expect(context.err.join('')).toContain('--yes');
    expect(await runCommand(['tenant', 'delete', 'Demo', '--yes'], context)).toBe(0);
  });
});
