import { Database, DuplicateKeyError, newId, type Session, type TenantId } from '@cleanmail/database';
import { logEntry, ProvisioningLog, type ProvisioningRequest } from '@cleanmail/journal';
import { MailboxProvisioning, type MappingContext, type ServiceTraits } from '@cleanmail/mailboxes';
import {
  applyPatch,
  changedPaths,
  checkImmutable,
  normaliseOperations,
  parsePatchRequest,
  readResource,
  type ResourceType,
  ScimError,
  type ScimResource,
} from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { haveSameMailFacts, mailFacts } from './mail-facts.js';
import { entityTag, isActive, type User, userNameOf } from './user.js';
import { type UserCursor, type UserPage, UserRepository } from './user.repository.js';

/** A writing request: who asks, in which service, and on which condition (RFC 7644 section 3.14). */
export interface UserCommand {
  readonly request: ProvisioningRequest;
  /** The User resource type with the particulars of the tenant's service. */
  readonly userType: ResourceType;
  readonly traits: ServiceTraits;
  /** Whether a version, as an entity tag, is one that the client is willing to change. */
  readonly accepts?: (entityTag: string) => boolean;
}

/** Users of one page, and how many there are in all. */
export interface UserList {
  readonly users: readonly User[];
  readonly totalResults: number;
}

/** SCIM users, each with its mailbox account: what a request changes is one transaction. */
@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly mailboxes: MailboxProvisioning,
    private readonly log: ProvisioningLog,
  ) {}

  /** @throws ScimError invalidValue for a body that is no user, uniqueness when the userName is taken. */
  async create(tenant: TenantId, command: UserCommand, body: unknown): Promise<User> {
    const { request, userType } = command;
    const resource = { active: true, ...readResource(body, userType) };
    const user: User = { id: newId(), version: 1, createdAt: request.at, lastModified: request.at, resource };
    await this.write(tenant, command, user, async (session) => {
      await this.users.insert(tenant, session, user, userType);
      await this.mailboxes.userCreated(tenant, session, mailFacts(user), mapping(command));
      await this.record(tenant, session, request, 201, user, changedPaths({}, resource, userType));
      return user;
    });
    return user;
  }

  /** @throws ScimError not found, also for another tenant's user. */
  async get(tenant: TenantId, id: string): Promise<User> {
    const user = await this.database.read((session) => this.users.findById(tenant, session, id));
    return found(user, id);
  }

  async list(tenant: TenantId, page: UserPage): Promise<UserList> {
    return this.database.read(async (session) => {
      const users = page.count === 0 ? [] : await this.users.list(tenant, session, page);
      const isWhole = page.startIndex === 1 && users.length < page.count;
      const totalResults = isWhole ? users.length : await this.users.count(tenant, session, page.filter);
      return { users, totalResults };
    });
  }

  /** A page for support staff, in the order of creation. */
  async page(tenant: TenantId, cursor: UserCursor): Promise<readonly User[]> {
    return this.database.read((session) => this.users.listAfter(tenant, session, cursor));
  }

  /**
   * Replaces a user (RFC 7644 section 3.5.1). A body without `active` leaves it as it is: a disabled person must not
   * come back because a client left the attribute out.
   */
  async replace(tenant: TenantId, command: UserCommand, id: string, body: unknown): Promise<User> {
    const sent = readResource(body, command.userType);
    return this.change(tenant, command, id, (user) => {
      const resource = { active: isActive(user), ...sent };
      checkImmutable(user.resource, resource, command.userType);
      return { resource, changed: changedPaths(user.resource, resource, command.userType) };
    });
  }

  /** Applies a PATCH, all of it or nothing (RFC 7644 section 3.5.2). */
  async modify(tenant: TenantId, command: UserCommand, id: string, body: unknown): Promise<User> {
    const operations = normaliseOperations(parsePatchRequest(body), command.userType);
    return this.change(tenant, command, id, (user) => applyPatch(user.resource, operations, command.userType));
  }

  /** Ends a user; its mailbox goes into retention, and its userName is free at once. */
  async delete(tenant: TenantId, command: UserCommand, id: string): Promise<void> {
    const { request } = command;
    await this.write(tenant, command, undefined, async (session) => {
      const user = await this.lock(tenant, session, command, id);
      await this.users.delete(tenant, session, user);
      await this.mailboxes.userDeleted(tenant, session, id, mapping(command));
      await this.record(tenant, session, request, 204, user, []);
    });
  }

  private async change(
    tenant: TenantId,
    command: UserCommand,
    id: string,
    next: (user: User) => { readonly resource: ScimResource; readonly changed: readonly string[] },
  ): Promise<User> {
    const { request, userType } = command;
    return this.write(tenant, command, undefined, async (session) => {
      const before = await this.lock(tenant, session, command, id);
      const { resource, changed } = next(before);
      const after = changed.length === 0 ? before : nextVersion(before, resource, request.at);
      if (after !== before) {
        await this.users.update(tenant, session, before, after, userType);
        if (!haveSameMailFacts(before, after)) {
          await this.mailboxes.userChanged(tenant, session, mailFacts(after), mapping(command));
        }
      }
      await this.record(tenant, session, request, 200, after, changed);
      return after;
    });
  }

  /** Runs a unit of work; a COMMIT whose answer was lost has happened when the request's log entry is there. */
  private async write<T>(
    tenant: TenantId,
    { request }: UserCommand,
    user: User | undefined,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    return this.database
      .write(work, { isCommitted: (session) => this.log.isRecorded(tenant, session, request.logId) })
      .catch((error: unknown) => rethrowUniqueness(error, user));
  }

  private async lock(tenant: TenantId, session: Session, { accepts }: UserCommand, id: string): Promise<User> {
    const user = found(await this.users.findForUpdate(tenant, session, id), id);
    if (accepts !== undefined && !accepts(entityTag(user))) {
      throw ScimError.preconditionFailed(
        `The user has changed: its version is ${entityTag(user)}. Read it again and repeat the request.`,
      );
    }
    return user;
  }

  private async record(
    tenant: TenantId,
    session: Session,
    request: ProvisioningRequest,
    status: number,
    user: User,
    changes: readonly string[],
  ): Promise<void> {
    const result = { outcome: 'success', status, resourceId: user.id, userName: userNameOf(user), changes } as const;
    await this.log.record(tenant, session, logEntry(request, result));
  }
}

function found(user: User | undefined, id: string): User {
  if (user === undefined) {
    throw ScimError.notFound(`User ${id} does not exist.`);
  }
  return user;
}

function rethrowUniqueness(error: unknown, user: User | undefined): never {
  if (error instanceof DuplicateKeyError && error.key === 'uq_scim_user_name') {
    const name = user === undefined ? 'this userName' : `the userName "${userNameOf(user)}"`;
    throw ScimError.uniqueness(`A user with ${name} exists already; userName is compared without regard to case.`);
  }
  throw error;
}

/** `lastModified` grows with every change, also within a millisecond or after the clock was set back. */
function nextVersion(before: User, resource: ScimResource, now: number): User {
  return { ...before, resource, version: before.version + 1, lastModified: Math.max(now, before.lastModified + 1) };
}

function mapping({ request: { requestId, tokenId, at }, traits }: UserCommand): MappingContext {
  return { traits, cause: { actor: `token:${tokenId}`, requestId, at } };
}
