import type { Value } from '../record/statement-tap.js';
import type { BenchConnection } from './bench-connection.js';
import { hexOf, loadedLetters, nameOf } from './names.js';
import { type Cell, type PersonRow, places } from './person-rows.js';

const peopleAtOnce = 5000;
const numbersAStatement = 1000;

export interface Loading {
  readonly tenant: string;
  readonly rows: readonly PersonRow[];
  readonly people: number;
  readonly onProgress?: (done: number) => void;
}

/** Multiplies the rows of one person on the server itself: one INSERT … SELECT for each row and some thousand people. */
export async function loadPeople(connection: BenchConnection, { rows, people, onProgress }: Loading): Promise<void> {
  await connection.run('DROP TABLE IF EXISTS bench_number');
  await connection.run(
    'CREATE TEMPORARY TABLE bench_number (n int NOT NULL PRIMARY KEY, name varchar(16) NOT NULL, hex varchar(16) NOT NULL)',
  );
  const inserts = rows.map(insertOf);
  for (let start = 0; start < people; start += peopleAtOnce) {
    const end = Math.min(people, start + peopleAtOnce);
    await connection.run(connection.dialect === 'sqlite' ? 'BEGIN' : 'START TRANSACTION');
    await writeNumbers(connection, start, end);
    for (const { sql, values } of inserts) await connection.run(sql, values);
    await connection.run('COMMIT');
    onProgress?.(end);
  }
  await connection.run('DROP TABLE bench_number');
}

async function writeNumbers(connection: BenchConnection, start: number, end: number): Promise<void> {
  await connection.run('DELETE FROM bench_number');
  for (let first = start; first < end; first += numbersAStatement) {
    const numbers = Array.from({ length: Math.min(end - first, numbersAStatement) }, (_, index) => first + index);
    await connection.run(
      `INSERT INTO bench_number (n, name, hex) VALUES ${numbers.map(() => '(?, ?, ?)').join(', ')}`,
      numbers.flatMap((number) => [number, nameOf(loadedLetters, number), hexOf(number)]),
    );
  }
}

function insertOf({ table, columns, cells }: PersonRow): { readonly sql: string; readonly values: readonly Value[] } {
  const made = cells.map(expressionOf);
  return {
    sql: `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${made.map(({ sql }) => sql).join(', ')} FROM bench_number k ORDER BY k.n`,
    values: made.flatMap(({ values }) => values),
  };
}

function expressionOf(cell: Cell): { readonly sql: string; readonly values: readonly Value[] } {
  if ('value' in cell) return { sql: '?', values: [cell.value] };
  if ('countsFrom' in cell) return { sql: '? + k.n', values: [cell.countsFrom] };
  return { sql: `REPLACE(REPLACE(?, '${places.name}', k.name), '${places.hex}', k.hex)`, values: [cell.text] };
}
