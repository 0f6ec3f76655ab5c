import { beforeAll, expect, it } from '@jest/globals';
import type { TenantId } from '@cleanmail/database';
import type { User } from '@cleanmail/users';
import { describeEachEngine } from '../../support/engines/index.js';
import { command, patchBody, replacing } from '../support/commands.js';
import { createTenant, libsFor } from '../support/libs.js';
import { roundTripsOf, sessionsOf } from '../support/round-trips.js';

describeEachEngine('how often a request waits for the database', (engine) => {
  const libs = libsFor(engine);
  let tenant: TenantId;
  let user: User;
  let people = 0;

  beforeAll(async () => {
    tenant = await createTenant(libs(), { domains: ['trips.example'] });
    user = await create();
  });

  function create(): Promise<User> {
    people += 1;
    const userName = `p${people}@trips.example`;
    const body = { userName, externalId: userName, emails: [{ value: userName, type: 'work', primary: true }] };
    return libs().users.create(tenant, command(), body);
  }

  const modify = (body: unknown) => libs().users.modify(tenant, command(), user.id, body);

  const requests: readonly (readonly [what: string, trips: number, request: () => Promise<unknown>])[] = [
    ['reads a user', 1, () => libs().users.get(tenant, user.id)],
    ['creates a user with its mailbox', 3, () => create()],
    ['changes names', 3, () => modify(replacing({ displayName: 'Ada', 'name.givenName': 'Ada', title: 'Dr.' }))],
    ['changes nothing', 3, () => modify(replacing({ displayName: 'Ada' }))],
    [
      'deactivates a user, which the guard counts',
      5,
      () => modify(patchBody({ op: 'Replace', path: 'active', value: 'False' })),
    ],
    ['activates a user', 4, () => modify(replacing({ active: true }))],
    ['deletes a user, which the guard counts', 6, () => libs().users.delete(tenant, command(), user.id)],
  ];

  for (const [what, trips, request] of requests) {
    if (engine.name === 'sqlite') {
      it(`should take one session of the embedded database for what ${what}`, async () => {
        expect(await sessionsOf(libs().database, request)).toBe(1);
      });
    } else {
      it(`should take ${trips} round trips for what ${what}`, async () => {
        expect(await roundTripsOf(libs().database, request)).toBe(trips);
      });
    }
  }
});
