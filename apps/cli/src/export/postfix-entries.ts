import { type FeedRecipient, type RelayDomain, transportOf } from '@cleanmail/mailboxes';

/** The maps that stand for the recipients together; each is a file. */
export const exportedMaps = ['recipients', 'domains', 'transports', 'subaddressing'] as const;

/** One of the exported maps. */
export type ExportedMap = (typeof exportedMaps)[number];

/** A key of a map with what Postfix finds there. */
export type MapEntry = readonly [map: ExportedMap, key: string, value: string];

const answers: Readonly<Record<FeedRecipient['action'], string>> = {
  accept: 'DUNNO',
  hold: 'DUNNO',
  reject: '550 5.2.1 Mailbox disabled',
  defer: '450 4.2.1 Mailbox temporarily disabled',
  gone: '550 5.1.1 User unknown',
};
const notProvisioned = '450 4.1.1 Recipient not (yet) provisioned';

/**
 * What a domain is in the maps: none while it is suspended. Addresses that nobody has are answered by the domain's own
 * entry, which Postfix finds last; without one it refuses them by itself.
 */
export function domainEntries(domain: RelayDomain): readonly MapEntry[] {
  if (domain.status === 'suspended') {
    return [];
  }
  const { unknownRecipientPolicy: policy, subaddressing } = domain;
  return namesOf(domain).flatMap((name): readonly MapEntry[] => [
    ['domains', name, 'OK'],
    ...(policy === 'defer' ? [['recipients', name, notProvisioned] as const] : []),
    ...(policy === 'accept' ? [['recipients', `@${name}`, 'DUNNO'] as const] : []),
    ...(subaddressing === 'off' ? [['subaddressing', name, `cleanmail_exact_${policy}`] as const] : []),
    ...(domain.nextHop === null ? [] : [['transports', name, transportOf(domain.nextHop)] as const]),
  ]);
}

/**
 * What an address is in the maps. Postfix looks for `anna@` when it finds no `anna+news@`, so an address with a `+` of its
 * own is in every map in which the one before the `+` may be.
 */
export function recipientEntries({ key, action }: FeedRecipient, domain: RelayDomain): readonly MapEntry[] {
  if (domain.status === 'suspended') {
    return [];
  }
  const local = key.slice(0, key.lastIndexOf('@'));
  const hasPlus = local.indexOf('+') > 0;
  const ownTransport = action === 'hold' ? 'quarantine:' : domain.nextHop === null ? ':' : transportOf(domain.nextHop);
  return namesOf(domain).flatMap((name): readonly MapEntry[] => [
    ['recipients', `${local}@${name}`, answers[action]],
    ...(action === 'hold' || hasPlus ? [['transports', `${local}@${name}`, ownTransport] as const] : []),
    ...(hasPlus && domain.subaddressing === 'off' ? [['subaddressing', `${local}@${name}`, 'DUNNO'] as const] : []),
  ]);
}

/** Whether the text that `postmap` reads can have the address: a `#` in front begins a comment there, however it is quoted. */
export function isExpressible({ key }: Pick<FeedRecipient, 'key'>): boolean {
  return !key.startsWith('#');
}

/** A line of that text. */
export function mapLine([, key, value]: MapEntry): string {
  return `${key}\t${value}\n`;
}

function namesOf({ name, nameUnicode }: RelayDomain): readonly string[] {
  return name === nameUnicode ? [name] : [name, nameUnicode];
}
