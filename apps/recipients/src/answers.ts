import { transportOf } from '@cleanmail/mailboxes';
import type { Found, RecipientCopy } from './copy/recipient-copy.js';

/** Whether the copy may be answered from: not before there is a whole one, nor for ever without the database. */
export type CopyState = 'ready' | 'empty' | 'stale';

type Answer = (copy: RecipientCopy, key: string) => string;

const unknown = 'NOTFOUND ';
const uncertain = 'TEMP the recipients of this domain are being read';
const notReady: Readonly<Record<Exclude<CopyState, 'ready'>, string>> = {
  empty: 'TEMP there is no snapshot of the recipients yet',
  stale: 'TEMP the snapshot of the recipients is too old',
};

/** The tables, as docs/operations.md has Postfix ask them. */
const tables: Readonly<Record<string, Answer>> = {
  recipients: (copy, key) => certain(copy.find(key), isRecipient),
  access: (copy, key) => certain(copy.find(key), access),
  domains: (copy, key) => {
    const domain = copy.findDomain(key);
    return domain?.status === 'verified' ? `OK ${domain.name}` : unknown;
  },
  transport: (copy, key) => (key.includes('@') ? certain(copy.find(key), transport) : transportOfDomain(copy, key)),
};

/** The answer to a request, by the rule of the whole service; nobody is refused for what this copy does not know. */
export function answerFrom(copy: RecipientCopy, state: CopyState, table: string, key: string): string {
  const answer = Object.hasOwn(tables, table) ? tables[table] : undefined;
  if (answer === undefined) {
    return `PERM there is no such table; there are ${Object.keys(tables).join(', ')}`;
  }
  return state === 'ready' ? answer(copy, key) : notReady[state];
}

/** A mailbox that was found is there, whatever else is not known yet. */
function certain(found: Found, answer: (found: Found) => string): string {
  return found.isUncertain && found.decision.kind !== 'mailbox' ? uncertain : answer(found);
}

function isRecipient({ decision }: Found): string {
  switch (decision.kind) {
    case 'mailbox':
      return decision.action === 'accept' || decision.action === 'hold' ? 'OK OK' : unknown;
    case 'unknownRecipient':
      return decision.policy === 'accept' ? 'OK OK' : unknown;
    case 'unknownDomain':
      return unknown;
  }
}

function access({ decision }: Found): string {
  switch (decision.kind) {
    case 'mailbox':
      return { accept: unknown, hold: unknown, ...disabled }[decision.action];
    case 'unknownRecipient':
      return decision.policy === 'defer' ? 'OK 450 4.1.1 Recipient not (yet) provisioned' : unknown;
    case 'unknownDomain':
      return unknown;
  }
}

const disabled = {
  reject: 'OK 550 5.2.1 Mailbox disabled',
  defer: 'OK 450 4.2.1 Mailbox temporarily disabled',
} as const;

/** Postfix asks a socketmap for the whole address only, so its answer also says where mail for the domain goes. */
function transport({ decision, domain }: Found): string {
  if (decision.kind === 'unknownDomain') {
    return unknown;
  }
  return decision.kind === 'mailbox' && decision.action === 'hold' ? 'OK quarantine:' : hop(domain?.nextHop);
}

function transportOfDomain(copy: RecipientCopy, key: string): string {
  const domain = copy.findDomain(key);
  return domain?.status === 'verified' ? hop(domain.nextHop) : unknown;
}

function hop(nextHop: string | null | undefined): string {
  return nextHop === null || nextHop === undefined ? unknown : `OK ${transportOf(nextHop)}`;
}
