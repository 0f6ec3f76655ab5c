import { type EntitySubscriberInterface, EventSubscriber, type TransactionStartEvent } from 'typeorm';

/**
 * Makes TypeORM's transactions on the embedded database (migrations alone use them) wait for the write lock where they
 * begin. It says `BEGIN` and no more, so that a migration which looks before it changes would fail with "database is
 * locked", without any waiting, as soon as another process writes in between
 * (https://www.sqlite.org/rescode.html#busy_snapshot).
 */
@EventSubscriber()
export class WriteLockFirst implements EntitySubscriberInterface {
  async afterTransactionStart({ queryRunner }: TransactionStartEvent): Promise<void> {
    // Any write would do; nothing reads this number of SQLite's header.
    await queryRunner.query('PRAGMA user_version = 0');
  }
}
