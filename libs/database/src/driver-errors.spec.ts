import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import {
  DatabaseUnavailableError,
  driverErrorKind,
  type DriverErrorKind,
  DuplicateKeyError,
  isDuplicate,
  StaleRowError,
  translateDriverError,
} from './driver-errors.js';

function mysqlError(errno: number, sqlMessage = ''): Error {
  return Object.assign(new Error(sqlMessage), { errno, sqlMessage });
}

function coded(code: string, message = ''): Error {
  return Object.assign(new Error(message), { code });
}

const table: readonly (readonly [string, unknown, DriverErrorKind])[] = [
  ['a duplicate key of MySQL', mysqlError(1062), 'duplicate'],
  ['a duplicate key of SQLite', coded('SQLITE_CONSTRAINT_UNIQUE'), 'duplicate'],
  ['a duplicate primary key of SQLite', coded('SQLITE_CONSTRAINT_PRIMARYKEY'), 'duplicate'],
  ['a deadlock, or a failed certification', mysqlError(1213), 'conflict'],
  ['a lock timeout', mysqlError(1205), 'lockTimeout'],
  ['a snapshot conflict of MariaDB', mysqlError(1020), 'conflict'],
  ['an error of Galera during COMMIT', mysqlError(1180), 'conflict'],
  ['a busy SQLite', coded('SQLITE_BUSY'), 'conflict'],
  ['a row changed by somebody else', new StaleRowError('stale'), 'conflict'],
  ['a node that is not part of the cluster', mysqlError(1047), 'connection'],
  ['too many connections', mysqlError(1040), 'connection'],
  ['a server that shuts down', mysqlError(1053), 'connection'],
  ['a read-only server', mysqlError(1290), 'connection'],
  ['a server in read-only mode', mysqlError(1836), 'connection'],
  ['a killed connection', mysqlError(1927), 'connection'],
  ['a statement that MySQL stopped', mysqlError(3024), 'connection'],
  ['a statement that MariaDB stopped', mysqlError(1969), 'connection'],
  ['a refused connection', coded('ECONNREFUSED'), 'connection'],
  ['a reset connection', coded('ECONNRESET'), 'connection'],
  ['a lost connection', coded('PROTOCOL_CONNECTION_LOST'), 'connection'],
  ['a statement without answer', coded('PROTOCOL_SEQUENCE_TIMEOUT'), 'connection'],
  ['a name that is not found', coded('ENOTFOUND'), 'connection'],
  ['a full queue', new Error('Queue limit reached.'), 'connection'],
  ['a closed pool', new Error('Pool is closed.'), 'connection'],
  ['a closed connection', new Error("Can't add new command when connection is in closed state"), 'connection'],
  ['a full disk', coded('SQLITE_FULL'), 'connection'],
  ['a disk that fails', coded('SQLITE_IOERR'), 'connection'],
  ['a broken foreign key of MySQL', mysqlError(1452), 'other'],
  ['a value that is too long', mysqlError(1406), 'other'],
  ['a broken check of SQLite', coded('SQLITE_CONSTRAINT_CHECK'), 'other'],
  ['a broken foreign key of SQLite', coded('SQLITE_CONSTRAINT_FOREIGNKEY'), 'other'],
  ['an error of ours', new TypeError('x is not a function'), 'other'],
  ['a text', 'deadlock', 'other'],
  ['nothing', undefined, 'other'],
  ['null', null, 'other'],
];

describe(driverErrorKind.name, () => {
  it.each(table)('should sort %s', (_, error, kind) => {
    expect(driverErrorKind(error)).toBe(kind);
  });

  it.each(table.filter(([, error]) => error instanceof Error && !(error instanceof StaleRowError)))(
    'should sort %s also when TypeORM has wrapped it',
    (_, error, kind) => {
      expect(driverErrorKind(new QueryFailedError('SELECT 1', [], error as Error))).toBe(kind);
    },
  );
});

describe(translateDriverError.name, () => {
  it.each([
    ['MySQL', mysqlError(1062, "Duplicate entry 'a-b' for key 'scim_user.uq_scim_user_name'"), 'uq_scim_user_name'],
    ['MariaDB', mysqlError(1062, "Duplicate entry 'a-b' for key 'uq_scim_user_name'"), 'uq_scim_user_name'],
    ['SQLite', coded('SQLITE_CONSTRAINT_UNIQUE', 'UNIQUE constraint failed: scim_user.tenant_id, scim_user.user_name_key'), 'uq_scim_user_name'],
    ['MySQL', mysqlError(1062, "Duplicate entry 'a@b.ch' for key 'mailbox_address.uq_mailbox_address_claim'"), 'uq_mailbox_address_claim'],
    ['SQLite', coded('SQLITE_CONSTRAINT_UNIQUE', 'UNIQUE constraint failed: mailbox_address.claim_key'), 'uq_mailbox_address_claim'],
    ['SQLite', coded('SQLITE_CONSTRAINT_UNIQUE', 'UNIQUE constraint failed: mail_domain.owner_key'), 'uq_mail_domain_owner'],
    ['MySQL with a value made to mislead', mysqlError(1062, "Duplicate entry 'uq_mail_domain_owner'' for key 'x.uq_scim_user_name'"), 'uq_scim_user_name'],
    ['MySQL with another key', mysqlError(1062, "Duplicate entry '1' for key 'tenant.PRIMARY'"), undefined],
  ] as const)('should name the key as %s reports it', (_, error, key) => {
    const translated = translateDriverError(error);
    expect(translated).toBeInstanceOf(DuplicateKeyError);
    expect((translated as DuplicateKeyError).key).toBe(key);
  }); // prettier-ignore

  it('should say nothing of the value in its message', () => {
    const error = mysqlError(1062, "Duplicate entry 'anna@contoso.ch' for key 'scim_user.uq_scim_user_name'");
    expect((translateDriverError(error) as Error).message).toBe('duplicate key uq_scim_user_name');
  });

  it.each(table.filter(([, , kind]) => kind === 'connection' || kind === 'conflict'))(
    'should say that the database is unavailable after %s',
    (_, error) => {
      const translated = translateDriverError(error);
      expect(translated).toBeInstanceOf(DatabaseUnavailableError);
      expect((translated as Error).cause).toBe(error);
    },
  );

  it.each(table.filter(([, , kind]) => kind === 'other'))('should leave %s as it is', (_, error) => {
    expect(translateDriverError(error)).toBe(error);
  });
});

describe(isDuplicate.name, () => {
  it('should know a key before and after translation', () => {
    const error = mysqlError(1062, "Duplicate entry 'a' for key 'mail_domain.uq_mail_domain_owner'");
    expect(isDuplicate(error, 'uq_mail_domain_owner')).toBe(true);
    expect(isDuplicate(translateDriverError(error), 'uq_mail_domain_owner')).toBe(true);
    expect(isDuplicate(error, 'uq_scim_user_name')).toBe(false);
    expect(isDuplicate(mysqlError(1213), 'uq_mail_domain_owner')).toBe(false);
  });
});
