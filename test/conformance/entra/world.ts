import { randomBytes, randomUUID } from 'node:crypto';
import type { RunningService } from '../client/running-service.js';
import type { ProfileName } from '../client/admin-client.js';
import type { ScimGroup, ScimUser } from '../client/scim-types.js';
import { TenantClient } from '../client/tenant-client.js';

/** What one case runs in: a fresh tenant, a second one on demand, and the values its precondition made. */
export class World {
  readonly values = new Map<string, string>();
  /** The users that the precondition created, in order. */
  readonly created: ScimUser[] = [];
  /** The bodies they were created from. */
  readonly sentBodies: object[] = [];
  /** The body of the case's first request, for the checks of its follow-ups. */
  firstSent: unknown;
  /** The user the case is about; its state before the request is kept for the checks. */
  subject: ScimUser | undefined;
  /** The group the case is about, in its state before the request. */
  private group: ScimGroup | undefined;
  private neighbour: TenantClient | undefined;

  private constructor(
    readonly service: RunningService,
    private own: TenantClient,
  ) {
    this.useTenant(own);
    this.values.set('guid', randomUUID());
    this.values.set('random', randomBytes(8).toString('hex'));
    this.values.set('objectId', randomUUID());
  }

  static async open(service: RunningService, profile: ProfileName): Promise<World> {
    return new World(service, await TenantClient.open(service, profile));
  }

  /** Tenant A, whose token the case uses. */
  get tenant(): TenantClient {
    return this.own;
  }

  /** Makes another tenant the case's own, for example one with domains. */
  useTenant(tenant: TenantClient): void {
    this.own = tenant;
    this.values.set('token', tenant.token);
    const colon = tenant.token.indexOf(':');
    this.values.set('apiUser', tenant.token.slice(0, Math.max(colon, 0)));
    this.values.set('apiKey', tenant.token.slice(colon + 1));
  }

  /** Tenant B, of the same profile. */
  async otherTenant(): Promise<TenantClient> {
    this.neighbour ??= await TenantClient.open(this.service, this.own.profile);
    return this.neighbour;
  }

  /** Creates a user in tenant A and makes it the subject of the case. */
  async createSubject(body: object): Promise<ScimUser> {
    const user = await this.create(body);
    this.subject = user;
    this.values.set('id', user.id);
    this.values.set('userName', user.userName);
    return user;
  }

  /** Creates a user in tenant A that the case is not about. */
  async create(body: object): Promise<ScimUser> {
    const user = await this.tenant.createUser(body);
    this.created.push(user);
    this.sentBodies.push(body);
    return user;
  }

  /** Creates a group in tenant A and makes it the one the case is about. */
  async createGroup(body: object): Promise<ScimGroup> {
    this.group = await this.tenant.createGroup(body);
    this.values.set('gid', this.group.id);
    return this.group;
  }

  /** The group as it was right before the request. */
  groupBefore(): ScimGroup {
    if (this.group === undefined) throw new Error('the case has no group');
    return this.group;
  }

  /** Reads the subject again; throws when the case has none. */
  async readSubject(): Promise<ScimUser> {
    return this.tenant.readUser(this.subjectBefore().id);
  }

  /** The subject as it was right before the request. */
  subjectBefore(): ScimUser {
    if (this.subject === undefined) throw new Error('the case has no subject');
    return this.subject;
  }
}
