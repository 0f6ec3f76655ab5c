import { CreateTenant1763683200000 } from './1763683200000-create-tenant.js';
import { CreateSecretToken1763683201000 } from './1763683201000-create-secret-token.js';
import { CreateAuditEntry1763683202000 } from './1763683202000-create-audit-entry.js';
import { CreateScimUser1763683203000 } from './1763683203000-create-scim-user.js';
import { CreateTenantMailPolicy1763683204000 } from './1763683204000-create-tenant-mail-policy.js';
import { CreateTenantMailCounter1763683205000 } from './1763683205000-create-tenant-mail-counter.js';
import { CreateMailDomain1763683206000 } from './1763683206000-create-mail-domain.js';
import { CreateMailboxAccount1763683207000 } from './1763683207000-create-mailbox-account.js';
import { CreateMailboxAddress1763683208000 } from './1763683208000-create-mailbox-address.js';
import { CreateMailboxAddressWish1763683209000 } from './1763683209000-create-mailbox-address-wish.js';
import { CreateMailRecipient1763683210000 } from './1763683210000-create-mail-recipient.js';
import { CreateMailRelayDomain1763683211000 } from './1763683211000-create-mail-relay-domain.js';
import { CreateOutboxEvent1763683212000 } from './1763683212000-create-outbox-event.js';
import { CreateProvisioningLog1763683213000 } from './1763683213000-create-provisioning-log.js';
import { CreateScimGroup1763683214000 } from './1763683214000-create-scim-group.js';
import { CreateScimGroupMember1763683215000 } from './1763683215000-create-scim-group-member.js';
import { CreateScimPageBlock1763683216000 } from './1763683216000-create-scim-page-block.js';
import { CreateTenantSchema1763683218000 } from './1763683218000-create-tenant-schema.js';
import { AddTenantSchemaRevision1763683219000 } from './1763683219000-add-tenant-schema-revision.js';
import { AddScimGroupDocument1763683220000 } from './1763683220000-add-scim-group-document.js';
import { CreateTenantDialect1763683222000 } from './1763683222000-create-tenant-dialect.js';
import { CreateScimUserEmail1763683224000 } from './1763683224000-create-scim-user-email.js';
import { FillScimUserEmail1763683225000 } from './1763683225000-fill-scim-user-email.js';
import { AddMailPolicyRules1763683226000 } from './1763683226000-add-mail-policy-rules.js';
import { AddMailCounterSettings1763683227000 } from './1763683227000-add-mail-counter-settings.js';
import { AddMailboxSeat1763683228000 } from './1763683228000-add-mailbox-seat.js';
import { CreateSeatInterval1763683229000 } from './1763683229000-create-seat-interval.js';
import { AddDomainVerification1763683230000 } from './1763683230000-add-domain-verification.js';
import { CreateClockJob1763683231000 } from './1763683231000-create-clock-job.js';
import { CreateErasureCertificate1763683232000 } from './1763683232000-create-erasure-certificate.js';
import { AddFeedHorizon1763683233000 } from './1763683233000-add-feed-horizon.js';
import { CreateMailLeaver1763683235000 } from './1763683235000-create-mail-leaver.js';
import { CreateGuardBatch1763683236000 } from './1763683236000-create-guard-batch.js';
import { AddMailboxGuard1763683237000 } from './1763683237000-add-mailbox-guard.js';
import { AddMailboxCreator1763683238000 } from './1763683238000-add-mailbox-creator.js';
import { CreateMailboxHistory1763683239000 } from './1763683239000-create-mailbox-history.js';
import { IndexAddressWishKey1763683240000 } from './1763683240000-index-address-wish-key.js';
import { CreateErasureRequest1763683241000 } from './1763683241000-create-erasure-request.js';
import { CreateErasureSubject1763683242000 } from './1763683242000-create-erasure-subject.js';
import { AddNoticePeriod1763683244000 } from './1763683244000-add-notice-period.js';
import { AddRelayDomainKeys1763683256000 } from './1763683256000-add-relay-domain-keys.js';
import { CreateEventReceiver1763683260000 } from './1763683260000-create-event-receiver.js';
import { CreateEventCursor1763683261000 } from './1763683261000-create-event-cursor.js';
import { CreateEventDelivery1763683262000 } from './1763683262000-create-event-delivery.js';
import { CreateEventReceipt1763683263000 } from './1763683263000-create-event-receipt.js';

/** Every migration, oldest first. One that has landed is never edited. */
export const migrations = [
  CreateTenant1763683200000,
  CreateSecretToken1763683201000,
  CreateAuditEntry1763683202000,
  CreateScimUser1763683203000,
  CreateTenantMailPolicy1763683204000,
  CreateTenantMailCounter1763683205000,
  CreateMailDomain1763683206000,
  CreateMailboxAccount1763683207000,
  CreateMailboxAddress1763683208000,
  CreateMailboxAddressWish1763683209000,
  CreateMailRecipient1763683210000,
  CreateMailRelayDomain1763683211000,
  CreateOutboxEvent1763683212000,
  CreateProvisioningLog1763683213000,
  CreateScimGroup1763683214000,
  CreateScimGroupMember1763683215000,
  CreateScimPageBlock1763683216000,
  CreateTenantSchema1763683218000,
  AddTenantSchemaRevision1763683219000,
  AddScimGroupDocument1763683220000,
  CreateTenantDialect1763683222000,
  CreateScimUserEmail1763683224000,
  FillScimUserEmail1763683225000,
  AddMailPolicyRules1763683226000,
  AddMailCounterSettings1763683227000,
  AddMailboxSeat1763683228000,
  CreateSeatInterval1763683229000,
  AddDomainVerification1763683230000,
  CreateClockJob1763683231000,
  CreateErasureCertificate1763683232000,
  AddFeedHorizon1763683233000,
  CreateMailLeaver1763683235000,
  CreateGuardBatch1763683236000,
  AddMailboxGuard1763683237000,
  AddMailboxCreator1763683238000,
  CreateMailboxHistory1763683239000,
  IndexAddressWishKey1763683240000,
  CreateErasureRequest1763683241000,
  CreateErasureSubject1763683242000,
  AddNoticePeriod1763683244000,
  AddRelayDomainKeys1763683256000,
  CreateEventReceiver1763683260000,
  CreateEventCursor1763683261000,
  CreateEventDelivery1763683262000,
  CreateEventReceipt1763683263000,
] as const;
