import { allDone, Database, DuplicateKeyError, newId, type Session, type TenantId } from '@cleanmail/database';
import {
  AddressRefusedError,
  MailboxProvisioning,
  type MappingContext,
  type MappingOutcome,
  type ServiceTraits,
} from '@cleanmail/mailboxes';
import {
  applyPatch,
  changedPaths,
  checkImmutable,
  normaliseOperations,
  parsePatchRequest,
  readResource,
  retainedExtensions,
  type ResourceType,
  ScimError,
  type ScimResource,
} from '@cleanmail/scim';
import { Injectable } from '@nestjs/common';
import { GroupMemberRepository } from './group-member.repository.js';
import { haveSameMailFacts, mailFacts } from './mail-facts.js';
import type { Neighbours } from './ordered-page.js';
import type { ResourceCursor, ResourcePage } from './resource.repository.js';
import { ResourceWriter, type WriteCommand } from './resource-writer.js';
import { nextVersion, requireCurrent } from './stored-resource.js';
import { isActive, type User, userNameOf } from './user.js';
import { UserRepository } from './user.repository.js';

/** Whether the answer will show the groups of the users; they are not read unless it does. */
export interface UserAnswer {
  readonly withGroups?: boolean;
}

/** A writing request, with the service that it is for. */
export interface UserCommand extends WriteCommand, UserAnswer {
  /** The User resource type with the particulars of the tenant's service. */
  readonly userType: ResourceType;
  readonly traits: ServiceTraits;
}

/** Users of one page, and how many there are in all. */
export interface UserList extends Neighbours {
  readonly users: readonly User[];
  readonly totalResults: number;
}

/**
 * SCIM users, each with its mailbox account: what a request changes is one transaction, in as few round trips as its
 * statements need answers from each other. What locks a row that all of the tenant's writes share comes last in it, the
 * mailbox with the feed's counter and then the page directory.
 */
