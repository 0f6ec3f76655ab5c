import { Database, DuplicateKeyError, type Session, StaleRowError, type TenantId } from '@cleanmail/database';
import { type Actor, AuditTrail, type EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { AddressClaims } from '../address-claims.js';
import { mergeYields, yieldsTo } from '../address-requests.js';
import { AddressSettlement, type Settlement } from '../address-settlement.js';
import type { Circumstances } from '../grants.js';
import { type MailSettings, readMailPolicy } from '../mail-policy.js';
import { addressKey, type Mailbox } from '../mailbox.js';
import { type MailboxChange, MailboxWriter } from '../mailbox-writer.js';
import { type AddressGrants, blankMailbox, followGrants } from '../transitions.js';
import type { ImportAnswer, ImportRow } from './import-row.js';
import { addressGrants, judgeRow, readRow, type ReadRow, refused, type WaitingMailbox } from './row-judgement.js';

/** How rows are imported. */
export interface ImportOptions {
  /** Says what would come of the rows, and does nothing. */
  readonly dryRun?: boolean;
  /** Seats that earlier parts of the same dry run would have taken. */
  readonly seatsAssumed?: number;
}

interface Context extends Required<ImportOptions> {
  readonly actor: Actor;
  readonly cause: EventCause;
}

/** What came of one unit of work; rows that are undefined are contested. */
interface Batch {
  readonly answers: readonly (ImportAnswer | undefined)[];
  readonly seats: number;
}

/** The tenant's feed is locked while the recipients of a unit of work are written, and provisioning waits for it. */
const rowsPerTransaction = 250;

/** Undoes a unit of work of a dry run, and carries its answer out of it. */
class DryRunAnswer extends Error {
  constructor(readonly answer: ImportAnswer) {
    super('a dry run writes nothing');
  }
}

/**
 * Makes mailboxes of accounts that were there before, many in a transaction: one look-up of all addresses, then one
 * write through the model. Rows whose address somebody must give up are settled one by one. May be repeated: what is
 * there already is told, and left as it is.
 */
@Injectable()
export class MailboxImport {
  constructor(
    private readonly database: Database,
    private readonly claims: AddressClaims,
    private readonly settlement: AddressSettlement,
    private readonly writer: MailboxWriter,
    private readonly audit: AuditTrail,
  ) {}

  /** Answers each row in its place. @throws DatabaseUnavailableError; what was done until then stays. */
  async import(
    tenant: TenantId,
    actor: Actor,
    rows: readonly ImportRow[],
    { dryRun = false, seatsAssumed = 0 }: ImportOptions = {},
  ): Promise<readonly ImportAnswer[]> {
    const answers: ImportAnswer[] = [];
    let assumed = seatsAssumed;
    for (let start = 0; start < rows.length; start += rowsPerTransaction) {
      const cause = { actor: actor.name, requestId: actor.requestId, at: Date.now() };
      const context = { actor, cause, dryRun, seatsAssumed: assumed };
      const batch = await this.importBatch(tenant, rows.slice(start, start + rowsPerTransaction), context);
      answers.push(...batch.answers);
      assumed += batch.seats;
    }
    return answers;
  }

  /** A unit of work that cannot be written is split, so that only the row that stands in its way is refused. */
  private async importBatch(
    tenant: TenantId,
    rows: readonly ImportRow[],
    context: Context,
  ): Promise<{ readonly answers: readonly ImportAnswer[]; readonly seats: number }> {
    const batch = await this.unit(tenant, rows, context).catch((error: unknown) => {
      if (rows.length === 1 || !isConflict(error)) {
        throw error;
      }
      return undefined;
    });
    if (batch === undefined) {
      const middle = Math.ceil(rows.length / 2);
      const first = await this.importBatch(tenant, rows.slice(0, middle), context);
      const rest = { ...context, seatsAssumed: context.seatsAssumed + first.seats };
      const second = await this.importBatch(tenant, rows.slice(middle), rest);
      return { answers: [...first.answers, ...second.answers], seats: first.seats + second.seats };
    }
    const answers: ImportAnswer[] = [];
    for (const [index, row] of rows.entries()) {
      answers.push(batch.answers[index] ?? (await this.importOne(tenant, row, context)));
    }
    return { answers, seats: batch.seats };
  }

  private unit(tenant: TenantId, rows: readonly ImportRow[], context: Context): Promise<Batch> {
    const work = (session: Session) => this.importSome(tenant, session, rows, context);
    return context.dryRun ? this.database.read(work) : this.database.write(work);
  }

  private async importSome(
    tenant: TenantId,
    session: Session,
    rows: readonly ImportRow[],
    context: Context,
  ): Promise<Batch> {
    const settings = await readMailPolicy(tenant, session);
    const read = rows.map(readRow);
    const wanted = read.flatMap((each) => ('outcome' in each ? [] : [each]));
    const known = {
      inquiries: await this.claims.inquireMany(
        tenant,
        session,
        wanted.flatMap(({ primary, aliases }) => [primary, ...aliases]),
      ),
      waiting: await waitingFor(tenant, session, wanted),
      taken: new Map<string, { readonly mailboxId: string; readonly isPrimary: boolean }>(),
    };
    const refusesForeign = settings.unownedDomainPolicy === 'reject';
    const changes: MailboxChange[] = [];
    const seatsBefore = settings.seatsUsed + (context.dryRun ? context.seatsAssumed : 0);
    let seatsUsed = seatsBefore;
    const answers = read.map((each): ImportAnswer | undefined => {
      if ('outcome' in each) {
        return each;
      }
      const judged = judgeRow(tenant, each, known, { refusesForeign });
      if (judged.kind !== 'new') {
        return judged.kind === 'answer' ? judged.answer : undefined;
      }
      const after = imported(each.row, judged.grants, { ...settings, seatsUsed }, context.cause.at);
      seatsUsed += Number(after.seat);
      changes.push({ before: undefined, after });
      [each.primary, ...each.aliases].forEach(({ key }, index) =>
        known.taken.set(key, { mailboxId: after.id, isPrimary: index === 0 }),
      );
      return answerFor(after);
    });
    await this.write(tenant, session, changes, settings, context);
    return { answers, seats: seatsUsed - seatsBefore };
  }

  /** Settles a row as if it came alone: others yield what they must. A dry run does the same, and takes it back. */
  private async importOne(tenant: TenantId, row: ImportRow, context: Context): Promise<ImportAnswer> {
    const settled = this.database.write(async (session) => {
      const answer = await this.settleOne(tenant, session, row, context);
      if (context.dryRun) {
        throw new DryRunAnswer(answer);
      }
      return answer;
    });
    return settled.catch((error: unknown) => {
      if (error instanceof DryRunAnswer) {
        return error.answer;
      }
      if (isConflict(error)) {
        return refused('address_taken', row.address);
      }
      throw error;
    });
  }

  private async settleOne(tenant: TenantId, session: Session, row: ImportRow, context: Context): Promise<ImportAnswer> {
    const { answers } = await this.importSome(tenant, session, [row], context);
    const read = readRow(row);
    if (answers[0] !== undefined) {
      return answers[0];
    }
    if ('outcome' in read) {
      return read;
    }
    const policy = await readMailPolicy(tenant, session);
    const settlements: Settlement[] = [];
    for (const { key, localDisplay, domainAscii } of [read.primary, ...read.aliases]) {
      const asker = { mailboxId: '', externalId: null, policy, cause: context.cause };
      const settled = await this.settlement.settle(tenant, session, `${localDisplay}@${domainAscii}`, asker);
      if (settled.grant.kind === 'parked' && settled.grant.wish.reason !== 'domain_not_owned') {
        return refused(settled.grant.wish.reason, key);
      }
      settlements.push(settled);
    }
    const grants = addressGrants(settlements.map(({ grant }) => ({ grant, source: 'import' })));
    const after = imported(row, grants, policy, context.cause.at);
    const changes = [...yieldsTo(after, mergeYields(settlements)), { before: undefined, after }];
    await this.write(tenant, session, changes, policy, { ...context, dryRun: false });
    return answerFor(after);
  }

  /** One audit entry tells of all mailboxes of a unit of work: each account has the request that made it. */
  private async write(
    tenant: TenantId,
    session: Session,
    changes: readonly MailboxChange[],
    settings: MailSettings,
    { actor, cause, dryRun }: Context,
  ): Promise<void> {
    const made = changes.flatMap(({ before, after }) => (before === undefined ? [after] : []));
    const [first] = made;
    if (dryRun || first === undefined) {
      return;
    }
    await this.writer.write(tenant, session, changes, settings, cause);
    const details = {
      mailboxes: made.length,
      parked: made.filter(({ status }) => status === 'pending').length,
      legalHolds: made.filter(({ legalHold }) => legalHold).length,
      first: first.id,
      last: made.at(-1)?.id,
    };
    await this.audit.record(tenant, session, actor, { action: 'mailbox.import', target: tenant, details });
  }
}

function imported(
  { kind, externalId, legalHold = false }: ImportRow,
  grants: AddressGrants,
  policy: MailSettings,
  now: number,
): Mailbox {
  const circumstances: Circumstances = { now, policy, erasesOnDeactivation: false };
  const blank = blankMailbox({ origin: 'import', kind: kind ?? 'user' }, circumstances);
  return followGrants(
    { ...blank, kindFixed: kind !== undefined, externalId: externalId ?? null, legalHold },
    grants,
    circumstances,
  );
}

function answerFor({ id, status, wishes, addresses }: Mailbox): ImportAnswer {
  if (status !== 'pending') {
    return { outcome: 'made', mailboxId: id };
  }
  const wish = wishes.find(({ role }) => role !== 'alias');
  const address = wish?.wantedKey ?? addresses.map(addressKey)[0];
  return {
    outcome: 'parked',
    mailboxId: id,
    ...(wish === undefined ? {} : { reason: wish.reason }),
    ...(address === undefined ? {} : { address }),
  };
}

/** The mailboxes of the tenant that wait for one of these primary addresses; the one that asked first of several. */
async function waitingFor(
  tenant: TenantId,
  session: Session,
  rows: readonly ReadRow[],
): Promise<ReadonlyMap<string, WaitingMailbox>> {
  const keys = rows.map(({ primary }) => primary.key);
  if (keys.length === 0) {
    return new Map();
  }
  const found = await session.list<{
    readonly wanted_key: string;
    readonly mailbox_id: string;
    readonly scim_user_id: string | null;
  }>(
    `SELECT w.wanted_key, w.mailbox_id, m.scim_user_id FROM mailbox_address_wish w
       JOIN mailbox_account m ON m.tenant_id = w.tenant_id AND m.id = w.mailbox_id
      WHERE w.tenant_id = ? AND w.role = 'primary' AND w.wanted_key IN (${keys.map(() => '?').join(', ')})
      ORDER BY w.first_seen DESC`,
    [tenant, ...keys],
  );
  return new Map(
    found.map(({ wanted_key: key, mailbox_id: mailboxId, scim_user_id: user }) => [
      key,
      { mailboxId, isLinked: user !== null },
    ]),
  );
}

function isConflict(error: unknown): boolean {
  return error instanceof StaleRowError || error instanceof DuplicateKeyError;
}
