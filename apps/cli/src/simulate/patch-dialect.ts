import { workEmail, type MappedAttribute, type UserState } from './attributes.js';
import type { JsonObject } from './json.js';

/** The dialect of one user's PATCH requests. */
export type PatchDialect = 'default' | 'aadOptscim062020';

const patchSchemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];

/** The PATCH body with which Entra brings a user from one state to the next. */
export function patchBody(dialect: PatchDialect, before: UserState, change: UserState): JsonObject {
  const entries = Object.entries(change) as [MappedAttribute, string | boolean][];
  return dialect === 'default' ? defaultBody(before, entries) : flaggedBody(before, entries);
}

/** Capitalised operations, one per attribute, booleans as the strings "True" and "False", Operations first. */
function defaultBody(before: UserState, entries: readonly [MappedAttribute, string | boolean][]): JsonObject {
  return {
    Operations: entries.map(([path, value]) => ({
      op: before[path] === undefined ? 'Add' : 'Replace',
      path,
      value: typeof value === 'boolean' ? capitalised(value) : value,
    })),
    schemas: patchSchemas,
  };
}

/** Lower-case operations; everything that is replaced without a filter goes into one path-less operation. */
function flaggedBody(before: UserState, entries: readonly [MappedAttribute, string | boolean][]): JsonObject {
  const isPathless = ([path]: readonly [MappedAttribute, unknown]): boolean =>
    path !== workEmail && path !== 'active' && before[path] !== undefined;
  const dotted = entries.filter(isPathless);
  return {
    schemas: patchSchemas,
    Operations: [
      ...entries
        .filter((entry) => !isPathless(entry))
        .map(([path, value]) => ({ op: before[path] === undefined ? 'add' : 'replace', path, value })),
      ...(dotted.length === 0 ? [] : [{ op: 'replace', value: Object.fromEntries(dotted) }]),
    ],
  };
}

function capitalised(value: boolean): string {
  return value ? 'True' : 'False';
}
