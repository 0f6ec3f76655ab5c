import type { TenantId } from '@cleanmail/database';
import type { Mailboxes } from '@cleanmail/mailboxes';
import type { QuarantineStore } from './quarantine-store.js';

const mailboxesPerRead = 500;

/**
 * Removes the messages of mailboxes whose data has ended. Nothing else has to be followed: a message is kept by the id of
 * its mailbox, and that id stays when the person is renamed, leaves and comes back.
 */
export class MailboxFollower {
  readonly #mailboxes: Pick<Mailboxes, 'feed' | 'directory'>;
  readonly #store: QuarantineStore;

  constructor(mailboxes: Pick<Mailboxes, 'feed' | 'directory'>, store: QuarantineStore) {
    this.#mailboxes = mailboxes;
    this.#store = store;
  }

  /** Looks at the tenants only when something has changed since the last time; one statement when nothing has. */
  async follow(): Promise<void> {
    const { pulse, items } = await this.#mailboxes.feed.heads(this.#store.pulse);
    if (pulse === this.#store.pulse) {
      return;
    }
    const purged = new Set<string>();
    for (const { tenantId } of items) {
      for (const id of await this.#purgedOf(tenantId)) {
        purged.add(id);
      }
    }
    this.#store.follow(pulse, purged);
  }

  async #purgedOf(tenant: TenantId): Promise<readonly string[]> {
    const held = this.#store.mailboxesOf(tenant);
    const purged: string[] = [];
    for (let start = 0; start < held.length; start += mailboxesPerRead) {
      const mailboxes = await this.#mailboxes.directory.byIds(tenant, held.slice(start, start + mailboxesPerRead));
      purged.push(...mailboxes.filter(({ status }) => status === 'purged').map(({ id }) => id));
    }
    return purged;
  }
}
