/** There is no trace of a user with this id in the tenant. */
export class UserNotFoundError extends Error {
  override readonly name = UserNotFoundError.name;
  readonly code = 'user_not_found';

  constructor(id: string) {
    super(`The tenant has, and had, no user with the id ${id}.`);
  }
}
