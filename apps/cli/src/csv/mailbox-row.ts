import type { ImportRow } from '../admin-client/import-types.js';
import type { MailboxColumn, MailboxColumns } from './mailbox-columns.js';

/** What is wrong with a line; `column` when it is one field. */
export interface LineError {
  readonly line: number;
  readonly column?: string;
  readonly reason: string;
}

/** A line as a mailbox. */
export interface MailboxLine {
  readonly line: number;
  readonly row: ImportRow;
}

const kinds: ReadonlySet<string> = new Set(['user', 'shared', 'resource', 'role']);
const holds: ReadonlyMap<string, boolean> = new Map([
  ['', false],
  ...['0', 'no', 'false', 'n'].map((word) => [word, false] as const),
  ...['1', 'yes', 'true', 'y'].map((word) => [word, true] as const),
]);
const longestAddress = 600;
const longestExternalId = 255;
const mostAliases = 100;

/** Reads the fields of a line. */
export function readMailbox(
  fields: readonly string[],
  { columns, isOpen }: MailboxColumns,
  line: number,
): MailboxLine | LineError {
  const problem = (column: string, reason: string): LineError => ({ line, column, reason });
  if (!isOpen && fields.slice(columns.length).some((field) => field !== '')) {
    return { line, reason: `has ${fields.length} fields, the header ${columns.length}; is a delimiter not quoted?` };
  }
  const of = (column: MailboxColumn): readonly string[] =>
    fields.filter((_field, index) => (columns[index] ?? (isOpen ? columns.at(-1) : undefined)) === column);
  const [address = ''] = of('address');
  const [kind = ''] = of('kind').map((field) => field.toLowerCase());
  const [externalId = ''] = of('externalId');
  const [hold = ''] = of('legalHold');
  const aliases = of('aliases').flatMap(addressesOf);
  const legalHold = holds.get(hold.toLowerCase());
  if (address === '') return problem('address', 'is empty');
  if (address.length > longestAddress) return problem('address', 'is too long');
  if (kind !== '' && !kinds.has(kind)) return problem('kind', `"${kind}" is none of ${[...kinds].join(', ')}`);
  if (aliases.length > mostAliases) return problem('aliases', `are more than ${mostAliases}`);
  if (aliases.some((alias) => alias.length > longestAddress)) return problem('aliases', 'one is too long');
  if (externalId.length > longestExternalId) return problem('externalId', 'is too long');
  if (legalHold === undefined) return problem('legalHold', `"${hold}" is neither yes nor no`);
  return {
    line,
    row: {
      address: withoutPrefix(address),
      ...(kind === '' ? {} : { kind }),
      ...(aliases.length === 0 ? {} : { aliases }),
      ...(externalId === '' ? {} : { externalId }),
      ...(legalHold ? { legalHold } : {}),
    },
  };
}

/** Addresses in a field, as Exchange writes them too: `SMTP:` is a mail address, `SIP:`, `X500:` and the like are none. */
function addressesOf(field: string): readonly string[] {
  return field
    .split(/[;,|\s]+/)
    .map(withoutPrefix)
    .filter((address) => address !== '' && !/^[a-z0-9]+:/i.test(address));
}

function withoutPrefix(address: string): string {
  return address.replace(/^smtp:/i, '');
}
