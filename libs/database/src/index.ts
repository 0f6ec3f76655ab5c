export { Database, type WriteOptions } from './database.js';
export { type DatabaseOptions, dataSourceOptions } from './data-source-options.js';
export { DatabaseUnavailableError, driverErrorKind, type DriverErrorKind, DuplicateKeyError, isDuplicate } from './driver-errors.js';
export { isMigrated, migrate } from './migrator.js';
export { newId } from './new-id.js';
export { openDatabase } from './open-database.js';
export { type Counter, type Dialect, forUpdate, type Session, type SqlValue } from './session/session.js';
export { asTenantId, type TenantId } from './tenant-id.js';
export { type UniqueKeyName, uniqueKeys } from './unique-keys.js';
