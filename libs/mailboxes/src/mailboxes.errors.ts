/** The tenant has no mailbox with this id. */
export class MailboxNotFoundError extends Error {
  override readonly name = MailboxNotFoundError.name;
  readonly code = 'mailbox_not_found';

  constructor(id: string) {
    super(`The tenant has no mailbox with the id ${id}.`);
  }
}

/** Somebody else changed the mailbox since the caller read it; nothing was done. */
export class MailboxChangedError extends Error {
  override readonly name = MailboxChangedError.name;
  readonly code = 'mailbox_changed';

  constructor(expected: number, current: number) {
    super(
      `The mailbox has changed: its version is ${current}, not ${expected}. Read it again and repeat what is still wanted.`,
    );
  }
}

/** What is asked for makes no sense in the state that the mailbox is in; the message says what would. */
export class MailboxStateError extends Error {
  override readonly name = MailboxStateError.name;
  readonly code = 'mailbox_state';
}

/** The mailbox has no alias of that address. */
export class AliasNotFoundError extends Error {
  override readonly name = AliasNotFoundError.name;
  readonly code = 'alias_not_found';

  constructor(address: string) {
    super(`The mailbox has no alias or former address "${address}".`);
  }
}

/** The mailbox was not there yet at the time that is asked for. */
export class MailboxNotYetError extends Error {
  override readonly name = MailboxNotYetError.name;
  readonly code = 'mailbox_not_yet';

  constructor(id: string, createdAt: number) {
    super(`The mailbox ${id} was made at ${new Date(createdAt).toISOString()}; ask for a time after that.`);
  }
}

/** The mailbox changed at times that no history was kept of, so what it was then cannot be said. */
export class HistoryUnknownError extends Error {
  override readonly name = HistoryUnknownError.name;
  readonly code = 'history_unknown';

  constructor(id: string) {
    super(`What the mailbox ${id} was at that time is not known: it was changed before its history was kept.`);
  }
}
