import { lookupKey } from '@cleanmail/database';
import { foldCase, type ScimComplex, type ScimValue } from '@cleanmail/scim';
import type { User } from './user.js';

/** Code points of an e-mail address that its key holds. */
export const emailKeyLength = 640;

/** The keys under which a user is found by its e-mail addresses, each once and in order. */
export function emailKeys({ resource }: Pick<User, 'resource'>): readonly string[] {
  const { emails } = resource;
  const values = Array.isArray(emails) ? (emails as readonly ScimValue[]).map(valueOf) : [];
  const keys = values.flatMap((value) => (value === undefined ? [] : lookupKey(foldCase(value), emailKeyLength)));
  return [...new Set(keys)].sort();
}

function valueOf(email: ScimValue): string | undefined {
  const { value } = email as ScimComplex;
  return typeof value === 'string' ? value : undefined;
}
