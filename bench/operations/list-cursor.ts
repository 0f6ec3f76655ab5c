import { encodeCursor, listIdentity, parseListQuery, userResourceType } from '@cleanmail/scim';
import { CursorSeal } from '@cleanmail/scim-http';
import { loadedId, userKind } from '../dataset/names.js';
import type { BenchTenant } from '../dataset/tenants.js';
import { benchSecrets } from '../secrets.js';

const seal = new CursorSeal(benchSecrets.pepper);
const made = new Map<string, { readonly cursor: string; readonly madeAt: number }>();
/** Sealing costs a little; a cursor is good for an hour. */
const lifeMilliseconds = 600_000;

/** The cursor that the service would have given behind this person, so that a page is reached without walking there. */
export function listCursor(tenant: BenchTenant, person: number): string {
  const key = `${tenant.id} ${person}`;
  const known = made.get(key);
  if (known !== undefined && Date.now() - known.madeAt < lifeMilliseconds) return known.cursor;
  const query = parseListQuery({ cursor: '' }, userResourceType, { defaultCount: 100, maxCount: 500 });
  const id = loadedId(tenant.number, userKind, person);
  const position = { id, key: null, backwards: false, totalResults: tenant.people };
  const identity = listIdentity(query, userResourceType);
  const cursor = seal.seal(encodeCursor(position, Date.now()), `${tenant.id} ${identity}`);
  made.set(key, { cursor, madeAt: Date.now() });
  return cursor;
}
