export { databaseTime, databaseTimeSql, soundTime } from './database-time.js';
export { Database, type WriteOptions } from './database.js';
export { type DatabaseOptions, dataSourceOptions } from './data-source-options.js';
export {
  DatabaseUnavailableError,
  driverErrorKind,
  type DriverErrorKind,
  DuplicateKeyError,
  isBrokenReference,
  isConnectionLost,
  isDuplicate,
  isDuplicatePrimaryKey,
  StaleRowError,
} from './driver-errors.js';
export type { FilterColumn, FilterColumns, FilterLookup, FilterRelation } from './filter/filter-columns.js';
export { filterToSql } from './filter/filter-to-sql.js';
export { indexedBy, indexHint } from './filter/indexed-by.js';
export { lookupKey } from './filter/lookup-key.js';
export { type ListEntry, type ListOrder, type ListPlace, type ListSource, OrderedList } from './filter/ordered-list.js';
export { type SortKey, sortKeyToSql } from './filter/sort-key.js';
export type { SqlCondition } from './filter/sql-condition.js';
export { isMigrated, migrate, openMigratedDatabase } from './migrator.js';
export { letOthersIn } from './let-others-in.js';
export { newId } from './new-id.js';
export { openDatabase, openDatabaseForReading } from './open-database.js';
export {
  afterEveryId,
  keptOf,
  largestBlock,
  type PagedResources,
  pagedResources,
  rebuildPageDirectory,
} from './rebuild-page-directory.js';
export { allDone, runAll } from './session/all-done.js';
export { bigintAsNumber } from './schema/bigint-as-number.js';
export { schemaDrift } from './schema/schema-drift.js';
export {
  byPrimaryKey,
  type Counter,
  type CounterMove,
  type Dialect,
  forShare,
  forUpdate,
  type Session,
  type SqlValue,
  type Write,
} from './session/session.js';
export { asTenantId, type TenantId } from './tenant-id.js';
export { type UniqueKeyName, uniqueKeys } from './unique-keys.js';
export {
  type Finding,
  type Invariant,
  type KeyRange,
  oncePerRange,
  type PagedRows,
  sqlInvariant,
  type Violation,
} from './verification/invariant.js';
export {
  tenantsNamed,
  type Verification,
  type VerificationProgress,
  type VerificationSummary,
  verifyDatabase,
} from './verification/verify-database.js';
