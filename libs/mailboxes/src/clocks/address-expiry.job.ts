import { Database, databaseTime, type Session, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { readMailPolicy } from '../mail-policy.js';
import { addressKey } from '../mailbox.js';
import { MailboxRepository } from '../mailbox.repository.js';
import { MailboxWriter } from '../mailbox-writer.js';
import { expiredAddresses, withoutExpired } from './endings.js';

interface DueAddress {
  readonly id: string;
  readonly tenant_id: TenantId;
  readonly mailbox_id: string;
  readonly valid_until: number;
}

/** A legal hold keeps the addresses of a deleted mailbox reserved: it is not purged, and they wait for that. */
const due = `
  SELECT a.id, a.tenant_id, a.mailbox_id, a.valid_until FROM mailbox_address a
    JOIN mailbox_account m ON m.tenant_id = a.tenant_id AND m.id = a.mailbox_id
   WHERE a.state = ? AND a.valid_until >= ? AND a.valid_until <= ? AND (a.valid_until > ? OR a.id > ?)
     AND (a.state = 'live' OR m.status = 'purged')
   ORDER BY a.valid_until, a.id LIMIT 100`;

/** Ends former addresses, and those that were reserved for mailboxes which are purged. */
@Injectable()
export class AddressExpiryJob implements ClockJob {
  readonly name = 'address-expiry';
  readonly every = 300_000;

  constructor(
    private readonly database: Database,
    private readonly mailboxes: MailboxRepository,
    private readonly writer: MailboxWriter,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const former = await this.end(pass, 'live');
    const reserved = await this.end(pass, 'reserved');
    return {
      done: former.done + reserved.done,
      skipped: former.skipped + reserved.skipped,
      failed: former.failed + reserved.failed,
    };
  }

  private async end(pass: ClockPass, state: 'live' | 'reserved'): Promise<ClockTally> {
    const now = await this.database.read(databaseTime);
    return eachDue<DueAddress>(
      pass,
      (last) =>
        this.database.read((session) => {
          const { valid_until: time = 0, id = '' } = last ?? {};
          return session.all<DueAddress>(due, [state, time, now, time, id]);
        }),
      async (address) =>
        (await this.database.write((session) => this.release(address, session, pass))) ? 'done' : 'skipped',
    );
  }

  private async release(
    { id, tenant_id: tenant, mailbox_id: mailboxId }: DueAddress,
    session: Session,
    { cause }: ClockPass,
  ): Promise<boolean> {
    const before = await this.mailboxes.findById(tenant, session, mailboxId);
    const now = await databaseTime(session);
    const expired = before === undefined ? [] : expiredAddresses(before, now).filter((address) => address.id === id);
    if (before === undefined || expired.length === 0) {
      return false;
    }
    const policy = await readMailPolicy(tenant, session);
    const after = withoutExpired(before, expired, { now, policy });
    await this.writer.write(tenant, session, [{ before, after }], policy, cause);
    for (const address of expired) {
      await session.run(
        "DELETE FROM mail_recipient WHERE address_key = ? AND tenant_id = ? AND action = 'gone' AND version <= (SELECT c.feed_horizon FROM tenant_mail_counter c WHERE c.tenant_id = ?)",
        [addressKey(address), tenant, tenant],
      );
    }
    return true;
  }
}
