import { describe, expect, it } from '@jest/globals';
import { logEntry, provisioningRequest } from './provisioning-request.js';
import { leastIdOf } from './retention/retention.js';

const about = {
  tokenId: 'token-1',
  requestId: 'request-1',
  method: 'PATCH',
  operation: 'modify',
  resourceType: 'User',
};

describe(provisioningRequest.name, () => {
  it('should be given the id of its log entry and both clocks on arrival', () => {
    const before = Date.now();
    const request = provisioningRequest(about);
    expect(request).toMatchObject(about);
    expect(request.logId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(request.at).toBeGreaterThanOrEqual(before);
    expect(request.startedAt).toBeLessThanOrEqual(performance.now());
  });

  it('should be given ids that grow in the order of arrival', () => {
    const ids = Array.from({ length: 1000 }, () => provisioningRequest(about).logId);
    expect([...ids].sort()).toEqual(ids);
  });
});

describe('the time of a request', () => {
  it('should be the one in the id of its log entry, so that it is found by its time', () => {
    for (const { logId, at } of Array.from({ length: 20_000 }, () => provisioningRequest(about))) {
      expect(leastIdOf(at) <= logId && logId < leastIdOf(at + 1)).toBe(true);
    }
  });
});

describe(logEntry.name, () => {
  it('should be the request with its result', () => {
    const request = { ...provisioningRequest(about), startedAt: performance.now() - 25 };
    const entry = logEntry(request, { outcome: 'failure', status: 409, scimType: 'uniqueness', detail: 'taken' });
    expect(entry).toEqual({
      ...about,
      id: request.logId,
      at: request.at,
      outcome: 'failure',
      status: 409,
      scimType: 'uniqueness',
      detail: 'taken',
      changes: [],
      durationMs: expect.any(Number),
    });
    expect(entry.durationMs).toBeGreaterThanOrEqual(25);
  });

  it('should keep the names of what changed', () => {
    const entry = logEntry(provisioningRequest(about), { outcome: 'success', status: 200, changes: ['active'] });
    expect(entry.changes).toEqual(['active']);
  });
});
