import { matchOf } from '../entra-client.js';
import type { Expectation } from '../checks/answer-checks.js';
import { objectsAt } from '../json.js';
import { userNameOf } from './initial-cycle.js';
import type { Phase } from './phase.js';

const pageSize = 5;

/** Every user is read back and compared with the ledger; users whose POST got no answer are looked for first. */
export const finalCheck: Phase = {
  name: 'ledger check',
  run: async ({ client, ledger, forEach }) => {
    await forEach(
      ledger.entries.filter((entry) => entry.presence === 'unknown'),
      async (entry) => {
        const userName = userNameOf(entry);
        const match = matchOf(await client.findByUserName(userName), userName);
        if (match !== undefined) entry.link(String(match['id']));
      },
    );
    const linked = ledger.linked();
    await forEach(linked, async (entry) => void (await client.read(entry)));
    await client.get(`/Users?startIndex=1&count=${pageSize}`, expectPage(linked.length));
  },
};

function expectPage(atLeast: number): Expectation {
  return {
    describe: `200, ListResponse with the first ${pageSize} of at least ${atLeast} users`,
    status: [200],
    body: 'list',
    examine: (body) => {
      const total = Number(body['totalResults']);
      const listed = objectsAt(body, 'Resources').length;
      const wanted = Math.min(pageSize, total);
      return [
        ...(total >= atLeast ? [] : [`totalResults is ${total}, fewer than were created`]),
        ...(listed === wanted ? [] : [`${listed} users are listed, not ${wanted}`]),
        ...(body['startIndex'] === 1 ? [] : ['startIndex is not 1']),
      ];
    },
  };
}
