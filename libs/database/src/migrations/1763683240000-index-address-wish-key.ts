import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addIndex, dropIndex } from './alter-table.js';

const table = 'mailbox_address_wish';
const index = 'ix_mailbox_wish_key';

/** Who waits for an address, whichever tenant it is: what support asks first. */
export class IndexAddressWishKey1763683240000 implements MigrationInterface {
  readonly name = 'IndexAddressWishKey1763683240000';

  async up(runner: QueryRunner): Promise<void> {
    await addIndex(runner, table, index, ['wanted_key']);
  }

  async down(runner: QueryRunner): Promise<void> {
    await dropIndex(runner, table, index);
  }
}
