import { describe, expect, it } from '@jest/globals';

import { retryAfterMs } from './entra-client.js';
import { Measurements, summarise } from './measurements.js';
import { unexpectedKept } from './simulation-report.js';

describe(summarise.name, () => {
  it('should give nearest-rank percentiles of unsorted latencies', () => {
    const latencies = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(summarise(latencies)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 });
  });

  it('should give zeros for nothing', () => {
    expect(summarise([])).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 });
  });
});

describe(Measurements.name, () => {
  it('should count all unexpected answers but keep the first ones only', () => {
    const measurements = new Measurements();
    measurements.startPhase('changes');
    for (let index = 0; index < unexpectedKept + 5; index += 1) {
      measurements.report({ method: 'GET', path: `/${index}`, status: 500, expected: '', detail: '' });
    }
    const summary = measurements.summary();
    expect(summary.unexpectedCount).toBe(unexpectedKept + 5);
    expect(summary.unexpected).toHaveLength(unexpectedKept);
    expect(summary.unexpected[0]).toMatchObject({ phase: 'changes', path: '/0' });
  });
});

describe(retryAfterMs.name, () => {
  it.each([
    ['2', 2000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['99999', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('should read %s as %s ms', (header, wait) => {
    expect(retryAfterMs(header)).toBe(wait);
  });
});
