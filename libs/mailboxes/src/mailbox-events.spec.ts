import { describe, expect, it } from '@jest/globals';
import { type CanonicalAddress, parseAddress } from './address-codec.js';
import { withDerivedStatus } from './derive-status.js';
import { defaultMailSettings } from './mail-policy.js';
import type { Circumstances, Grant } from './grants.js';
import type { UserFacts } from './user-facts.js';
import type { Mailbox } from './mailbox.js';
import { mailboxEvents } from './mailbox-events.js';
import { endMailbox, followUser, newMailbox, reviveMailbox, withoutAddress } from './transitions.js';

const anna: UserFacts = { userId: 'user-1', userName: 'anna@contoso.ch', externalId: 'e1', active: true };
const now: Circumstances = { now: 1000, policy: defaultMailSettings, erasesOnDeactivation: false };
const parked: Grant = {
  kind: 'parked',
  wish: { wantedKey: 'anna@fabrikam.com', domainAscii: 'fabrikam.com', reason: 'domain_not_owned' },
};

function grant(address: string): Grant {
  return { kind: 'granted', address: parseAddress(address) as CanonicalAddress, basis: 'domain' };
}

const created = newMailbox(anna, grant('anna@contoso.ch'), now);
const waiting = newMailbox(anna, parked, now);
const suspended = followUser(created, { ...anna, active: false }, undefined, now);
const renamed = followUser(created, anna, grant('b@contoso.ch'), now);
const ended = endMailbox(created, now);
const imported: Mailbox = { ...created, scimUserId: null, externalId: null, origin: 'import', scimActive: null };

const table: readonly (readonly [string, Mailbox | undefined, Mailbox, readonly string[]])[] = [
  ['created', undefined, created, ['mailbox.activated', 'address.granted']],
  ['created without an address', undefined, waiting, ['mailbox.parked']],
  ['created inactive', undefined, suspended, ['mailbox.suspended', 'address.granted']],
  ['granted later', waiting, followUser(waiting, anna, grant('anna@contoso.ch'), now), ['mailbox.activated', 'address.granted']],
  ['renamed', created, renamed, ['mailbox.renamed', 'address.granted']],
  ['renamed back', renamed, followUser(renamed, anna, grant('anna@contoso.ch'), now), ['mailbox.renamed']],
  ['renamed in case only', created, followUser(created, anna, grant('ANNA@contoso.ch'), now), []],
  ['refused a new name', created, followUser(created, anna, parked, now), []],
  ['suspended', created, suspended, ['mailbox.suspended']],
  ['resumed', suspended, followUser(suspended, anna, undefined, now), ['mailbox.activated']],
  ['deleted', created, ended, ['mailbox.deleted']],
  ['revived', ended, reviveMailbox(ended, anna, grant('anna@contoso.ch'), now), ['mailbox.restored']],
  ['adopted', imported, followUser(imported, anna, grant('anna@contoso.ch'), now), ['mailbox.adopted']],
  ['deprived of a former address', renamed, withoutAddress(renamed, 'anna@contoso.ch', undefined, now), ['address.released']],
  ['deprived of its only address', created, withoutAddress(created, 'anna@contoso.ch', undefined, now), ['mailbox.parked', 'address.released']],
  ['deprived of a reserved address', ended, withoutAddress(ended, 'anna@contoso.ch', undefined, now), ['address.released']],
  ['suspended again by support', suspended, withDerivedStatus({ ...suspended, adminState: 'suspended' }, now), []],
  ['unchanged', created, created, []],
]; // prettier-ignore

describe(mailboxEvents.name, () => {
  it.each(table)('should tell of a mailbox that was %s', (_, before, after, types) => {
    expect(mailboxEvents(before, after).map(({ type }) => type)).toEqual(types);
  });

  it('should name the mailbox, its user, its status and the address in question', () => {
    const [renaming, granting] = mailboxEvents(created, renamed);
    const primary = renamed.addresses.find(({ role }) => role === 'primary')?.id;
    const data = { userId: 'user-1', status: 'active', reason: null, addressId: primary };
    expect(renaming).toEqual({ mailboxId: created.id, type: 'mailbox.renamed', data });
    expect(granting).toEqual({ mailboxId: created.id, type: 'address.granted', data });
  });

  it('should carry no name and no address of a person', () => {
    const payloads = JSON.stringify(table.map(([, before, after]) => mailboxEvents(before, after)));
    expect(payloads).not.toMatch(/anna|contoso|fabrikam|@/i);
  });
});
