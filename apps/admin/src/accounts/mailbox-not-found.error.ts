/** The tenant has no mailbox with this id. */
export class MailboxNotFoundError extends Error {
  override readonly name = MailboxNotFoundError.name;
  readonly code = 'mailbox_not_found';

  constructor(id: string) {
    super(`The tenant has no mailbox with the id ${id}.`);
  }
}
