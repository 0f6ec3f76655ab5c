import { afterEach, describe, expect, it } from '@jest/globals';

import { runSimulation } from './run-simulation.js';
import type { SimulationOptions, SimulationProgress } from './simulation-options.js';
import type { SimulationReport } from './simulation-report.js';
import { ScimStub, type Misbehaviour } from './spec/scim-stub.js';

let stub: ScimStub;

async function simulate(
  misbehaviour: Misbehaviour = {},
  options: Partial<SimulationOptions> = {},
  path?: string,
): Promise<SimulationReport> {
  stub = new ScimStub(misbehaviour);
  const tenantUrl = await stub.start(path);
  return runSimulation({ tenantUrl, token: 'cm_secret', users: 12, concurrency: 4, seed: 7, ...options });
}

function phase(report: SimulationReport, name: string): SimulationReport['phases'][number] | undefined {
  return report.phases.find((candidate) => candidate.name === name);
}

function details(report: SimulationReport): string {
  return report.unexpected.map((answer) => `${answer.phase}: ${answer.detail}`).join('\n');
}

afterEach(() => stub.stop());

describe(runSimulation.name, () => {
  it.each(['default', 'aadOptscim062020', 'both'] as const)(
    'should find nothing unexpected at a right server in the dialect %s',
    async (dialect) => {
      const report = await simulate({}, { dialect });
      expect(report.unexpected).toEqual([]);
      expect(report.unexpectedCount).toBe(0);
      expect(stub.users.size).toBe(0);
      expect(report.phases.every(({ requests }) => requests > 0)).toBe(true);
      expect(Object.values(report.statusCounts).reduce((sum, count) => sum + count, 0)).toBe(report.requests);
      expect(report.requests).toBe(stub.requests.length);
    },
  );

  it('should work with a single user', async () => {
    const report = await simulate({}, { users: 1, concurrency: 16, dialect: 'both' });
    expect(report.unexpected).toEqual([]);
    expect(report.statusCounts['201']).toBe(1);
  });

  it('should unassign everybody and leave them there, and assign the same people again', async () => {
    const report = await simulate({}, { scenario: 'unassign' });
    expect([report.unexpected, stub.users.size]).toEqual([[], 12]);
    expect(report.phases.map(({ name }) => name)).toEqual([
      'test connection',
      'initial cycle',
      'unassign',
      'ledger check',
    ]);
    const active = () => [...stub.users.values()].filter((user) => user['active'] === true).length;
    expect(active()).toBe(0);
    const tenantUrl = report.tenantUrl;
    const again = await runSimulation({ tenantUrl, token: 'cm_secret', users: 12, seed: 7, scenario: 'assign' });
    expect([again.unexpected, stub.users.size, active()]).toEqual([[], 12, 12]);
  });

  it('should send what Entra sends and nothing that it does not', async () => {
    await simulate();
    const [probe] = stub.requests;
    expect(probe?.url).toMatch(/^\/api\/v3\/scim2\/Users\?filter=userName\+eq\+%22[0-9a-f-]{36}%22$/);
    for (const { method, headers } of stub.requests) {
      expect(headers).not.toHaveProperty('user-agent');
      expect(headers).not.toHaveProperty('accept');
      expect(headers['authorization']).toBe('Bearer cm_secret');
      expect(headers['content-type']).toBe(
        method === 'POST' || method === 'PATCH' ? 'application/scim+json; charset=utf-8' : undefined,
      );
    }
  });

  it('should hold no more connections than the concurrency', async () => {
    await simulate({}, { users: 40, concurrency: 3 });
    expect(stub.mostSockets).toBe(3);
  });

  it('should write PATCH of the default dialect with strings for booleans and one operation per path', async () => {
    await simulate({}, { dialect: 'default' });
    const operations = patchOperations();
    expect(operations.every(({ op, path }) => /^(Add|Replace)$/.test(op) && typeof path === 'string')).toBe(true);
    expect(new Set(operations.filter(({ path }) => path === 'active').map(({ value }) => value))).toEqual(
      new Set(['False', 'True']),
    );
  });

  it('should write PATCH of the flagged dialect with a path-less operation, but on demand in the default one', async () => {
    await simulate({}, { dialect: 'aadOptscim062020' });
    const operations = patchOperations();
    const pathless = operations.filter(({ path }) => path === undefined);
    expect(pathless[0]?.value).toHaveProperty(['name.givenName']);
    expect(operations).toContainEqual({ op: 'replace', path: 'active', value: false });
    expect(operations.filter(({ op }) => op === 'Replace').map(({ path }) => path)).toEqual([
      'title',
      'name.formatted',
    ]);
  });

  it('should leave out the rename phase on a SendSafely tenant URL, whose trailing slash stays', async () => {
    const report = await simulate({}, {}, '/scim/v2/entra/');
    expect(report.unexpected).toEqual([]);
    expect(phase(report, 'rename')).toMatchObject({ requests: 0, skipped: expect.stringContaining('SendSafely') });
    expect(stub.requests[0]?.url).toMatch(/^\/scim\/v2\/entra\/\/Users\?/);
  });

  it('should keep the users when told so, and take them over in a second run with the same seed', async () => {
    const first = await simulate({}, { keep: true });
    expect(stub.users.size).toBe(12);
    expect(phase(first, 'hard delete')?.skipped).toBe('the users are kept');
    const second = await runSimulation({ tenantUrl: first.tenantUrl, token: 't', users: 12, seed: 7 });
    expect(second.unexpected).toEqual([]);
    const renamedBefore = 3;
    expect(second.statusCounts['201']).toBe(renamedBefore);
  });

  it('should tell the progress of each phase up to its end', async () => {
    const seen: SimulationProgress[] = [];
    await simulate({}, { onProgress: (progress) => seen.push(progress) });
    expect(seen.filter(({ phase }) => phase === 'initial cycle').at(-1)).toEqual({
      phase: 'initial cycle',
      done: 12,
      total: 12,
    });
  });

  it('should wait for Retry-After and send the request again', async () => {
    const report = await simulate({ throttleAt: 20, retryAfter: '0' });
    expect(report.unexpected).toEqual([]);
    expect(report.throttled).toBe(1);
    expect(report.statusCounts['429']).toBe(1);
  });

  it('should report a 429 that does not say how long to wait', async () => {
    const report = await simulate({ throttleAt: 20, retryAfter: 'soon' });
    expect(report.unexpected).toMatchObject([{ status: 429, detail: 'slow down' }]);
  });

  it('should keep to the given rate', async () => {
    const report = await simulate({}, { users: 2, requestsPerSecond: 200 });
    expect(report.durationMs).toBeGreaterThanOrEqual(((report.requests - 1) / 200) * 1000 - 1);
  });

  it('should reject with the reason of an aborted signal', async () => {
    const reason = new Error('enough');
    await expect(simulate({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('should stop in the middle of a paced phase when the signal is aborted', async () => {
    const controller = new AbortController();
    const onProgress = ({ done }: SimulationProgress): void => {
      if (done === 3) controller.abort();
    };
    const options = { users: 100, requestsPerSecond: 500, signal: controller.signal, onProgress };
    await expect(simulate({}, options)).rejects.toThrow('aborted');
    expect(stub.requests.length).toBeLessThan(40);
  });

  it('should reject a tenant URL that is none', async () => {
    await expect(simulate({}, { tenantUrl: 'ftp://x' })).rejects.toThrow('tenant URL');
  });
});

describe('misbehaviour of the server', () => {
  it('should be reported when the media type is wrong, and nothing be provisioned then', async () => {
    const report = await simulate({ contentType: 'application/json' });
    expect(report.unexpectedCount).toBe(report.requests);
    expect(details(report)).toContain('Content-Type is "application/json"');
    expect(phase(report, 'initial cycle')?.skipped).toBe('the connection test failed');
    expect(stub.requests.some(({ method }) => method === 'POST')).toBe(false);
  });

  it('should be reported when GET /Groups answers 404, unless that is not probed', async () => {
    expect(details(await simulate({ groupsMissing: true }))).toContain('test connection: no groups');
    await stub.stop();
    expect((await simulate({ groupsMissing: true }, { groupsProbe: false })).unexpected).toEqual([]);
  });

  it('should be reported when disabled users are hidden from the filter', async () => {
    const report = await simulate({ hideDisabled: true });
    const hidden = report.unexpected.filter((answer) => answer.phase === 'leavers');
    expect(hidden).toHaveLength(3);
    expect(hidden[0]).toMatchObject({
      method: 'GET',
      status: 200,
      detail: expect.stringContaining('totalResults is 0'),
    });
  });

  it('should be reported when the filter is ignored', async () => {
    expect(details(await simulate({ ignoresFilter: true }))).toMatch(/initial cycle: .*a user named "/);
  });

  it('should be reported when booleans are strings', async () => {
    expect(details(await simulate({ stringBooleans: true }))).toContain('active is not a JSON boolean');
  });

  it('should be reported when members are null', async () => {
    expect(details(await simulate({ nullMembers: true }))).toContain('profileUrl is null');
  });

  it('should be reported when errors are no SCIM errors', async () => {
    expect(details(await simulate({ bareErrors: true }))).toContain('schemas does not name urn:ietf');
  });

  it('should be reported when a deleted user is still there', async () => {
    const report = await simulate({ softDelete: true });
    expect(report.unexpected.filter((answer) => answer.phase === 'hard delete')).toHaveLength(24);
  });

  it('should be reported when a PATCH is acknowledged and forgotten', async () => {
    const report = await simulate({ dropPatchAt: 5 });
    expect(report.unexpectedCount).toBeGreaterThan(0);
    expect(details(report)).toContain('ledger check: ');
    expect(details(report)).toMatch(/nickName is absent, not "/);
  });

  it('should be reported once when one request fails with 500', async () => {
    const report = await simulate({ failAt: 60 });
    expect(report.unexpected).toMatchObject([{ status: 500, detail: expect.stringContaining('boom') }]);
  });

  it('should be reported when no answer comes, and what the request did be found and allowed', async () => {
    const probes = 3;
    const postOfTheFirst = probes + 2;
    const report = await simulate({ cutAt: postOfTheFirst }, { concurrency: 1 });
    expect(report.unexpected).toMatchObject([{ method: 'POST', status: 0 }]);
    expect(report.statusCounts['0']).toBe(1);
    expect(stub.users.size).toBe(0);
  });

  it('should be reported when nobody listens', async () => {
    stub = new ScimStub();
    const tenantUrl = await stub.start();
    await stub.stop();
    stub = new ScimStub();
    const report = await runSimulation({ tenantUrl, token: 't' });
    expect(report.unexpectedCount).toBe(3);
    expect(details(report)).toContain('ECONNREFUSED');
  });
});

interface SentOperation {
  readonly op: string;
  readonly path?: string;
  readonly value: unknown;
}

function patchOperations(): SentOperation[] {
  return stub.requests
    .filter(({ method }) => method === 'PATCH')
    .flatMap(({ body }) => (JSON.parse(body) as { Operations: SentOperation[] }).Operations);
}
