import { expect, it } from '@jest/globals';
import { createDatabaseUrl, describeEachEngine, dropDatabase } from '../support/engines/index.js';
import { benchEngine } from './paging/bench-engine.js';

const users = 5000;

describeEachEngine('The benchmark of index pages', (engine) => {
  it(`should find the right users on each page of ${users}`, async () => {
    const databaseUrl = await createDatabaseUrl(engine);
    try {
      // The pages themselves are compared while they are measured; how long they take is not for a test to say.
      const timings = await benchEngine(databaseUrl, { users, rounds: 1 });
      expect(timings.map(({ startIndex }) => startIndex)).toEqual([1, 2500, 4901]);
    } finally {
      await dropDatabase(databaseUrl, { unverified: 'the users that it reads are rows without mailboxes' });
    }
  });
});
