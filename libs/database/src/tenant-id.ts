declare const brand: unique symbol;

/**
 * The id of a tenant. Every repository and service method takes one first; a plain string does not compile,
 * and only the token guard, the tenant service and the admin routes make one.
 */
export type TenantId = string & { readonly [brand]: 'TenantId' };

/** Marks a string that was read from a tenant row, or names a tenant in an admin route, as a tenant's id. */
export function asTenantId(id: string): TenantId {
  return id as TenantId;
}
