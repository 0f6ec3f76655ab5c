import { expect } from '@jest/globals';
import type { Expectation } from './cases.js';
import type { CheckTable } from './checks/check.js';
import { expectScimError } from './checks/assertions.js';

/** Cases in which the product answers otherwise than the fixture asks, with what it answers instead. */
export const decidedExpectations: Readonly<Record<string, Expectation>> = {
  // A SCIM write succeeds whatever the mail side grants: the user is created, the mailbox waits.
  C24: {
    status: [201],
    checks: ['The mailbox of an address at a foreign domain is parked with the reason domain_not_owned'],
  },
};

/** The assertions of the sentences above. */
export const decidedChecks: CheckTable = {
  'The mailbox of an address at a foreign domain is parked with the reason domain_not_owned': async ({
    tenant,
    user,
    sent,
    answer,
  }) => {
    expect(user).toMatchObject({ userName: sent['userName'], active: true });
    expect(tenant.tenant.domains).toHaveLength(1);
    const mailbox = await tenant.mailboxOf(user.id);
    expect(mailbox).toMatchObject({ status: 'pending', statusReason: 'domain_not_owned', userId: user.id });
    const again = await tenant.send('POST', '/Users', { body: { ...sent, active: false } });
    expectScimError(again, 409, 'uniqueness');
    expect(await tenant.readUser(user.id)).toEqual(answer.body);
  },
};
