import { newId, type TenantId } from '@cleanmail/database';
import type { DomainSettings } from '@cleanmail/mailboxes';
import type { User } from '@cleanmail/users';
import { command, replacing } from '../contract/support/commands.js';
import { actor, type Libs } from '../contract/support/libs.js';

/** Two customers with people in every state, made as the service makes them. */
export interface Scene {
  readonly acme: TenantId;
  readonly beta: TenantId;
  /** Users by what they are called in the scene. */
  readonly users: { readonly [Name in 'anna' | 'bob' | 'dan' | 'ida' | 'hans' | 'ben']: User };
}

/** Makes the scene in an empty database. */
export async function makeScene(libs: Libs): Promise<Scene> {
  const [acme, beta] = [await tenant(libs, 'Acme'), await tenant(libs, 'Beta')];
  await libs.policies.change(acme, actor, { inactiveMailPolicy: 'reject', inactiveGraceHours: 0 });
  await domain(libs, acme, 'acme.example', { unknownRecipientPolicy: 'reject', nextHop: 'discard:acme' });
  await domain(libs, acme, 'off.example', { unknownRecipientPolicy: 'reject', subaddressing: 'off' });
  await domain(libs, acme, 'müller.example', { unknownRecipientPolicy: 'reject' });
  await domain(libs, beta, 'beta.example', { unknownRecipientPolicy: 'defer', nextHop: 'mx.beta.example' });
  await domain(libs, beta, 'gamma.example', { unknownRecipientPolicy: 'accept' });
  await domain(libs, beta, 'off-defer.example', { unknownRecipientPolicy: 'defer', subaddressing: 'off' });
  await domain(libs, beta, 'off-accept.example', { unknownRecipientPolicy: 'accept', subaddressing: 'off' });
  await domain(libs, beta, 'suspended.example', {});
  await libs.domains.add(beta, actor, { domain: 'pending.example' });
  const users = { ...(await peopleOfAcme(libs, acme)), ...(await peopleOfBeta(libs, beta)) };
  await libs.domains.suspend(beta, actor, 'suspended.example');
  return { acme, beta, users };
}

async function peopleOfAcme(libs: Libs, acme: TenantId) {
  const { create, remove, policyOf, mailboxOf } = people(libs, acme);
  const anna = await create('anna.old@acme.example');
  await libs.support.addAlias(acme, actor, { id: (await mailboxOf(anna)).id }, 'A.Meier@acme.example');
  await rename(libs, acme, anna, 'Anna@acme.example');
  const [bob, dora, dan, eve] = [
    await create('bob@acme.example', { active: false }),
    await create('dora@acme.example', { active: false }),
    await create('dan@acme.example', { active: false }),
    await create('eve@acme.example', { active: false }),
  ];
  await policyOf(dora, 'defer');
  await policyOf(dan, 'hold');
  await policyOf(eve, 'deliver');
  await remove(await create('cara@acme.example'));
  await create('lea@acme.example');
  await remove(await create('lea+old@acme.example'));
  await create('pia@acme.example', { active: false });
  await create('pia+b@acme.example');
  const ida = await create('ida@acme.example');
  await create('#7@acme.example');
  const hans = await create('hans@müller.example');
  await create('oda@off.example');
  await create('oda+b@off.example');
  await create('otto@off.example', { active: false });
  return { anna, bob, dan, ida, hans };
}

async function peopleOfBeta(libs: Libs, beta: TenantId) {
  const { create, remove, policyOf } = people(libs, beta);
  const ben = await create('ben@beta.example');
  await remove(await create('gone@beta.example'));
  await remove(await create('gil@gamma.example'));
  const gus = await create('gus@gamma.example', { active: false });
  await policyOf(gus, 'reject');
  for (const name of ['off-defer.example', 'off-accept.example']) {
    await create(`ola@${name}`);
    await policyOf(await create(`olaf@${name}`, { active: false }), 'reject');
  }
  await create('zoe@pending.example');
  await create('sue@suspended.example');
  return { ben };
}

function people(libs: Libs, tenantId: TenantId) {
  const mailboxOf = async (user: User) => {
    const mailbox = await libs.mailboxes.byUser(tenantId, user.id);
    if (mailbox === undefined) throw new Error('the user has no mailbox');
    return mailbox;
  };
  return {
    mailboxOf,
    create: (userName: string, more: Readonly<Record<string, unknown>> = {}): Promise<User> =>
      libs.users.create(tenantId, command(), { userName, externalId: newId(), ...more }),
    remove: (user: User): Promise<void> => libs.users.delete(tenantId, command(), user.id),
    policyOf: async (user: User, inactiveMailPolicy: 'reject' | 'defer' | 'hold' | 'deliver') =>
      libs.support.change(tenantId, actor, { id: (await mailboxOf(user)).id }, { inactiveMailPolicy }),
  };
}

/** Changes the userName; the address before stays as former. */
export async function rename(libs: Libs, tenantId: TenantId, user: User, userName: string): Promise<void> {
  await libs.users.modify(tenantId, command(), user.id, replacing({ userName }));
}

/** What Entra sends when somebody is unassigned, or assigned again. */
export async function setActive(libs: Libs, tenantId: TenantId, user: User, active: boolean): Promise<void> {
  await libs.users.modify(tenantId, command(), user.id, replacing({ active }));
}

async function tenant(libs: Libs, name: string): Promise<TenantId> {
  return (await libs.tenants.create(actor, { name, profile: 'cleanmail', domains: [] })).id;
}

async function domain(libs: Libs, owner: TenantId, name: string, settings: Partial<DomainSettings>): Promise<void> {
  await libs.domains.add(owner, actor, { domain: name, vouched: true });
  await libs.domains.set(owner, actor, name, settings);
}
