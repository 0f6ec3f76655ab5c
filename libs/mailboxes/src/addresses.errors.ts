import type { WishReason } from './mailbox.js';

const words: Readonly<Record<WishReason, string>> = {
  domain_not_owned: 'its domain is none of the mail domains of this tenant',
  address_taken: 'another mailbox has it',
  invalid_syntax: 'it is no address that a mailbox can have',
  unsupported_utf8: 'the part before the @ has characters outside ASCII',
  seat_limit: 'no seat is free',
  address_source_missing: 'the attribute that it is taken from has no value',
};

/** An address cannot be granted, and the tenant's policy or the caller wants that to be an error. */
export class AddressRefusedError extends Error {
  override readonly name = AddressRefusedError.name;
  readonly code = 'address_refused';

  constructor(
    readonly address: string,
    readonly reason: WishReason,
  ) {
    super(`The address "${address}" cannot be granted: ${words[reason]}.`);
  }
}
