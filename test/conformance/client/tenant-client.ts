import { randomUUID } from 'node:crypto';
import type { RunningService } from './running-service.js';
import { AdminClient, type MailboxView, type ProfileName, type TenantView } from './admin-client.js';
import { exchange, type Exchange } from './http-exchange.js';
import {
  CORE_GROUP,
  PATCH_OP,
  type PatchOperation,
  type ScimGroup,
  type ScimList,
  type ScimUser,
} from './scim-types.js';

/** The base path that each vendor's guide prints in its tenant URL. */
export const BASE_PATHS: Readonly<Record<ProfileName, string>> = {
  cleanmail: '/api/v3/scim2',
  'alinto-protect': '/api/v3/scim2',
  sendsafely: '/scim/v2/entra',
};

export const SCIM_JSON = 'application/scim+json; charset=utf-8';

interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A fresh tenant with one token, and the requests that Entra would send for it. */
export class TenantClient {
  private constructor(
    readonly admin: AdminClient,
    readonly tenant: TenantView,
    readonly token: string,
    private readonly scimUrl: string,
  ) {}

  /** Creates the tenant and its token through the admin surface, as support staff would. */
  static async open(service: RunningService, profile: ProfileName, domains?: readonly string[]): Promise<TenantClient> {
    const admin = new AdminClient(service.adminUrl, service.adminKey);
    const name = `${profile} ${randomUUID()}`;
    const tenant = await admin.createTenant(domains === undefined ? { name, profile } : { name, profile, domains });
    const issued = await admin.issueToken(
      tenant.id,
      profile === 'sendsafely' ? { serviceAccount: 'scim-admin@vendor.example' } : {},
    );
    return new TenantClient(admin, tenant, issued.token, service.scimUrl);
  }

  get profile(): ProfileName {
    return this.tenant.profile;
  }

  get basePath(): string {
    return BASE_PATHS[this.tenant.profile];
  }

  /** The same tenant with another secret; used for wrong, second and mangled tokens. */
  withToken(token: string): TenantClient {
    return new TenantClient(this.admin, this.tenant, token, this.scimUrl);
  }

  /** The same tenant and token on another node of the service. */
  on({ scimUrl, adminUrl, adminKey }: RunningService): TenantClient {
    return new TenantClient(new AdminClient(adminUrl, adminKey), this.tenant, this.token, scimUrl);
  }

  /** Sends exactly the given headers, whatever the path. */
  async sendRaw(method: string, fullPath: string, options: SendOptions = {}): Promise<Exchange> {
    return exchange({
      method,
      origin: this.scimUrl,
      path: fullPath,
      headers: options.headers ?? {},
      body: options.body,
    });
  }

  /** Sends a request below the base path with the tenant's token, as Entra does. */
  async send(method: string, path: string, options: SendOptions = {}): Promise<Exchange> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.token}` };
    if (options.body !== undefined) headers['Content-Type'] = SCIM_JSON;
    return this.sendRaw(method, this.basePath + path, { ...options, headers: { ...headers, ...options.headers } });
  }

  async patch(id: string, ...operations: PatchOperation[]): Promise<Exchange> {
    return this.send('PATCH', `/Users/${id}`, { body: { schemas: [PATCH_OP], Operations: operations } });
  }

  /** Creates a user and gives back the answered resource; throws unless the answer is 201. */
  async createUser(body: object): Promise<ScimUser> {
    return expectStatus(await this.send('POST', '/Users', { body }), 201).body as ScimUser;
  }

  /** Reads a user by id; throws unless the answer is 200. */
  async readUser(id: string): Promise<ScimUser> {
    return expectStatus(await this.send('GET', `/Users/${id}`), 200).body as ScimUser;
  }

  /** Lists by an unencoded filter, the way Entra encodes it; throws unless the answer is 200. */
  async find(filter: string): Promise<ScimList> {
    return expectStatus(await this.send('GET', `/Users?filter=${formEncode(filter)}`), 200).body as ScimList;
  }

  async findByUserName(userName: string): Promise<ScimList> {
    return this.find(`userName eq ${JSON.stringify(userName)}`);
  }

  /** Creates a group; throws unless the answer is 201. */
  async createGroup(body: object): Promise<ScimGroup> {
    const answer = await this.send('POST', '/Groups', { body: { schemas: [CORE_GROUP], ...body } });
    return expectStatus(answer, 201).body as ScimGroup;
  }

  /** Reads a group by id; throws unless the answer is 200. */
  async readGroup(id: string): Promise<ScimGroup> {
    return expectStatus(await this.send('GET', `/Groups/${id}`), 200).body as ScimGroup;
  }

  async patchGroup(id: string, ...operations: PatchOperation[]): Promise<Exchange> {
    return this.send('PATCH', `/Groups/${id}`, { body: { schemas: [PATCH_OP], Operations: operations } });
  }

  /** Lists groups by an unencoded filter; throws unless the answer is 200. */
  async findGroups(filter: string): Promise<ScimList<ScimGroup>> {
    const answer = await this.send('GET', `/Groups?filter=${formEncode(filter)}`);
    return expectStatus(answer, 200).body as ScimList<ScimGroup>;
  }

  async disable(id: string): Promise<void> {
    expectStatus(await this.patch(id, { op: 'Replace', path: 'active', value: 'False' }), 200);
  }

  async remove(id: string): Promise<void> {
    expectStatus(await this.send('DELETE', `/Users/${id}`), 204);
  }

  async mailboxOf(userId: string): Promise<MailboxView> {
    return this.admin.mailboxOfUser(this.tenant.id, userId);
  }
}

/** Percent-encodes with `+` for blanks, as Entra's provisioning service does. */
export function formEncode(text: string): string {
  return encodeURIComponent(text).replaceAll('%20', '+');
}

function expectStatus(answer: Exchange, status: number): Exchange {
  if (answer.status !== status)
    throw new Error(`expected ${status}, the service answered ${answer.status}: ${answer.text}`);
  return answer;
}
