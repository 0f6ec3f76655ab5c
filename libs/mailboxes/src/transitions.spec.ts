import { describe, expect, it } from '@jest/globals';
import { type CanonicalAddress, parseAddress } from './address-codec.js';
import { days, defaultMailSettings } from './mail-policy.js';
import type { Circumstances, Grant } from './grants.js';
import type { UserFacts } from './user-facts.js';
import { addressKey, type AddressWish, type Mailbox, primaryAddress } from './mailbox.js';
import { endMailbox, followUser, newMailbox, reviveMailbox, withoutAddress } from './transitions.js';

const anna: UserFacts = { userId: 'user-1', userName: 'Anna@contoso.ch', externalId: 'e1', active: true };
const wish: AddressWish = { wantedKey: 'anna@fabrikam.com', domainAscii: 'fabrikam.com', reason: 'domain_not_owned' };
const parked: Grant = { kind: 'parked', wish };

function at(now: number, erasesOnDeactivation = false): Circumstances {
  return { now, policy: defaultMailSettings, erasesOnDeactivation };
}

function grant(address: string, basis: 'domain' | 'open' = 'domain'): Grant {
  return { kind: 'granted', address: parseAddress(address) as CanonicalAddress, basis };
}

/** Every address as one word: key, role and state, in the order of their keys. */
function held(mailbox: Mailbox): readonly string[] {
  return mailbox.addresses.map((address) => `${addressKey(address)} ${address.role} ${address.state}`).sort();
}

function renamed(mailbox: Mailbox, userName: string, now: number): Mailbox {
  return followUser(mailbox, { ...anna, userName }, grant(userName), at(now));
}

const mailbox = newMailbox(anna, grant('Anna@contoso.ch'), at(1000));

describe(newMailbox.name, () => {
  it('should be active with the granted address as it was given', () => {
    expect(mailbox).toMatchObject({
      scimUserId: 'user-1',
      externalId: 'e1',
      origin: 'scim',
      kind: 'user',
      status: 'active',
      statusReason: null,
      statusSince: 1000,
      createdAt: 1000,
      rowVersion: 1,
      wishes: [],
    });
    expect(mailbox.addresses).toEqual([
      {
        id: expect.any(String),
        localKey: 'anna',
        localDisplay: 'Anna',
        domainAscii: 'contoso.ch',
        role: 'primary',
        source: 'userName',
        basis: 'domain',
        state: 'live',
        createdAt: 1000,
        validUntil: null,
      },
    ]);
  });

  it('should be pending with the reason of its wish and hold nothing', () => {
    const waiting = newMailbox(anna, parked, at(1000));
    expect(waiting).toMatchObject({
      status: 'pending',
      statusReason: 'domain_not_owned',
      addresses: [],
      wishes: [wish],
    });
  });

  it('should be suspended for a user who begins inactive', () => {
    const inactive = newMailbox({ ...anna, active: false }, grant('anna@contoso.ch'), at(1000));
    expect(inactive).toMatchObject({ status: 'suspended', statusReason: 'scim' });
  });
});

describe(followUser.name, () => {
  it('should keep the old address as former on a rename', () => {
    const after = renamed(mailbox, 'anna.new@contoso.ch', 2000);
    expect(after.id).toBe(mailbox.id);
    expect(held(after)).toEqual(['anna.new@contoso.ch primary live', 'anna@contoso.ch former live']);
    expect(after.addresses.find(({ role }) => role === 'former')?.validUntil).toBe(2000 + days(180));
    expect(after.status).toBe('active');
  });

  it('should take a former address up again on the way back, without a second row', () => {
    const there = renamed(mailbox, 'anna.new@contoso.ch', 2000);
    const back = renamed(there, 'anna@contoso.ch', 3000);
    expect(held(back)).toEqual(['anna.new@contoso.ch former live', 'anna@contoso.ch primary live']);
    expect(primaryAddress(back)).toMatchObject({ id: primaryAddress(mailbox)?.id, createdAt: 1000, validUntil: null });
  });

  it('should stay the same after any number of swaps', () => {
    let current = mailbox;
    for (let round = 0; round < 10; round += 1) {
      current = renamed(renamed(current, 'b@contoso.ch', 2000), 'anna@contoso.ch', 2000);
    }
    expect(current.addresses).toHaveLength(2);
  });

  it('should only change the display when the case changes', () => {
    const after = renamed(mailbox, 'ANNA@contoso.ch', 2000);
    expect(held(after)).toEqual(['anna@contoso.ch primary live']);
    expect(primaryAddress(after)).toEqual({ ...primaryAddress(mailbox), localDisplay: 'ANNA' });
  });

  it('should keep the address and add a wish when the new one is not granted', () => {
    const after = followUser(mailbox, { ...anna, userName: 'anna@fabrikam.com' }, parked, at(2000));
    expect(held(after)).toEqual(['anna@contoso.ch primary live']);
    expect(after.wishes).toEqual([wish]);
    expect(after.status).toBe('active');
  });

  it('should drop the wish once an address is granted', () => {
    const waiting = newMailbox(anna, parked, at(1000));
    const after = followUser(waiting, anna, grant('anna@contoso.ch'), at(2000));
    expect(after).toMatchObject({ status: 'active', statusSince: 2000, wishes: [] });
  });

  it('should leave the addresses alone without a grant', () => {
    const after = followUser(mailbox, { ...anna, active: false }, undefined, at(2000));
    expect(after.addresses).toBe(mailbox.addresses);
    expect(after).toMatchObject({ status: 'suspended', statusReason: 'scim', scimActive: false, eraseAfter: null });
  });

  it('should not touch a released address of the same key', () => {
    const without = withoutAddress(mailbox, 'anna@contoso.ch', undefined, at(1500));
    const again = followUser(without, anna, grant('anna@contoso.ch'), at(2000));
    expect(held(again)).toEqual(['anna@contoso.ch primary live', 'anna@contoso.ch primary released']);
  });

  it('should start the clock of erasure once, and stop it when the user comes back', () => {
    const off = followUser(mailbox, { ...anna, active: false }, undefined, at(2000, true));
    expect(off.eraseAfter).toBe(2000 + days(30));
    const stillOff = followUser(off, { ...anna, active: false, externalId: 'e2' }, undefined, at(9000, true));
    expect(stillOff.eraseAfter).toBe(2000 + days(30));
    const on = followUser(stillOff, anna, undefined, at(9500, true));
    expect(on).toMatchObject({ eraseAfter: null, status: 'active' });
  });
});

