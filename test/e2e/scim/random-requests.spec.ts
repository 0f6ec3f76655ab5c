import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Exchange } from '../../conformance/client/http-exchange.js';
import type { ScimErrorBody, ScimUser } from '../../conformance/client/scim-types.js';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { fullUser } from '../../conformance/entra/people.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { expectScimError } from './answers.js';
import { prototypeKeys } from './prototypes.js';
import { anyFilter, anyPatchBody } from './random-requests.js';

const SEED = 20_261_121;
const AT_ONCE = 20;
const PATIENCE_MILLISECONDS = 240_000;
/** How many requests of each kind; fewer where only the SQL is another. */
const requestsOn = {
  sqlite: { filters: 1200, patches: 600 },
  mariadb: { filters: 240, patches: 120 },
  mysql: { filters: 240, patches: 120 },
};

describeEachEngine(`random and mutated requests (seed ${SEED})`, (engine) => {
  const service = serviceForSuite(engine);
  const requests = requestsOn[engine.name];

  /** 2xx of its kind, or a whole SCIM error that is the client's fault. */
  function expectOrderly(answer: Exchange, ...scimTypes: readonly string[]): void {
    if (answer.status === 200) return;
    const { scimType = '' } = (answer.body ?? {}) as ScimErrorBody;
    expect([answer.text, scimTypes.includes(scimType)]).toEqual([answer.text, true]);
    expectScimError(answer, scimType === 'uniqueness' ? 409 : 400, scimType);
  }

  it(
    `should never answer 5xx to ${requests.filters} filters, nor more than the tenant’s users`,
    async () => {
      const prototypes = prototypeKeys();
      const tenant = await TenantClient.open(service(), 'cleanmail');
      const stranger = await TenantClient.open(service(), 'cleanmail');
      await stranger.createUser(fullUser());
      const own = new Set<string>();
      for (let count = 0; count < 5; count += 1) own.add((await tenant.createUser(fullUser())).id);
      let found = 0;
      const send = async (filter: string): Promise<void> => {
        const answer = await tenant.send('GET', `/Users?filter=${percentEncoded(filter)}`);
        if (answer.status === 431) return void expectScimError(answer, 431);
        expectOrderly(answer, 'invalidFilter', 'tooMany');
        if (answer.status !== 200) return;
        found += 1;
        const { Resources } = answer.body as { readonly Resources: readonly ScimUser[] };
        expect(Resources.filter(({ id }) => !own.has(id))).toEqual([]);
      };
      const batches = fc.array(anyFilter, { minLength: AT_ONCE, maxLength: AT_ONCE });
      await fc.assert(
        fc.asyncProperty(batches, async (filters) => void (await Promise.all(filters.map(send)))),
        { seed: SEED, numRuns: requests.filters / AT_ONCE },
      );
      expect(found).toBeGreaterThan(requests.filters / 50);
      expect(prototypeKeys()).toEqual(prototypes);
      expect((await tenant.send('GET', '/Users')).body).toMatchObject({ totalResults: own.size });
    },
    PATIENCE_MILLISECONDS,
  );

  it(
    `should never answer 5xx to ${requests.patches} PATCH bodies, and change nothing where it refuses`,
    async () => {
      const prototypes = prototypeKeys();
      const tenant = await TenantClient.open(service(), 'cleanmail');
      const users: ScimUser[] = [];
      for (let count = 0; count < AT_ONCE; count += 1) users.push(await tenant.createUser(fullUser()));
      let applied = 0;
      const send = async (body: string, index: number): Promise<void> => {
        const before = users[index];
        if (before === undefined) throw new Error(`there is no user ${index}`);
        const answer = await tenant.send('PATCH', `/Users/${before.id}`, { body });
        expectOrderly(
          answer,
          'invalidSyntax',
          'invalidPath',
          'invalidValue',
          'invalidFilter',
          'noTarget',
          'mutability',
          'uniqueness',
          'tooMany',
        );
        const after = await tenant.readUser(before.id);
        if (answer.status !== 200) return expect(after).toEqual(before);
        applied += after.meta.version === before.meta.version ? 0 : 1;
        users[index] = after;
        expect([after, after.id, after.meta.created]).toEqual([answer.body, before.id, before.meta.created]);
        expect([typeof after.userName, typeof after.active]).toEqual(['string', 'boolean']);
        for (const list of Object.values(after).filter(Array.isArray))
          expect(list.filter((element) => (element as { primary?: boolean }).primary === true).length).toBeLessThan(2);
      };
      const batches = fc.array(anyPatchBody, { minLength: AT_ONCE, maxLength: AT_ONCE });
      await fc.assert(
        fc.asyncProperty(batches, async (bodies) => void (await Promise.all(bodies.map(send)))),
        { seed: SEED, numRuns: requests.patches / AT_ONCE },
      );
      expect(applied).toBeGreaterThan(requests.patches / 50);
      expect(prototypeKeys()).toEqual(prototypes);
      expect((await tenant.send('GET', '/Users?count=500')).body).toMatchObject({ totalResults: AT_ONCE });
    },
    PATIENCE_MILLISECONDS,
  );
});

const UNRESERVED = /[A-Za-z0-9_.~-]/;

/** The text in percent escapes byte by byte, so that any text will do, half a surrogate pair too. */
function percentEncoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return UNRESERVED.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}
