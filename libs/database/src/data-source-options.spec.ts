import { describe, expect, it } from '@jest/globals';
import { dataSourceOptions } from './data-source-options.js';
import { migrations } from './migrations/index.js';

const server = { kind: 'mysql', host: 'db', port: 3306, user: 'u', password: 'p', database: 'd' } as const;

describe(dataSourceOptions.name, () => {
  it.each([{ kind: 'sqlite', path: 'x.db' } as const, server])(
    'should let only migrations change the schema on $kind',
    (location) => {
      const options = dataSourceOptions({ location, entities: [] });
      expect(options).toMatchObject({ synchronize: false, logging: false, migrationsTransactionMode: 'each' });
      expect(options.migrationsRun ?? false).toBe(false);
      expect(options.dropSchema ?? false).toBe(false);
    },
  );

  it('should bound every wait on a server', () => {
    expect(dataSourceOptions({ location: server, entities: [], poolSize: 7 })).toMatchObject({
      type: 'mysql',
      charset: 'utf8mb4',
      timezone: 'Z',
      connectTimeout: 5000,
      maxQueryExecutionTime: 5000,
      enableQueryTimeout: true,
      poolSize: 7,
      extra: { queueLimit: 500 },
    });
  });

  it('should run migrations in the order of their names', () => {
    const names = migrations.map((migration) => new migration().name);
    const stamps = names.map((name) => Number(name.slice(-13)));
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
    expect(new Set(stamps).size).toBe(names.length);
    expect(migrations.map(({ name }) => name)).toEqual(names);
  });
});
