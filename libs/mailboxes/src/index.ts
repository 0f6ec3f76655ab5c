export {
  type AddressProblem,
  type CanonicalAddress,
  type CanonicalDomain,
  parseAddress,
  parseDomain,
} from './address-codec.js';
export { DomainRegistry, type MailDomain } from './domain-registry.js';
export { DomainInUseError, InvalidDomainError } from './domains.errors.js';
export { deriveStatus, type DerivedStatus } from './derive-status.js';
export {
  addressKey,
  type AddressWish,
  type AdminState,
  type InactiveMailPolicy,
  type Mailbox,
  type MailboxAddress,
  type MailboxStatus,
  primaryAddress,
  type WishReason,
} from './mailbox.js';
export { knownAddress, MailboxDirectory, type MailboxQuery } from './mailbox-directory.js';
export {
  MailboxProvisioning,
  type MappingContext,
  type MappingOutcome,
  type ServiceTraits,
} from './mailbox-provisioning.js';
export { MailboxesModule } from './mailboxes.module.js';
export { defaultMailPolicy, type MailPolicy } from './mail-policy.js';
export { type RecipientAction, recipientsOf } from './recipients.js';
export { TenantMail } from './tenant-mail.js';
export type { UserFacts } from './transitions.js';
export { MailDomainEntity } from './mail-domain.entity.js';
export { MailRecipientEntity } from './mail-recipient.entity.js';
export { MailRelayDomainEntity } from './mail-relay-domain.entity.js';
export { MailboxAccountEntity } from './mailbox-account.entity.js';
export { MailboxAddressWishEntity } from './mailbox-address-wish.entity.js';
export { MailboxAddressEntity } from './mailbox-address.entity.js';
export { mailboxEntities } from './mailbox-entities.js';
export { TenantMailCounterEntity } from './tenant-mail-counter.entity.js';
export { TenantMailPolicyEntity } from './tenant-mail-policy.entity.js';
