import { DatabaseUnavailableError } from '@cleanmail/database';
import { Logger } from '@nestjs/common';
import type { ClockPass, ClockTally } from './clock-job.js';

const logger = new Logger('Clocks');

/**
 * Works through what is due, page by page, each item in units of work of its own. An item that fails is counted and
 * passed over, so that it does not stand in the way of the others; a database that is away ends the run. `end` answers
 * what became of the item, or how many things it ended there, where an item stands for several.
 */
export async function eachDue<Item extends { readonly id: string }>(
  pass: ClockPass,
  page: (last: Item | undefined) => Promise<readonly Item[]>,
  end: (item: Item) => Promise<'done' | 'skipped' | number>,
): Promise<ClockTally> {
  const tally = { done: 0, skipped: 0, failed: 0 };
  let last: Item | undefined;
  for (let items = await page(last); items.length > 0; items = await page(last)) {
    for (const item of items) {
      if (!(await pass.goesOn())) {
        return tally;
      }
      try {
        const ended = await end(item);
        const [outcome, count] = typeof ended === 'number' ? (['done', ended] as const) : ([ended, 1] as const);
        tally[outcome] += count;
      } catch (error) {
        if (error instanceof DatabaseUnavailableError) {
          throw error;
        }
        tally.failed += 1;
        logger.warn(`${pass.cause.actor}: ${item.id} failed: ${(error as Error).name}`);
      }
      last = item;
    }
  }
  return tally;
}
