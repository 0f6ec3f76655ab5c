import type { Actor, EventCause } from '@cleanmail/journal';
import type { CanonicalDomain } from '../address-codec.js';
import { DomainNotFoundError, DomainStateError } from '../domains.errors.js';
import type { MailDomain } from './mail-domain.js';

/** The cause of what support staff do now. */
export function causeOf({ name, requestId }: Actor): EventCause {
  return { actor: name, requestId, at: Date.now() };
}

/** @throws DomainNotFoundError */
export function found(domain: MailDomain | undefined, { unicode }: CanonicalDomain): MailDomain {
  if (domain === undefined) {
    throw new DomainNotFoundError(unicode);
  }
  return domain;
}

/** @throws DomainStateError when the domain is released or on its way to another tenant. */
export function requirePresent({ name, status, transferTo }: MailDomain): void {
  if (status === 'released') {
    throw new DomainStateError(`The domain ${name} was released; add it again to have it.`);
  }
  if (transferTo !== null) {
    throw new DomainStateError(
      `The domain ${name} is on its way to the tenant ${transferTo}; repeat the transfer to finish it.`,
    );
  }
}
