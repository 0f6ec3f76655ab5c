import { caseNumbered } from '../cases.js';
import { fullUser, plainUser, uniqueAddress } from '../people.js';
import { disabled, existing, several, type Precondition } from './precondition.js';

const twoUsers = several(() => [fullUser(), fullUser()]);

/** Set-ups of the connection, filter and paging cases (T, F, P, H). */
export const readingPreconditions: Readonly<Record<string, Precondition>> = {
  T11: userOfTenantB,
  T12: userOfTenantB,
  F06: existing(() => caseNumbered('C03').body as object),
  F08: existing(() => plainUser('noemie.hoppe@schaefer.us')),
  F09: several(() => [
    plainUser(uniqueAddress(), { externalId: 'jyoung' }),
    plainUser(uniqueAddress(), { externalId: 'jyoung2' }),
  ]),
  F10: existing(() => fullUser(uniqueAddress(), { externalId: '2a69c9a6-1708-45b7-acbe-a7b4c8fb102a' })),
  F11: existing(() => plainUser(uniqueAddress(), { externalId: 'abc' })),
  F16: existing(() => plainUser('user@contoso.com')),
  F20: several(() => [plainUser('a'), plainUser('ab'), plainUser('a\\"b')]),
  F21: several(() => [plainUser('non'), plainUser('non+existent+user')]),
  F22: several(() => [plainUser('guest_fabrikam.com#EXT#@contoso.onmicrosoft.com'), plainUser('guest_fabrikam.com')]),
  F23: existing(() => plainUser('user@contoso.com')),
  F24: twoUsers,
  F25: twoUsers,
  F26: twoUsers,
  F27: several(() => [plainUser('Otto@contoso.com'), plainUser('olga@contoso.com'), plainUser('anna.o@contoso.com')]),
  F28: disabled(() => fullUser()),
  F31: twoUsers,
  F33: existing(() =>
    fullUser('Anna.Meier@Contoso.com', { name: { givenName: 'Zoë ', familyName: 'Müller-Lüdenscheidt' } }),
  ),
  F34: existing(() => plainUser(uniqueAddress(), { emails: [{ type: 'work', value: 'a@contoso.com' }] })),
  P03: several(() => Array.from({ length: 12 }, () => plainUser(uniqueAddress()))),
  P04: several(() => Array.from({ length: 5 }, () => fullUser())),
  P05: several(() => [fullUser(), fullUser(), fullUser()]),
  H01: existing(() => fullUser()),
};

async function userOfTenantB(world: Parameters<Precondition>[0]): Promise<void> {
  const other = await world.otherTenant();
  const user = await other.createUser(fullUser());
  world.values.set('idOfTenantB', user.id);
  world.values.set('userNameOfTenantB', user.userName);
  world.created.push(user);
}
