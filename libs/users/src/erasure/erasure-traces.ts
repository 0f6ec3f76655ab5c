import { createHash } from 'node:crypto';
import type { TenantId } from '@cleanmail/database';
import { addressKey, type Mailbox, parseAddress } from '@cleanmail/mailboxes';
import { foldCase, type ScimComplex, type ScimValue } from '@cleanmail/scim';
import type { User } from '../user.js';

/** What identifies a person in texts, kept only while an erasure is under way. */
export interface ErasureTraces {
  readonly userIds: readonly string[];
  readonly userNames: readonly string[];
  readonly externalIds: readonly string[];
  /** userNames, addresses, external ids, telephone numbers and full names. */
  readonly texts: readonly string[];
}

export const noTraces: ErasureTraces = { userIds: [], userNames: [], externalIds: [], texts: [] };

/** A shorter text says nothing about anybody. */
const leastLength = 4;
const letterOrDigit = /[\p{L}\p{N}]/u;

/** The traces with those of a user and of mailboxes. */
export function addTraces(traces: ErasureTraces, users: readonly User[], mailboxes: readonly Mailbox[]): ErasureTraces {
  const userNames = users.flatMap(({ resource }) => texts(resource['userName']));
  const externalIds = [
    ...users.flatMap(({ resource }) => texts(resource['externalId'])),
    ...mailboxes.flatMap(({ externalId }) => texts(externalId ?? undefined)),
  ];
  const found = [
    ...userNames,
    ...externalIds,
    ...users.flatMap(({ resource }) => [
      ...texts(resource['displayName']),
      ...namesOf(resource['name']),
      ...valuesOf(resource['emails']),
      ...valuesOf(resource['phoneNumbers']),
      ...valuesOf(resource['ims']),
    ]),
    ...mailboxes.flatMap(({ addresses, wishes }) => [
      ...addresses.flatMap((address) => [addressKey(address), `${address.localDisplay}@${address.domainAscii}`]),
      ...wishes.filter(({ reason }) => reason !== 'address_source_missing').map(({ wantedKey }) => wantedKey),
    ]),
  ];
  return {
    userIds: unique([...traces.userIds, ...users.map(({ id }) => id)]),
    userNames: unique([...traces.userNames, ...userNames]),
    externalIds: unique([...traces.externalIds, ...externalIds]),
    texts: unique([...traces.texts, ...found.filter(({ length }) => length >= leastLength)]),
  };
}

/** The traces with userNames that the person had before. */
export function addFormerNames(traces: ErasureTraces, userNames: readonly string[]): ErasureTraces {
  return {
    ...traces,
    userNames: unique([...traces.userNames, ...userNames]),
    texts: unique([...traces.texts, ...userNames.filter(({ length }) => length >= leastLength)]),
  };
}

/** The traces without names and addresses that somebody else has by now. */
export function withoutOthers(traces: ErasureTraces, folded: readonly string[]): ErasureTraces {
  const others = new Set(folded);
  const isOwn = (text: string) => !others.has(foldCase(text));
  return { ...traces, userNames: traces.userNames.filter(isOwn), texts: traces.texts.filter(isOwn) };
}

/** Whether a text names the person: one of the traces as a word of its own, without regard to case. */
export function mentionsOf({ texts: known }: Pick<ErasureTraces, 'texts'>): (text: string) => boolean {
  const words = known.map(foldCase);
  return (text) => {
    const folded = foldCase(text);
    return words.some((word) => isWordOf(folded, word));
  };
}

/** The digests by which the person is found again: of the userNames, addresses and external ids. */
export function digestsOf(tenant: TenantId, { texts: known }: Pick<ErasureTraces, 'texts'>): readonly string[] {
  return unique(known.flatMap((text) => subjectDigests(tenant, text)));
}

/**
 * The digests under which a text may have been kept: as it is, and as an address. They differ from tenant to tenant, so
 * that nobody sees in two of them that it was the same person.
 */
export function subjectDigests(tenant: TenantId, text: string): readonly string[] {
  const parsed = parseAddress(text.trim());
  const forms = [foldCase(text.trim()), ...(typeof parsed === 'string' ? [] : [parsed.key])];
  return unique(forms.map((form) => createHash('sha256').update(`erasure\n${tenant}\n${form}`).digest('hex')));
}

function isWordOf(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + word.length);
    if (!letterOrDigit.test(before) && !letterOrDigit.test(after)) {
      return true;
    }
  }
  return false;
}

function namesOf(name: ScimValue | undefined): readonly string[] {
  if (!isComplex(name)) {
    return [];
  }
  const { formatted, givenName, familyName } = name;
  const full = [...texts(givenName), ...texts(familyName)].join(' ');
  return [...texts(formatted), ...(full.includes(' ') ? [full] : [])];
}

function valuesOf(list: ScimValue | undefined): readonly string[] {
  return Array.isArray(list)
    ? (list as readonly ScimValue[]).flatMap((each) => (isComplex(each) ? texts(each['value']) : []))
    : [];
}

function texts(value: ScimValue | undefined): readonly string[] {
  return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [];
}

function isComplex(value: ScimValue | undefined): value is ScimComplex {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
