import { describe, expect, it } from '@jest/globals';

import { formatFields, formatTable } from './table.js';

describe(formatTable.name, () => {
  it('should align columns, leave out missing values and disarm control characters', () => {
    const rows = [{ name: 'Zoë' }, { name: '\u001b[31mred\nline' }, {}] as { name?: string }[];
    const columns = [
      { heading: 'NAME', cell: (row: { name?: string }) => row.name },
      { heading: 'N', cell: () => 1 },
    ];
    expect(formatTable(columns, rows)).toEqual([
      'NAME           N',
      'Zoë            1',
      '\ufffd[31mred\ufffdline  1',
      '               1',
    ]);
  });
});

describe(formatFields.name, () => {
  it('should align values and leave out undefined and null ones', () => {
    expect(formatFields({ id: '1', 'tenant URL': 'http://x', gone: undefined, none: null })).toEqual([
      'id:         1',
      'tenant URL: http://x',
    ]);
  });
});
