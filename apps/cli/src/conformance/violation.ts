import type { Exchange } from './exchange.js';

/** The server does not do what a requirement says; `message` names the member, header or status that is wrong. */
export class Violation extends Error {
  override readonly name = 'Violation';

  constructor(
    message: string,
    readonly exchange: Exchange,
  ) {
    super(message);
  }
}

/** A requirement turned out not to bind this server. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/** A requirement could not be tried, because a step on the way to it failed; `exchange` is that step. */
export class NotTried extends Error {
  override readonly name = 'NotTried';

  constructor(
    message: string,
    readonly exchange: Exchange,
  ) {
    super(message);
  }
}
