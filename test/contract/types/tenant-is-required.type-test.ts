import type { Session } from '@cleanmail/database';
import { asTenantId } from '@cleanmail/database';
import type { AuditTrail, EventCause, Outbox, ProvisioningLog } from '@cleanmail/journal';
import type {
  DomainRegistry,
  MailboxDirectory,
  MailboxProvisioning,
  TenantMail,
  UserFacts,
} from '@cleanmail/mailboxes';
import type { TenantsService, TokensService } from '@cleanmail/tenants';
import type { UserCommand, UsersService } from '@cleanmail/users';

declare const users: UsersService;
declare const mailboxes: MailboxDirectory;
declare const provisioning: MailboxProvisioning;
declare const domains: DomainRegistry;
declare const mail: TenantMail;
declare const tenants: TenantsService;
declare const tokens: TokensService;
declare const log: ProvisioningLog;
declare const audit: AuditTrail;
declare const outbox: Outbox;
declare const session: Session;
declare const command: UserCommand;
declare const facts: UserFacts;
declare const cause: EventCause;
declare const text: string;
const actor = { name: 'a', requestId: 'r' };
const traits = { erasesOnDeactivation: false };
const entry = {} as Parameters<ProvisioningLog['append']>[1];

/** None of these compiles: a tenant is not any text, and it cannot be left out. */
export const refused = [
  // @ts-expect-error
  () => users.create(text, command, {}),
  // @ts-expect-error
  () => users.create(command, {}),
  // @ts-expect-error
  () => users.get(text, text),
  // @ts-expect-error
  () => users.get(text),
  // @ts-expect-error
  () => users.list(text, { startIndex: 1, count: 1 }),
  // @ts-expect-error
  () => users.page(text, { limit: 1 }),
  // @ts-expect-error
  () => users.replace(text, command, text, {}),
  // @ts-expect-error
  () => users.modify(text, command, text, {}),
  // @ts-expect-error
  () => users.delete(text, command, text),
  // @ts-expect-error
  () => mailboxes.byId(text, text),
  // @ts-expect-error
  () => mailboxes.byUser(text, text),
  // @ts-expect-error
  () => mailboxes.list(text, { limit: 1 }),
  // @ts-expect-error
  () => mailboxes.list({ limit: 1 }),
  // @ts-expect-error
  () => provisioning.userCreated(text, session, facts, traits, cause),
  // @ts-expect-error
  () => provisioning.userChanged(text, session, facts, traits, cause),
  // @ts-expect-error
  () => provisioning.userDeleted(text, session, text, traits, cause),
  // @ts-expect-error
  () => domains.claim(text, session, [], 0),
  // @ts-expect-error
  () => domains.list(text),
  // @ts-expect-error
  () => domains.listOf([text]),
  // @ts-expect-error
  () => domains.releaseAll(text, session),
  // @ts-expect-error
  () => mail.open(text, session, [], 0),
  // @ts-expect-error
  () => mail.close(text, cause),
  // @ts-expect-error
  () => tenants.get(text),
  // @ts-expect-error
  () => tenants.change(text, actor, {}),
  // @ts-expect-error
  () => tenants.close(text, actor),
  // @ts-expect-error
  () => tokens.issue(text, actor, {}),
  // @ts-expect-error
  () => tokens.list(text, { limit: 1 }),
  // @ts-expect-error
  () => tokens.revoke(text, actor, text),
  // @ts-expect-error
  () => tokens.rotate(text, actor, text),
  // @ts-expect-error
  () => log.record(text, session, entry),
  // @ts-expect-error
  () => log.append(text, entry),
  // @ts-expect-error
  () => log.list(text, { limit: 1 }),
  // @ts-expect-error
  () => log.isRecorded(text, session, text),
  // @ts-expect-error
  () => audit.record(text, session, actor, { action: text, target: text }),
  // @ts-expect-error
  () => audit.list(text, { limit: 1 }),
  // @ts-expect-error
  () => outbox.append(text, session, 1, cause, []),
  // @ts-expect-error
  () => session.increment({ table: text, column: text }, text, 1),
];

/** The same calls with a tenant's id do. */
export const accepted = [
  () => users.get(asTenantId(text), text),
  () => users.list(asTenantId(text), { startIndex: 1, count: 1 }),
  () => mailboxes.byId(asTenantId(text), text),
  () => tokens.issue(asTenantId(text), actor, {}),
  () => log.list(asTenantId(text), { limit: 1 }),
];
