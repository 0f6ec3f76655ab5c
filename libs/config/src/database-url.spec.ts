import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './configuration-error.js';
import { parseDatabaseUrl } from './database-url.js';

describe(parseDatabaseUrl.name, () => {
  it.each([
    ['sqlite:./data/cleanmail.db', './data/cleanmail.db'],
    ['sqlite:/var/lib/cleanmail.db', '/var/lib/cleanmail.db'],
    ['sqlite:a file.db', 'a file.db'],
    ['sqlite::memory:', ':memory:'],
  ])('should read %s', (url, path) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: 'sqlite', path });
  });

  it.each([
    [
      'mysql://anna:secret@db.example:3307/cleanmail',
      { host: 'db.example', port: 3307, user: 'anna', password: 'secret', database: 'cleanmail' },
    ],
    [
      'mariadb://anna@db.example/cleanmail',
      { host: 'db.example', port: 3306, user: 'anna', password: '', database: 'cleanmail' },
    ],
    [
      'mysql://127.0.0.1/cleanmail',
      { host: '127.0.0.1', port: 3306, user: 'root', password: '', database: 'cleanmail' },
    ],
    [
      'mysql://us%40er:p%40ss%2Fw%3Ard%25@[::1]:3306/clean%20mail',
      { host: '::1', port: 3306, user: 'us@er', password: 'p@ss/w:rd%', database: 'clean mail' },
    ],
  ])('should read %s', (url, location) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: 'mysql', ...location });
  });

  it.each([
    ['sqlite:', 'names no file'],
    ['', 'is not a URL'],
    ['cleanmail.db', 'is not a URL'],
    ['mysql://db.example:99999/cleanmail', 'is not a URL'],
    ['postgres://db.example/cleanmail', 'unknown scheme postgres:'],
    ['mysql:///cleanmail', 'needs a host'],
    ['mysql://db.example', 'a database name'],
    ['mysql://db.example/', 'a database name'],
    ['mysql://anna:100%@db.example/cleanmail', 'percent'],
    ['mysql://db.example/%zz', 'percent'],
  ])('should refuse %j, naming the variable, the problem and an example', (url, problem) => {
    expect(() => parseDatabaseUrl(url)).toThrow(ConfigurationError);
    expect(() => parseDatabaseUrl(url)).toThrow(
      new RegExp(`^DATABASE_URL: .*${problem}.*\\. Example: DATABASE_URL=mysql://`),
    );
  });

  it('should not repeat the password in the message', () => {
    expect(() => parseDatabaseUrl('mysql://anna:geheim%@db.example/cleanmail')).not.toThrow(/geheim/);
  });
});
