import { describe, expect, it } from '@jest/globals';
import type { UserFacts } from './user-facts.js';
import { isSoftDeletedName, kindOf, wantedAddresses } from './wanted-addresses.js';

const facts: UserFacts = {
  userId: 'u',
  userName: 'anna@contoso.ch',
  externalId: null,
  active: true,
  emails: [
    { value: 'home@contoso.ch', type: 'home' },
    { value: 'work@contoso.ch', type: 'Work' },
    { value: 'main@contoso.ch', type: 'work', primary: true },
  ],
  proxyAddresses: ['smtp:second@contoso.ch', 'SMTP:first@contoso.ch', 'SIP:x@contoso.ch', 'x500:/o=c', 'no kind'],
};
const policy = { addressSource: 'userName', emailsAsAliases: false } as const;
const raws = (wanted: ReturnType<typeof wantedAddresses>) => [
  wanted.primary?.raw,
  ...wanted.aliases.map(({ raw }) => raw),
];

describe(wantedAddresses.name, () => {
  it.each([
    ['userName', false, ['anna@contoso.ch', 'second@contoso.ch', 'first@contoso.ch']],
    ['workEmail', false, ['main@contoso.ch', 'second@contoso.ch', 'first@contoso.ch']],
    ['primaryEmail', false, ['main@contoso.ch', 'second@contoso.ch', 'first@contoso.ch']],
    [
      'workEmail',
      true,
      ['main@contoso.ch', 'home@contoso.ch', 'work@contoso.ch', 'second@contoso.ch', 'first@contoso.ch'],
    ],
  ] as const)('should take %s, e-mails as aliases: %s', (addressSource, emailsAsAliases, expected) => {
    expect(raws(wantedAddresses(facts, { addressSource, emailsAsAliases }))).toEqual(expected);
  });

  it('should take the SMTP: proxy address where no e-mail is primary, and then not as an alias', () => {
    const wanted = wantedAddresses({ ...facts, emails: [] }, { ...policy, addressSource: 'primaryEmail' });
    expect(raws(wanted)).toEqual(['first@contoso.ch', 'second@contoso.ch']);
    expect(wanted.primary?.source).toBe('proxy');
  });

  it.each([
    ['workEmail', [{ value: 'a@b.ch', type: 'home' }]],
    ['workEmail', [{ value: '', type: 'work' }]],
    ['primaryEmail', [{ value: 'a@b.ch', type: 'work' }]],
  ] as const)('should have no primary address for %s from %j', (addressSource, emails) => {
    const without = { ...facts, emails, proxyAddresses: [] };
    expect(wantedAddresses(without, { ...policy, addressSource })).toEqual({ aliases: [] });
  });

  it('should do without attributes that were not sent', () => {
    const { userId, userName, externalId, active } = facts;
    const bare = { userId, userName, externalId, active };
    expect(wantedAddresses(bare, policy)).toEqual({
      primary: { raw: 'anna@contoso.ch', source: 'userName' },
      aliases: [],
    });
  });
});

describe(kindOf.name, () => {
  const mailbox = { kind: 'resource', kindFixed: false } as const;
  it.each([
    ['userType', 'SHARED', false, 'shared'],
    ['userType', 'user', false, 'user'],
    ['userType', 'Member', false, 'resource'],
    ['userType', 'role', false, 'resource'],
    ['userType', undefined, false, 'resource'],
    ['userType', 'shared', true, 'resource'],
    ['admin', 'shared', false, 'resource'],
  ] as const)('should by %s, userType %s, fixed %s be %s', (kindSource, userType, kindFixed, kind) => {
    const said = userType === undefined ? facts : { ...facts, userType };
    expect(kindOf({ ...mailbox, kindFixed }, said, { kindSource })).toBe(kind);
  });
});

describe(isSoftDeletedName.name, () => {
  const id = '0123456789abcdef0123456789ABCDEF';
  it.each([
    [`${id}anna@contoso.ch`, false, true],
    [`${id}anna@contoso.ch`, true, false],
    [`${id}@contoso.ch`, false, false],
    [`${id.slice(1)}zoe@contoso.ch`, false, false],
    ['anna@contoso.ch', false, false],
    [id, false, false],
  ])('should say for %s, active %s: %s', (userName, active, expected) => {
    expect(isSoftDeletedName({ userName, active })).toBe(expected);
  });
});