@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly users: UserRepository,
    private readonly members: GroupMemberRepository,
    private readonly mailboxes: MailboxProvisioning,
    private readonly writer: ResourceWriter,
  ) {}

  /** @throws ScimError invalidValue for a body that is no user, uniqueness when the userName is taken. */
  async create(tenant: TenantId, command: UserCommand, body: unknown): Promise<User> {
    const { request, userType } = command;
    const resource = { active: true, ...readResource(body, userType) };
    const user: User = { id: newId(), version: 1, createdAt: request.at, lastModified: request.at, resource };
    return this.write(tenant, command, user, async (session, tell) => {
      const enter = () => this.users.directory.add(tenant, session, user.id);
      const [, , outcome] = await allDone([
        this.users.insert(tenant, session, user, userType),
        this.record(tenant, session, command, 201, user, changedPaths({}, resource, userType)),
        this.mailboxes.userCreated(tenant, session, mailFacts(user), { ...mapping(command), last: enter }),
      ]);
      tell(outcome);
      return user;
    });
  }

  /** @throws ScimError not found, also for another tenant's user. */
  async get(tenant: TenantId, id: string, answer: UserAnswer = {}): Promise<User> {
    return this.database.read(async (session) => {
      const [user, groups] = await allDone([
        this.users.findById(tenant, session, id),
        this.groupsOf(tenant, session, id, answer),
      ]);
      return { ...requireCurrent(user, { name: 'User', id }), ...groups };
    });
  }

  async list(tenant: TenantId, page: ResourcePage & UserAnswer): Promise<UserList> {
    return this.database.read(async (session) => {
      const { resources, ...list } = await this.users.query(tenant, session, page);
      const users = page.withGroups === true ? await this.members.addGroups(tenant, session, resources) : resources;
      return { ...list, users };
    });
  }

  /** A page for support staff, in the order of creation. */
  async page(tenant: TenantId, cursor: ResourceCursor): Promise<readonly User[]> {
    return this.database.read((session) => this.users.listAfter(tenant, session, cursor));
  }

  /**
   * Replaces a user (RFC 7644 section 3.5.1). A body without `active` leaves it as it is: a disabled person must not
   * come back because a client left the attribute out.
   */
  async replace(tenant: TenantId, command: UserCommand, id: string, body: unknown): Promise<User> {
    const sent = readResource(body, command.userType);
    return this.change(tenant, command, id, (user) => {
      const resource = { active: isActive(user), ...sent, ...retainedExtensions(user.resource, command.userType) };
      checkImmutable(user.resource, resource, command.userType);
      return { resource, changed: changedPaths(user.resource, resource, command.userType) };
    });
  }

  /** Applies a PATCH, all of it or nothing (RFC 7644 section 3.5.2). */
  async modify(tenant: TenantId, command: UserCommand, id: string, body: unknown): Promise<User> {
    const operations = normaliseOperations(parsePatchRequest(body), command.userType);
    return this.change(tenant, command, id, (user) => applyPatch(user.resource, operations, command.userType));
  }

  /** Ends a user and its memberships; its mailbox goes into retention, and its userName is free at once. */
  async delete(tenant: TenantId, command: UserCommand, id: string): Promise<void> {
    await this.write(tenant, command, undefined, async (session, tell) => {
      const user = await this.lock(tenant, session, command, id);
      await allDone([
        this.users.delete(tenant, session, user),
        this.record(tenant, session, command, 204, user, []),
        this.members.end(tenant, session, id, command.request.at),
      ]);
      const leave = () => this.users.directory.remove(tenant, session, id);
      tell(await this.mailboxes.userDeleted(tenant, session, id, { ...mapping(command), last: leave }));
    });
  }

  private async change(
    tenant: TenantId,
    command: UserCommand,
    id: string,
    next: (user: User) => { readonly resource: ScimResource; readonly changed: readonly string[] },
  ): Promise<User> {
    const { request, userType } = command;
    return this.write(tenant, command, undefined, async (session, tell) => {
      const before = await this.lock(tenant, session, command, id);
      const { resource, changed } = next(before);
      const after = changed.length === 0 ? before : nextVersion(before, resource, request.at);
      const [groups, outcome] = await allDone([
        this.groupsOf(tenant, session, id, command),
        after === before || haveSameMailFacts(before, after)
          ? undefined
          : this.mailboxes.userChanged(tenant, session, mailFacts(after), mapping(command)),
        after === before ? undefined : this.users.update(tenant, session, before, after, userType),
        this.record(tenant, session, command, 200, after, changed),
      ]);
      tell(outcome);
      return { ...after, ...groups };
    });
  }

  private async write<T>(
    tenant: TenantId,
    command: UserCommand,
    user: User | undefined,
    work: (session: Session, tell: (outcome: MappingOutcome | undefined) => void) => Promise<T>,
  ): Promise<T> {
    let mapped: MappingOutcome | undefined;
    const unit = (session: Session): Promise<T> => {
      mapped = undefined;
      return work(session, (outcome) => (mapped = outcome));
    };
    const result = await this.writer.write(tenant, command, unit).catch((error: unknown) => rethrowInScim(error, user));
    this.mailboxes.warnIfTripped(tenant, mapped);
    return result;
  }

  private async lock(tenant: TenantId, session: Session, command: UserCommand, id: string): Promise<User> {
    return requireCurrent(await this.users.findForUpdate(tenant, session, id), { ...command, name: 'User', id });
  }

  private async groupsOf(
    tenant: TenantId,
    session: Session,
    id: string,
    answer: UserAnswer,
  ): Promise<Pick<User, 'groups'>> {
    if (answer.withGroups !== true) {
      return {};
    }
    const groups = await this.members.groupsOf(tenant, session, [id]);
    return { groups: groups.get(id) ?? [] };
  }

  private async record(
    tenant: TenantId,
    session: Session,
    { request }: UserCommand,
    status: number,
    user: User,
    changes: readonly string[],
  ): Promise<void> {
    const record = { status, resourceId: user.id, userName: userNameOf(user), changes };
    await this.writer.record(tenant, session, request, record);
  }
}

function rethrowInScim(error: unknown, user: User | undefined): never {
  if (error instanceof AddressRefusedError) {
    throw ScimError.invalidValue(`${error.message} Users without a mailbox are refused by the policy of this tenant.`);
  }
  if (error instanceof DuplicateKeyError && error.key === 'uq_scim_user_name') {
    const name = user === undefined ? 'this userName' : `the userName "${userNameOf(user)}"`;
    throw ScimError.uniqueness(`A user with ${name} exists already; userName is compared without regard to case.`);
  }
  throw error;
}

function mapping({ request: { requestId, tokenId, at }, traits, shared }: UserCommand): MappingContext {
  const cause = { actor: `token:${tokenId}`, requestId, at };
  return { traits, cause, ...(shared === undefined ? {} : { turn: shared.turn }) };
}
