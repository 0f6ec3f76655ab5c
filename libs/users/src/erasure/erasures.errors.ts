/** The tenant has no erasure with this id. */
export class ErasureNotFoundError extends Error {
  override readonly name = ErasureNotFoundError.name;
  readonly code = 'erasure_not_found';

  constructor(id: string) {
    super(`The tenant has no erasure with the id ${id}.`);
  }
}

/** The tenant has no user with this id. */
export class UserNotFoundError extends Error {
  override readonly name = UserNotFoundError.name;
  readonly code = 'user_not_found';

  constructor(id: string) {
    super(`The tenant has no user with the id ${id}.`);
  }
}

/** What is asked for is no erasure that can be done; the message says why. */
export class InvalidErasureError extends Error {
  override readonly name = InvalidErasureError.name;
  readonly code = 'invalid_erasure';
}

/** Who acts has no name, and could not be told apart from anybody else. */
export class ActorRequiredError extends Error {
  override readonly name = ActorRequiredError.name;
  readonly code = 'actor_required';

  constructor() {
    super('An erasure takes two people: say who you are with the header X-Actor, such as "X-Actor: support:ada".');
  }
}

/** Who confirms is the one who asked. */
export class ErasureActorError extends Error {
  override readonly name = ErasureActorError.name;
  readonly code = 'erasure_actor';
}

/** The erasure is in a state in which this cannot be done; the message says which. */
export class ErasureStateError extends Error {
  override readonly name = ErasureStateError.name;
  readonly code = 'erasure_state';
}

/** A legal hold keeps the data; nothing of it may be erased. */
export class LegalHoldError extends Error {
  override readonly name = LegalHoldError.name;
  readonly code = 'legal_hold';

  constructor(mailboxId: string) {
    super(
      `The mailbox ${mailboxId} is on legal hold, and nothing of it may be erased. End the hold first, if that is right.`,
    );
  }
}
