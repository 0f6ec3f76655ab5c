import { describe, expect, it } from '@jest/globals';

import { parseCount, parseExpiry, parseRate, parseSince } from './option-values.js';

const now = Date.parse('2026-11-21T00:00:00Z');

describe('option values', () => {
  it.each([
    ['90', '2027-02-19T00:00:00.000Z'],
    ['1d', '2026-11-22T00:00:00.000Z'],
    ['2027-06-30', '2027-06-30T00:00:00.000Z'],
    ['2027-06-30T12:00:00+02:00', '2027-06-30T10:00:00.000Z'],
  ])('should read the expiry %s', (text, instant) => {
    expect(parseExpiry(text, now)).toBe(instant);
  });

  it.each(['', 'never', '0', '-3', '2020-01-01', '999999999'])('should refuse the expiry "%s"', (text) => {
    expect(() => parseExpiry(text, now)).toThrow();
  });

  it.each([
    ['15m', '2026-11-20T23:45:00.000Z'],
    ['2h', '2026-11-20T22:00:00.000Z'],
    ['2026-11-01T00:00:00Z', '2026-11-01T00:00:00.000Z'],
  ])('should read the start %s', (text, instant) => {
    expect(parseSince(text, now)).toBe(instant);
  });

  it.each(['yesterday', '5', '5y'])('should refuse the start "%s"', (text) => {
    expect(() => parseSince(text, now)).toThrow();
  });

  it('should refuse counts and rates that are none', () => {
    expect(parseCount('16')).toBe(16);
    expect(parseRate('0.5')).toBe(0.5);
    for (const text of ['0', '-1', '1.5', '1e3', '']) expect(() => parseCount(text)).toThrow();
    for (const text of ['0', 'fast', '', 'Infinity']) expect(() => parseRate(text)).toThrow();
  });
});
