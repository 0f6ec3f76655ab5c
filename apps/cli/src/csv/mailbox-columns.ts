import { usageError } from '../terminal/command-error.js';

/** What a field of a line is; several fields may be aliases. */
export type MailboxColumn = 'address' | 'kind' | 'aliases' | 'externalId' | 'legalHold' | undefined;

/** The columns of a file. */
export interface MailboxColumns {
  /** What each field is, by its place. */
  readonly columns: readonly MailboxColumn[];
  /** What the last column says holds for all fields behind it, as in a file without a header. */
  readonly isOpen: boolean;
  readonly hasHeader: boolean;
  /** Columns that are not used, by their names. */
  readonly unused: readonly string[];
}

const names: Readonly<Record<string, MailboxColumn>> = {
  address: 'address',
  mail: 'address',
  email: 'address',
  emailaddress: 'address',
  mailaddress: 'address',
  primaryaddress: 'address',
  primarysmtpaddress: 'address',
  kind: 'kind',
  type: 'kind',
  alias: 'aliases',
  aliases: 'aliases',
  emailaddresses: 'aliases',
  proxyaddresses: 'aliases',
  externalid: 'externalId',
  legalhold: 'legalHold',
};

/**
 * What the first line of a file says about its columns: names, in any order and case; or it is a mailbox already, as
 * address, kind, and aliases in all further fields.
 */
export function readColumns(fields: readonly string[], line: number): MailboxColumns {
  if (fields[0]?.includes('@') === true) {
    return { columns: ['address', 'kind', 'aliases'], isOpen: true, hasHeader: false, unused: [] };
  }
  const columns = fields.map((field) => names[field.toLowerCase().replace(/[^a-z]/g, '')]);
  if (!columns.includes('address')) {
    throw usageError(
      `line ${line} is neither a header with a column "address" nor a mailbox: begin the file with "address,kind,aliases,externalId,legalHold", or say --delimiter`,
    );
  }
  const twice = columns.find(
    (name, index) => name !== undefined && name !== 'aliases' && columns.indexOf(name) !== index,
  );
  if (twice !== undefined) throw usageError(`line ${line}: two columns are the ${twice}; rename the one that is not`);
  return {
    columns,
    isOpen: false,
    hasHeader: true,
    unused: fields.filter((field, index) => columns[index] === undefined && field !== ''),
  };
}

const delimiters = [',', ';', '\t', '|'] as const;

/** The delimiter that the first line has most of. */
export function delimiterOf(firstLine: string): string {
  const count = (delimiter: string): number => firstLine.split(delimiter).length;
  return delimiters.reduce<string>((best, each) => (count(each) > count(best) ? each : best), ',');
}
