import { CORE_USER, ENTERPRISE_USER, type PatchOperation, type ScimUser } from '../client/scim-types.js';

/** A resource or complex attribute in plain JSON, for whole-value comparison. */
export type PlainObject = Record<string, unknown>;

const NEVER_STORED = ['schemas', 'id', 'meta', 'password'];

/**
 * What a User must look like after a PATCH, written only for the operation forms of the fixture: set or remove one
 * single-valued attribute, an extension attribute, or the value of the work e-mail.
 */
export function afterPatch(before: ScimUser, operations: readonly PatchOperation[]): PlainObject {
  const after = structuredClone(before) as unknown as PlainObject;
  for (const { op, path, value } of operations) {
    const assignments = path === undefined ? Object.entries(value as PlainObject) : [[path, value] as const];
    for (const [attribute, assigned] of assignments) {
      assign(after, attribute, op.toLowerCase() === 'remove' ? undefined : plainValue(attribute, assigned));
    }
  }
  return comparable(after);
}

/** What a User must look like after a POST: the sent attributes without nulls, empty arrays and what is never stored. */
export function afterPost(sent: object): PlainObject {
  const kept = Object.entries(sent).filter(([name, value]) => !NEVER_STORED.includes(name) && !isUnset(value));
  const user: PlainObject = Object.fromEntries(kept);
  if (typeof user['active'] === 'string') user['active'] = user['active'].toLowerCase() === 'true';
  const roles = user['roles'] as readonly PlainObject[] | undefined;
  if (roles !== undefined) user['roles'] = roles.map(withBooleanPrimary);
  return user;
}

/** A resource without `meta`, its `schemas` in a fixed order, so that two states can be compared whole. */
export function comparable(user: object): PlainObject {
  const copy = structuredClone(user) as PlainObject;
  delete copy['meta'];
  const schemas = new Set([CORE_USER, ...(copy['schemas'] as readonly string[])]);
  if (copy[ENTERPRISE_USER] !== undefined) schemas.add(ENTERPRISE_USER);
  return { ...copy, schemas: [...schemas].sort() };
}

/** The attributes of a resource that a client sends: without `schemas`, `id` and `meta`. */
export function attributesOf(user: object): PlainObject {
  return Object.fromEntries(Object.entries(user).filter(([name]) => !NEVER_STORED.includes(name)));
}

function assign(user: PlainObject, path: string, value: unknown): void {
  const workMail = 'emails[type eq "work"].value';
  if (path === workMail) {
    const emails = user['emails'] as readonly PlainObject[];
    user['emails'] = emails.map((email) => (email['type'] === 'work' ? { ...email, value } : email));
    return;
  }
  const segments = segmentsOf(path);
  const last = segments.at(-1) ?? path;
  const parent = segments.length === 1 ? user : ((user[segments[0] ?? ''] ??= {}) as PlainObject);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
}

function segmentsOf(path: string): readonly string[] {
  if (path.startsWith(`${ENTERPRISE_USER}:`)) return [ENTERPRISE_USER, path.slice(ENTERPRISE_USER.length + 1)];
  const bare = path.startsWith(`${CORE_USER}:`) ? path.slice(CORE_USER.length + 1) : path;
  return bare.split('.');
}

function plainValue(attribute: string, value: unknown): unknown {
  const single: unknown = Array.isArray(value) ? (value[0] as PlainObject)['value'] : value;
  return attribute === 'active' ? String(single).toLowerCase() === 'true' : single;
}

/** Entra says `primary` of a role as the string "True". */
function withBooleanPrimary(role: PlainObject): PlainObject {
  return typeof role['primary'] === 'string' ? { ...role, primary: role['primary'] === 'True' } : role;
}

function isUnset(value: unknown): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
