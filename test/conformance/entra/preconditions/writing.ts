import { TenantClient } from '../../client/tenant-client.js';
import { ANNA_MEIER, fullUser, plainUser, uniqueAddress } from '../people.js';
import { deleted, disabled, existing, type Precondition } from './precondition.js';

/** Set-ups of the create, change and delete cases (C, U, D, L, X). */
export const writingPreconditions: Readonly<Record<string, Precondition>> = {
  C11: existing(() => plainUser(uniqueAddress(), { externalId: '' })),
  C12: existing(() => plainUser(uniqueAddress(), { externalId: 'a.meier' })),
  C17: existing(() => fullUser(ANNA_MEIER)),
  C18: existing(() => fullUser(ANNA_MEIER)),
  C22: disabled(() => fullUser(ANNA_MEIER)),
  C23: deleted(() => fullUser(ANNA_MEIER)),
  C24: tenantWithOneDomain,
  U11: disabled(() => fullUser()),
  U12: disabled(() => fullUser()),
  U13: disabled(() => fullUser()),
  U20: existing(() => plainUser(uniqueAddress())),
  U46: disabled(() => fullUser()),
  U54: existing(() => fullUser(ANNA_MEIER)),
  U75: disabled(() => fullUser()),
  D02: deleted(() => fullUser()),
  D03: deleted(() => fullUser()),
  D05: disabled(() => fullUser()),
  D09: removedByAnotherHand,
  D10: existing(() => plainUser(uniqueAddress())),
  L03: disabled(() => fullUser()),
  L04: deleted(() => fullUser()),
  X07: disabled(() => fullUser()),
};

/** The case's tenant hosts contoso.ch; a domain has one owner per platform, so each run takes its own. */
async function tenantWithOneDomain(world: Parameters<Precondition>[0]): Promise<void> {
  const domain = `contoso-${world.values.get('random') ?? ''}.example`;
  world.useTenant(await TenantClient.open(world.service, world.tenant.profile, [domain]));
}

/** Somebody else than the job removes the user: a second token of the same tenant, since the admin surface only reads users. */
async function removedByAnotherHand(world: Parameters<Precondition>[0]): Promise<void> {
  const { tenant } = world;
  const user = await tenant.createUser(fullUser());
  const issued = await tenant.admin.issueToken(tenant.tenant.id);
  await tenant.withToken(issued.token).remove(user.id);
  world.values.set('idRemovedByAdmin', user.id);
}
