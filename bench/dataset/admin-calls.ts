import { setTimeout as delay } from 'node:timers/promises';

/** The admin surface of a running service, as far as benchmarks need it. */
export class AdminCalls {
  constructor(
    private readonly adminUrl: string,
    private readonly adminKey: string,
  ) {}

  /** @throws when the answer is no success. */
  async call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${this.adminUrl}/admin/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.adminKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  async createTenant(name: string, domain: string): Promise<string> {
    const { id } = await this.call<{ readonly id: string }>('POST', '/tenants', {
      name,
      profile: 'cleanmail',
      domains: [domain],
    });
    // Benchmarks delete and disable by the thousand: the guard looks, as it always does, and finds them not too many.
    await this.call('PATCH', `/tenants/${id}/mail-policy`, { guardMaxAbs: 1_000_000 });
    return id;
  }

  async issueToken(tenant: string): Promise<{ readonly id: string; readonly token: string }> {
    return this.call('POST', `/tenants/${tenant}/tokens`, { description: 'benchmark' });
  }

  /** All tenants whose names begin with this. */
  async tenantsNamed(prefix: string): Promise<readonly { readonly id: string; readonly name: string }[]> {
    const found: { readonly id: string; readonly name: string }[] = [];
    let cursor: string | undefined;
    do {
      const query: string = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.call<{
        readonly items: readonly { readonly id: string; readonly name: string }[];
        readonly nextCursor?: string;
      }>('GET', `/tenants?limit=1000${query}`);
      found.push(...page.items.filter(({ name }) => name.startsWith(prefix)));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return found;
  }
}

/** One SCIM request; @throws when it is not answered by this status. */
export async function scimCall(
  request: {
    readonly method: string;
    readonly url: string;
    readonly token: string;
    readonly body?: object;
    readonly headers?: Readonly<Record<string, string>>;
  },
  status: number,
): Promise<{ readonly text: string; readonly headers: Headers }> {
  const { method, url, token, body, headers } = request;
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${method} ${url} answered ${answer.status}: ${text.slice(0, 500)}`);
  return { text, headers: answer.headers };
}

/** What a service notes behind an answer (dialects, last use of a token, the log of reads) has been written by then. */
export async function noted(): Promise<void> {
  await delay(60);
}
