import { type UniqueKeyName, uniqueKeys } from './unique-keys.js';

/** A row with the same unique key exists; `key` names it when it is one that application code answers to. */
export class DuplicateKeyError extends Error {
  override readonly name = DuplicateKeyError.name;

  constructor(readonly key: UniqueKeyName | undefined) {
    super(`duplicate key ${key ?? '(unnamed)'}`);
  }
}

/** The database cannot be reached, or does not answer in time; the work was not done and may be tried again later. */
export class DatabaseUnavailableError extends Error {
  override readonly name = DatabaseUnavailableError.name;
  readonly code = 'database_unavailable';
}

/** A row was changed by somebody else between being read and being written; the unit of work is run again. */
export class StaleRowError extends Error {
  override readonly name = StaleRowError.name;
}

/** What a driver's error means to the unit of work. */
export type DriverErrorKind = 'duplicate' | 'conflict' | 'lockTimeout' | 'connection' | 'other';

interface DriverError {
  readonly code?: string;
  readonly errno?: number;
  readonly message?: string;
  readonly sqlMessage?: string;
  readonly driverError?: DriverError;
}

/** Deadlock (also Galera's certification failure), snapshot conflict of MariaDB 11.6+: the whole unit may run again. */
const conflictNumbers = new Set([1213, 1020, 1180]);
const lockTimeoutNumber = 1205;
const conflictCodes = new Set(['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'SQLITE_LOCKED']);

const connectionNumbers = new Set([
  1047, 1040, 1053, 1152, 1158, 1159, 1160, 1161, 1203, 1226, 1290, 1836, 1927, 2002, 2003, 2006, 2013, 3024, 1969,
]);
const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'POOL_CLOSED',
  'ER_SERVER_SHUTDOWN',
  'SQLITE_CANTOPEN',
  'SQLITE_IOERR',
  'SQLITE_FULL',
]);

/** Sorts an error of either driver, also one that TypeORM has wrapped, into what can be done about it. */
export function driverErrorKind(error: unknown): DriverErrorKind {
  if (error instanceof StaleRowError) {
    return 'conflict';
  }
  const { code = '', errno = 0, message = '' } = unwrap(error);
  if (errno === 1062 || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
    return 'duplicate';
  }
  if (errno === lockTimeoutNumber) {
    return 'lockTimeout';
  }
  if (conflictNumbers.has(errno) || conflictCodes.has(code)) {
    return 'conflict';
  }
  const isConnectionLoss =
    connectionNumbers.has(errno) ||
    connectionCodes.has(code) ||
    message.includes('Queue limit reached') ||
    message.includes('Pool is closed') ||
    message.includes('closed state');
  return isConnectionLoss ? 'connection' : 'other';
}

/** Turns a driver's error into one of this package's; what it does not know comes back as it was. */
export function translateDriverError(error: unknown): unknown {
  switch (driverErrorKind(error)) {
    case 'duplicate':
      return new DuplicateKeyError(violatedKey(unwrap(error)));
    case 'connection':
      return new DatabaseUnavailableError('the database does not answer', { cause: error });
    case 'conflict':
    case 'lockTimeout':
      return new DatabaseUnavailableError('the database is too busy with the same rows', { cause: error });
    case 'other':
      return error;
  }
}

/** Whether a unit of work failed because the database went away, so that it is not known whether it was committed. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError && driverErrorKind(error.cause) === 'connection';
}

/** Whether the error says that this unique key is taken. */
export function isDuplicate(error: unknown, key: UniqueKeyName): boolean {
  return error instanceof DuplicateKeyError
    ? error.key === key
    : driverErrorKind(error) === 'duplicate' && violatedKey(unwrap(error)) === key;
}

/** Whether a row's primary key is taken; SQLite, which nobody else writes to meanwhile, is not asked. */
export function isDuplicatePrimaryKey(error: unknown): boolean {
  const { errno = 0, message = '', sqlMessage = message } = unwrap(error);
  return errno === 1062 && sqlMessage.endsWith("PRIMARY'");
}

/**
 * Whether a row was refused because the row that it refers to is not there, or one was to go while others refer to it:
 * somebody changed it between being looked at and being written.
 */
export function isBrokenReference(error: unknown): boolean {
  const { code = '', errno = 0 } = unwrap(error);
  return errno === 1452 || errno === 1451 || code === 'SQLITE_CONSTRAINT_FOREIGNKEY';
}

function violatedKey(error: DriverError): UniqueKeyName | undefined {
  const message = error.sqlMessage ?? error.message ?? '';
  const names = Object.keys(uniqueKeys) as UniqueKeyName[];
  return names.find((name) => {
    const { table, columns } = uniqueKeys[name];
    return message.endsWith(`${name}'`) || message.endsWith(columns.map((column) => `${table}.${column}`).join(', '));
  });
}

function unwrap(error: unknown): DriverError {
  if (typeof error !== 'object' || error === null) {
    return {};
  }
  const outer = error as DriverError;
  return outer.driverError ?? outer;
}
