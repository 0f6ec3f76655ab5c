import type { ImportRow } from '../import/import-row.js';
import type { ReadRow } from '../import/row-judgement.js';
import { addressKey, type Mailbox, primaryAddress, primaryWish } from '../mailbox.js';
import type { FieldDifference } from './reconcile-report.js';

/** What of a mailbox is not as a row has it; what the row does not say is as it should be. */
export function compareRow({ row, primary, aliases }: ReadRow, mailbox: Mailbox): readonly FieldDifference[] {
  const found = primaryAddress(mailbox);
  const wish = primaryWish(mailbox);
  const main = found === undefined ? wish?.wantedKey : addressKey(found);
  const held = new Set(
    mailbox.addresses.filter(({ state }) => state !== 'released').map((address) => addressKey(address)),
  );
  const wished = new Set(mailbox.wishes.map(({ wantedKey }) => wantedKey));
  return [
    ...(main === primary.key
      ? []
      : [
          {
            field: 'role',
            mapping: `an alias or a former address of ${main ?? 'a mailbox'}`,
            source: 'primary',
          } as const,
        ]),
    ...(mailbox.status === 'active'
      ? []
      : [{ field: 'status', mapping: statusInWords(mailbox), source: 'active' } as const]),
    ...kindDifference(row, mailbox),
    ...aliases
      .filter(({ key }) => !held.has(key) && !wished.has(key))
      .map(({ key }) => ({ field: 'alias', mapping: '', source: key }) as const),
    ...(row.legalHold === true && !mailbox.legalHold
      ? [{ field: 'legalHold', mapping: 'no', source: 'yes' } as const]
      : []),
  ];
}

function kindDifference({ kind }: ImportRow, mailbox: Mailbox): readonly FieldDifference[] {
  return kind === undefined || kind === mailbox.kind ? [] : [{ field: 'kind', mapping: mailbox.kind, source: kind }];
}

function statusInWords({ status, statusReason }: Mailbox): string {
  return statusReason === null ? status : `${status} (${statusReason})`;
}
