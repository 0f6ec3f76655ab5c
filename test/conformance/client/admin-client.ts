import { exchange, type Exchange } from './http-exchange.js';

/** The service profiles of the product. */
export type ProfileName = 'cleanmail' | 'alinto-protect' | 'sendsafely';

/** A tenant as the admin surface answers it. */
export interface TenantView {
  readonly id: string;
  readonly name: string;
  readonly profile: ProfileName;
  readonly domains: readonly string[];
  readonly status: string;
  readonly tenantUrl: string;
}

/** A freshly issued token; `token` is what support staff paste into Entra. */
export interface IssuedToken {
  readonly id: string;
  readonly token: string;
  readonly tenantUrl: string;
}

/** A mailbox account as the admin surface lists it. */
export interface MailboxView {
  readonly id: string;
  readonly address: string | null;
  readonly status: string;
  readonly statusReason: string | null;
  readonly userId: string | null;
  readonly addresses: readonly unknown[];
}

/** An entry of the provisioning log, as far as the suites read it. */
export interface LogEntryView {
  readonly outcome: 'success' | 'failure';
  readonly status: number;
}

interface Items<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

/** Calls the admin REST; every method but `call` throws when the answer is not the expected one. */
export class AdminClient {
  constructor(
    private readonly adminUrl: string,
    private readonly adminKey: string,
  ) {}

  async createTenant(request: {
    name: string;
    profile: ProfileName;
    domains?: readonly string[];
  }): Promise<TenantView> {
    return this.expecting<TenantView>(201, 'POST', '/tenants', request);
  }

  async issueToken(tenantId: string, request: { serviceAccount?: string } = {}): Promise<IssuedToken> {
    return this.expecting<IssuedToken>(201, 'POST', `/tenants/${tenantId}/tokens`, request);
  }

  async mailboxesOf(tenantId: string, address?: string): Promise<readonly MailboxView[]> {
    const query = address === undefined ? '' : `?address=${encodeURIComponent(address)}`;
    return (await this.expecting<Items<MailboxView>>(200, 'GET', `/tenants/${tenantId}/mailboxes${query}`)).items;
  }

  /** The mailbox account of one SCIM user; throws when it has none or several. */
  async mailboxOfUser(tenantId: string, userId: string): Promise<MailboxView> {
    const found = (await this.mailboxesOf(tenantId)).filter((mailbox) => mailbox.userId === userId);
    const [mailbox] = found;
    if (mailbox === undefined || found.length > 1)
      throw new Error(`user ${userId} has ${found.length} mailbox accounts`);
    return mailbox;
  }

  async provisioningLog(
    tenantId: string,
  ): Promise<{ readonly entries: readonly LogEntryView[]; readonly text: string }> {
    const answer = await this.call('GET', `/tenants/${tenantId}/provisioning-log`);
    if (answer.status !== 200) throw new Error(`provisioning-log answered ${answer.status}: ${answer.text}`);
    return { entries: (answer.body as Items<LogEntryView>).items, text: answer.text };
  }

  /** One request to `/admin/v1` whatever it answers, by somebody with a name. */
  async call(method: string, path: string, body?: unknown): Promise<Exchange> {
    const headers: Record<string, string> = { Authorization: `Bearer ${this.adminKey}`, 'X-Actor': 'client' };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    return exchange({ method, origin: this.adminUrl, path: `/admin/v1${path}`, headers, body });
  }

  private async expecting<T>(status: number, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call(method, path, body);
    if (answer.status !== status) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body as T;
  }
}