describe(endMailbox.name, () => {
  const ended = endMailbox(renamed(mailbox, 'anna.new@contoso.ch', 2000), at(5000));

  it('should let go of the user and start the retention clock', () => {
    expect(ended).toMatchObject({
      scimUserId: null,
      externalId: 'e1',
      status: 'deleted',
      deletedAt: 5000,
      purgeAfter: 5000 + days(30),
      wishes: [],
    });
  });

  it('should reserve every address beyond the purge', () => {
    expect(held(ended)).toEqual(['anna.new@contoso.ch primary reserved', 'anna@contoso.ch former reserved']);
    expect(ended.addresses.map(({ validUntil }) => validUntil)).toEqual([5000 + days(120), 5000 + days(120)]);
  });

  it('should leave a mailbox that has ended already as it is', () => {
    expect(endMailbox(ended, at(9000))).toBe(ended);
  });

  it('should not reserve what was released before', () => {
    const without = withoutAddress(mailbox, 'anna@contoso.ch', undefined, at(1500));
    expect(held(endMailbox(without, at(5000)))).toEqual(['anna@contoso.ch primary released']);
  });
});

describe(reviveMailbox.name, () => {
  const ended = endMailbox(renamed(mailbox, 'anna.new@contoso.ch', 2000), at(5000));
  const person: UserFacts = { ...anna, userId: 'user-2', userName: 'anna.new@contoso.ch' };

  it('should give the addresses back under the same ids', () => {
    const revived = reviveMailbox(ended, person, grant('anna.new@contoso.ch'), at(6000));
    expect(revived).toMatchObject({
      id: mailbox.id,
      scimUserId: 'user-2',
      status: 'active',
      deletedAt: null,
      purgeAfter: null,
    });
    expect(held(revived)).toEqual(['anna.new@contoso.ch primary live', 'anna@contoso.ch former live']);
    expect(new Set(revived.addresses.map(({ id }) => id))).toEqual(new Set(ended.addresses.map(({ id }) => id)));
    expect(revived.addresses.find(({ role }) => role === 'former')?.validUntil).toBe(6000 + days(180));
  });

  it('should follow a person who comes back under another name', () => {
    const revived = reviveMailbox(ended, { ...person, userName: 'c@contoso.ch' }, grant('c@contoso.ch'), at(6000));
    expect(held(revived)).toEqual([
      'anna.new@contoso.ch former live',
      'anna@contoso.ch former live',
      'c@contoso.ch primary live',
    ]);
  });

  it('should come back suspended for a user who is inactive', () => {
    const revived = reviveMailbox(ended, { ...person, active: false }, grant('anna.new@contoso.ch'), at(6000));
    expect(revived).toMatchObject({ status: 'suspended', deletedAt: null });
  });

  it('should be pending when its address went to somebody else meanwhile', () => {
    const bare = withoutAddress(endMailbox(mailbox, at(5000)), 'anna@contoso.ch', undefined, at(5500));
    const revived = reviveMailbox(bare, anna, { kind: 'parked', wish: { ...wish, reason: 'address_taken' } }, at(6000));
    expect(revived).toMatchObject({ status: 'pending', statusReason: 'address_taken' });
  });
});

describe(withoutAddress.name, () => {
  it('should release the one address and keep the others', () => {
    const both = renamed(mailbox, 'anna.new@contoso.ch', 2000);
    const after = withoutAddress(both, 'anna@contoso.ch', undefined, at(3000));
    expect(held(after)).toEqual(['anna.new@contoso.ch primary live', 'anna@contoso.ch former released']);
    expect(after.status).toBe('active');
  });

  it('should be pending with the wish when the primary address goes', () => {
    const after = withoutAddress(mailbox, 'anna@contoso.ch', wish, at(3000));
    expect(after).toMatchObject({
      status: 'pending',
      statusReason: 'domain_not_owned',
      statusSince: 3000,
      wishes: [wish],
    });
  });

  it('should stay deleted when a deleted mailbox gives a reserved address up', () => {
    const after = withoutAddress(endMailbox(mailbox, at(5000)), 'anna@contoso.ch', undefined, at(6000));
    expect(after).toMatchObject({ status: 'deleted', statusSince: 5000, wishes: [] });
    expect(held(after)).toEqual(['anna@contoso.ch primary released']);
  });
});
