import { type Invariant, type SqlValue, sqlInvariant } from '@cleanmail/database';
import { mailboxesOfRange } from './mailboxes-of-range.js';

interface LastEvent {
  readonly mailbox_id: string;
  readonly data: string;
}

const remedy = 'Have the readers of the feed start anew, and tell the developers.';
const events = { table: 'outbox_event', key: 'version', isNumeric: true } as const;
const lastEvents = `SELECT e.mailbox_id, e.data FROM outbox_event e
  JOIN (SELECT mailbox_id, MAX(version) AS version FROM outbox_event WHERE tenant_id = ? AND mailbox_id >= ? AND mailbox_id <= ? GROUP BY mailbox_id) AS latest
    ON latest.mailbox_id = e.mailbox_id AND latest.version = e.version
 WHERE e.tenant_id = ?`;

const holes = sqlInvariant({
  name: 'feed-holes',
  sentence: 'The versions of a feed follow each other without a hole, from its horizon on.',
  remedy,
  over: events,
  joins: 'LEFT JOIN tenant_mail_counter c ON c.tenant_id = r.tenant_id',
  broken:
    'r.position = 0 AND r.version > COALESCE(c.feed_horizon, 0) + 1 AND NOT EXISTS (SELECT 1 FROM outbox_event p WHERE p.tenant_id = r.tenant_id AND p.version = r.version - 1)',
  problem: ({ id }) => `the feed has version ${id}, and not the one before`,
});

const positions = sqlInvariant<{ readonly position: number }>({
  name: 'feed-positions',
  sentence: 'The events of one version are counted from 0 without a hole.',
  remedy,
  over: events,
  columns: 'r.position',
  broken:
    'r.position > 0 AND NOT EXISTS (SELECT 1 FROM outbox_event p WHERE p.tenant_id = r.tenant_id AND p.version = r.version AND p.position = r.position - 1)',
  problem: ({ id, position }) => `version ${id} of the feed has an event ${position}, and not the one before`,
});

const version = sqlInvariant<{ readonly feed_version: number; readonly latest: number }>({
  name: 'feed-version',
  sentence: 'The version of a feed is that of its last event, and no event is older than its horizon.',
  remedy,
  over: { table: 'tenant_mail_counter', key: 'tenant_id' },
  columns:
    'r.feed_version, (SELECT COALESCE(MAX(e.version), 0) FROM outbox_event e WHERE e.tenant_id = r.tenant_id) AS latest',
  broken:
    'r.feed_version <> COALESCE((SELECT MAX(e.version) FROM outbox_event e WHERE e.tenant_id = r.tenant_id), r.feed_horizon) ' +
    'OR EXISTS (SELECT 1 FROM outbox_event o WHERE o.tenant_id = r.tenant_id AND o.version <= r.feed_horizon)',
  problem: ({ feed_version: says, latest }) =>
    `the feed is said to be at version ${says}, and its last event has ${latest}`,
});

const lastStatus: Invariant = {
  name: 'feed-status',
  sentence: 'The last event about a mailbox tells the status that it has.',
  remedy: 'Readers of the feed believe something else: suspend and resume the mailbox, which tells them anew.',
  over: { table: 'mailbox_account', key: 'id' },
  find: async (tenant, session, range) => {
    const { mailboxes } = await mailboxesOfRange(tenant, session, range);
    const values: readonly SqlValue[] = [tenant, range.first, range.last, tenant];
    const rows = await session.all<LastEvent>(lastEvents, values);
    const told = new Map(
      rows.map(({ mailbox_id: id, data }) => [id, (JSON.parse(data) as { status?: string }).status]),
    );
    // Events that are past their retention are gone, and with them what they told.
    return mailboxes.flatMap(({ id, status }) =>
      (told.get(id) ?? status) === status
        ? []
        : [{ id, problem: `mailbox ${id} is ${status}, and its last event says ${told.get(id)}` }],
    );
  },
};

/** Events, in their order. */
export const feedInvariants: readonly Invariant[] = [holes, positions, version, lastStatus];
