import { userInfo } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { readCommandEnvironment } from './command-environment.js';

describe(readCommandEnvironment.name, () => {
  it('should read what is set and leave the rest out', () => {
    const environment = readCommandEnvironment({ USER: 'anna', CLEANMAIL_TOKEN: 'cm_x', CLEANMAIL_ADMIN_URL: '' });
    expect(environment).toEqual({ user: 'anna', scimToken: 'cm_x' });
  });

  it('should prefer its own admin key to that of the service', () => {
    expect(readCommandEnvironment({ USER: 'a', CLEANMAIL_ADMIN_KEY: 'one', ADMIN_KEY: 'two' }).adminKey).toBe('one');
    expect(readCommandEnvironment({ USER: 'a', ADMIN_KEY: 'two' }).adminKey).toBe('two');
  });

  it('should ask the operating system for the user otherwise', () => {
    expect(readCommandEnvironment({}).user).toBe(userInfo().username);
  });
});
