import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './configuration-error.js';
import { parseEnvironment, variables } from './environment.js';

describe(parseEnvironment.name, () => {
  it('should need nothing', () => {
    expect(parseEnvironment({})).toEqual({
      HOST: '127.0.0.1',
      SCIM_PORT: 3000,
      ADMIN_PORT: 3001,
      DATABASE_POOL_SIZE: 10,
      CURSOR_TIMEOUT_SECONDS: 3600,
      ACCESS_TOKEN_SECONDS: 3600,
      DATA_DIR: './data',
      RATE_LIMIT_PER_SECOND: 2500,
      CLOCK_INTERVAL_SECONDS: 60,
      PROVISIONING_LOG_DAYS: 180,
      AUDIT_LOG_DAYS: 1095,
      OUTBOX_DAYS: 90,
      RECIPIENTS_PORT: 47_611,
      RECIPIENTS_STATUS_PORT: 47_612,
      RECIPIENTS_POLL_MILLISECONDS: 500,
      RECIPIENTS_MAX_STALE_HOURS: 24,
      EVENTS_POLL_MILLISECONDS: 500,
      EVENTS_DISABLE_DAYS: 5,
      LOG_LEVEL: 'info',
    });
  });

  it.each(Object.entries(variables))('should take its own example of %s', (name, { example }) => {
    expect(() => parseEnvironment({ [name]: example })).not.toThrow();
  });

  it.each(Object.keys(variables))('should count an empty %s as not set', (name) => {
    expect(parseEnvironment({ [name]: '' })).toEqual(parseEnvironment({}));
  });

  it.each([
    ['SCIM_PORT', 'eighty'],
    ['SCIM_PORT', '-1'],
    ['SCIM_PORT', '65536'],
    ['SCIM_PORT', '80.5'],
    ['SCIM_PORT', ' '],
    ['ADMIN_PORT', '3001x'],
    ['ADMIN_PORT', 'Infinity'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_POOL_SIZE', '501'],
    ['DATABASE_POOL_SIZE', 'many'],
    ['EVENTS_ALLOW_PRIVATE', '10.0.0.0/33'],
    ['EVENTS_ALLOW_PRIVATE', 'https://host/'],
    ['EVENTS_POLL_MILLISECONDS', '0.5'],
    ['PUBLIC_SCIM_URL', 'cloud.cleanmail.ch'],
    ['PUBLIC_SCIM_URL', 'ftp://cloud.cleanmail.ch'],
    ['PUBLIC_SCIM_URL', 'javascript:alert(1)'],
    ['TRUST_PROXY', 'everybody'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', '10.0.0.1,'],
    ['TRUST_PROXY', '10.0.0.1, proxy.example'],
    ['RATE_LIMIT_PER_SECOND', '24'],
    ['RATE_LIMIT_PER_SECOND', '-5'],
    ['LOG_LEVEL', 'verbose'],
    ['LOG_LEVEL', 'INFO'],
  ] as const)('should refuse %s=%j in one line that names it, the problem and an example', (name, value) => {
    let thrown: unknown;
    try {
      parseEnvironment({ [name]: value });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConfigurationError);
    const { message } = thrown as ConfigurationError;
    expect(message).not.toContain('\n');
    expect(message.startsWith(`${name}: `)).toBe(true);
    expect(message.endsWith(`. Example: ${name}=${variables[name].example}`)).toBe(true);
    expect(message.length).toBeGreaterThan(`${name}: . Example: ${name}=${variables[name].example}`.length + 10);
  });

  it('should name every wrong variable at once', () => {
    expect(() => parseEnvironment({ SCIM_PORT: 'a', LOG_LEVEL: 'b' })).toThrow(/^SCIM_PORT: .*; LOG_LEVEL: /);
  });

  it.each([
    '10.0.0.0/8',
    '10.0.0.1',
    '::1',
    '2001:db8::/32',
    '10.0.0.0/8, 192.168.0.1',
    'loopback',
    'uniquelocal,linklocal',
  ])('should take the proxies %s', (value) => {
    expect(parseEnvironment({ TRUST_PROXY: value }).TRUST_PROXY).toBe(value);
  });
});
