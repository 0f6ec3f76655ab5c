/** A mutable resource of the stub. */
export type Resource = Record<string, unknown>;

const enterprise = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** Applies one PATCH operation of either Entra dialect to a user. */
export function applyOperation(user: Resource, operation: Resource): void {
  const { path, value } = operation;
  if (typeof path === 'string') assign(user, path, value);
  else Object.entries(value as Resource).forEach(([name, part]) => assign(user, name, part));
}

function assign(user: Resource, path: string, value: unknown): void {
  if (path === 'active') user['active'] = String(value).toLowerCase() === 'true';
  else if (path === 'emails[type eq "work"].value') user['emails'] = [{ type: 'work', primary: true, value }];
  else if (path.startsWith(`${enterprise}:`)) member(user, enterprise)[path.slice(enterprise.length + 1)] = value;
  else if (path.startsWith('name.')) member(user, 'name')[path.slice(5)] = value;
  else user[path] = value;
}

function member(user: Resource, name: string): Resource {
  return (user[name] ??= {}) as Resource;
}
