import { describe, expect, it } from '@jest/globals';
import { defaultMailSettings } from '../mail-policy.js';
import type { Mailbox } from '../mailbox.js';
import { endMailbox, followUser, newMailbox } from '../transitions.js';
import { guardAfter, noGuard } from './guard-state.js';
import { guardThreshold, isGuardOn, isLeaver } from './leaver.js';

const circumstances = { now: 1000, policy: defaultMailSettings, erasesOnDeactivation: false };
const address = { key: 'a@b.example', localKey: 'a', localDisplay: 'a', domainAscii: 'b.example' };
const facts = { userId: 'u', userName: 'a@b.example', externalId: 'e', active: true };
const live = newMailbox(facts, { kind: 'granted', address, basis: 'domain' }, circumstances);
const inactive = (mailbox: Mailbox) => followUser(mailbox, { ...facts, active: false }, undefined, circumstances);

describe(isLeaver.name, () => {
  it.each([
    ['a user’s mailbox', {}, true, true],
    ['one that support has suspended', { adminState: 'suspended' }, false, false],
    ['one that support keeps active', { adminState: 'forced_active' }, false, true],
    ['one that waits', { addresses: [] }, false, false],
    ['a shared one', { kind: 'shared' }, false, true],
    ['a shared one whose mail would be refused', { kind: 'shared', inactiveMailPolicy: 'reject' }, true, true],
    ['one whose mail would go on', { inactiveMailPolicy: 'deliver' }, false, true],
    ['one of a role', { kind: 'role' }, false, false],
    ['one that is inactive already', { scimActive: false }, false, false],
    ['one whose deactivation was rejected', { scimActive: false, guardState: 'rejected' }, false, true],
  ] as const)('should know for %s', (_, more, byDeactivation, byDeletion) => {
    const before: Mailbox = { ...live, ...more };
    expect(isLeaver({ before, after: inactive(before) }, circumstances)).toBe(byDeactivation);
    expect(isLeaver({ before, after: endMailbox(before, circumstances) }, circumstances)).toBe(byDeletion);
  });

  it('should know that nobody leaves who is new, or whose tenant alone is suspended', () => {
    expect(isLeaver({ before: undefined, after: inactive(live) }, circumstances)).toBe(false);
    const suspended: Mailbox = { ...live, status: 'suspended', statusReason: 'tenant' };
    expect(isLeaver({ before: suspended, after: suspended }, circumstances)).toBe(false);
    expect(isLeaver({ before: suspended, after: inactive(suspended) }, circumstances)).toBe(true);
  });

  it('should count whose data would be erased, though its mail went on', () => {
    const before: Mailbox = { ...live, inactiveMailPolicy: 'deliver' };
    const erasing = { ...circumstances, erasesOnDeactivation: true };
    expect(isLeaver({ before, after: inactive(before) }, erasing)).toBe(true);
  });
});

describe(guardThreshold.name, () => {
  it.each([
    [20, 50, 100, 50],
    [20, 50, 1004, 200],
    [0, 0, 1000, 0],
    [100, 0, 7, 7],
  ])('should be of %d percent, %d at least and %d seats: %d', (guardMaxPct, guardMaxAbs, seats, expected) => {
    expect(guardThreshold({ guardMaxPct, guardMaxAbs }, seats)).toBe(expected);
  });

  it('should be none where everybody may leave', () => {
    expect([isGuardOn({ guardMaxPct: 99 }), isGuardOn({ guardMaxPct: 100 })]).toEqual([true, false]);
  });
});

describe(guardAfter.name, () => {
  const held = { guardBatchId: 'b', guardState: 'held' } as const;
  const rejected = { guardBatchId: 'b', guardState: 'rejected' } as const;
  it.each([
    [held, true, true, noGuard],
    [held, false, true, noGuard],
    [held, true, false, held],
    [held, false, false, held],
    [rejected, false, false, rejected],
    [rejected, false, true, noGuard],
    [rejected, null, false, noGuard],
    [noGuard, true, false, noGuard],
  ] as const)('should make of %j, active %s, when active %s is said: %j', (guard, scimActive, active, expected) => {
    expect(guardAfter({ ...guard, scimActive }, { active })).toEqual(expected);
  });
});
