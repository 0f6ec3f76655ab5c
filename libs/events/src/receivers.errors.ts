/** No receiver has this id or name. */
export class ReceiverNotFoundError extends Error {
  override readonly name = ReceiverNotFoundError.name;
  readonly code = 'receiver_not_found';

  constructor() {
    super('There is no such receiver.');
  }
}

/** Another receiver has the name. */
export class ReceiverExistsError extends Error {
  override readonly name = ReceiverExistsError.name;
  readonly code = 'receiver_exists';

  constructor(receiver: string) {
    super(`Another receiver has the name ${JSON.stringify(receiver)}.`);
  }
}

/** What was asked of a receiver cannot be. */
export class InvalidReceiverError extends Error {
  override readonly name = InvalidReceiverError.name;
  readonly code = 'invalid_receiver';
}

/** The cursor of a feed is none that this service gave out. */
export class InvalidFeedCursorError extends Error {
  override readonly name = InvalidFeedCursorError.name;
  readonly code = 'invalid_cursor';

  constructor() {
    super('cursor: use the one of the answer before, or leave it out.');
  }
}
