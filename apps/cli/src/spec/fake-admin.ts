import type { AdminAnswer, AdminRequest } from '../admin-client/transport.js';

/** Id of the first tenant. */
export const contosoId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a11';
/** Id of the second tenant. */
export const demoId = '0190c1c0-7e1d-7c3a-9d58-1c6a3f1f8a12';
/** A tenant without domains. */
export const contoso = {
  id: contosoId,
  name: 'Contoso AG',
  profile: 'cleanmail',
  domains: [],
  status: 'active',
  tenantUrl: 'http://localhost:3000/api/v3/scim2',
  createdAt: '2026-11-21T00:00:00Z',
};
/** A tenant with a domain. */
export const demo = { ...contoso, id: demoId, name: 'Demo', domains: ['demo.example'] };
/** A token on the day of its issue. */
export const issued = {
  id: 't1',
  token: 'cm_secret',
  tenantUrl: contoso.tenantUrl,
  tokenEndpoint: `${contoso.tenantUrl}/oauth/token`,
  clientId: demoId,
  prefix: 'cm_s',
  createdAt: contoso.createdAt,
  status: 'active',
};

/** An admin REST with two tenants on two pages of the list; everything else from `routes` by `METHOD path`. */
export function service(
  routes: Readonly<Record<string, AdminAnswer>> = {},
  tenants: readonly object[] = [contoso, demo],
) {
  return ({ method, path }: AdminRequest): AdminAnswer => {
    const url = new URL(path, 'http://admin');
    const route = routes[`${method} ${url.pathname}`];
    if (route !== undefined) return route;
    if (method !== 'GET' || url.pathname !== '/admin/v1/tenants') return problem(404, 'no such thing');
    const position = Number(url.searchParams.get('cursor') ?? 0);
    const isLast = position >= tenants.length - 1;
    const items = tenants.slice(position, position + 1);
    return { status: 200, body: { items, ...(isLast ? {} : { nextCursor: String(position + 1) }) } };
  };
}

/** An RFC 9457 answer. */
export function problem(status: number, detail: string, errors?: readonly unknown[]): AdminAnswer {
  const type = 'about:blank';
  return { status, body: { type, title: 'Problem', status, detail, ...(errors === undefined ? {} : { errors }) } };
}
