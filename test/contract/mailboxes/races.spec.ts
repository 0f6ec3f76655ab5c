import { afterEach, expect, it, jest } from '@jest/globals';
import { newId } from '@cleanmail/database';
import { describeEachEngine } from '../../support/engines/index.js';
import { actor, createTenant, libsFor, withSecondNode, type Libs } from '../support/libs.js';
import { expectMailConsistent } from '../support/mail-consistency.js';
import { held, tenantWithDomain } from './provider.js';

type Method = (...values: readonly unknown[]) => Promise<unknown>;

/** Where the other one acts: behind a look-up of the real class, or before a lock that it takes. */
interface Gap {
  readonly target: object;
  readonly behind?: string;
  readonly before?: string;
}

/** Runs `between` once in the gap. */
function inGap({ target, behind, before }: Gap, between: () => Promise<void>): void {
  const methods = target as Record<string, Method>;
  const method = behind ?? before ?? '';
  const original = methods[method]?.bind(target);
  if (original === undefined) throw new Error(`there is no method "${method}"`);
  jest.spyOn(methods, method).mockImplementationOnce(async (...values) => {
    if (before !== undefined) await between();
    const found = await original(...values);
    if (behind !== undefined) await between();
    return found;
  });
}

/** An object that the public classes are put together from. */
function part(whole: object, ...names: readonly string[]): object {
  return names.reduce((current, name) => (current as Record<string, object>)[name] ?? {}, whole);
}

describeEachEngine('what is looked up without a lock and then locked', (engine) => {
  const libs = libsFor(engine);
  afterEach(async () => {
    jest.restoreAllMocks();
    await expectMailConsistent(libs().database);
  });

  const lookUp = (): Gap => ({ target: part(libs().users, 'mailboxes', 'claims'), behind: 'inquireProspect' });

  /**
   * Another node acts between the look-up and the lock. The embedded database has one node, which runs one unit of work
   * at a time: there the other one begins in between, and its turn comes when the first one is through.
   */
  async function interleaved(
    gap: Gap,
    act: (other: Libs) => Promise<unknown>,
    during: () => Promise<void>,
  ): Promise<void> {
    await withSecondNode(engine, libs(), async (second) => {
      let acted: Promise<unknown> = Promise.resolve();
      inGap(gap, async () => {
        acted = act(second);
        if (engine.name !== 'sqlite') await acted;
      });
      await during();
      await acted;
    });
  }

  it('should give a person who comes back a new mailbox when a clock purges the former one first', async () => {
    const { tenant, domain, create, remove, mailboxOf, byId } = await tenantWithDomain(libs());
    const person = { userName: `anna@${domain}`, externalId: newId() };
    const user = await create(person);
    const former = await mailboxOf(user);
    await remove(user);
    await libs().database.write((session) =>
      session.run('UPDATE mailbox_account SET purge_after = 1 WHERE tenant_id = ? AND id = ?', [tenant, former.id]),
    );
    const purge = (other: Libs) => other.clocks.run({ only: 'mailbox-purge', now: true });
    await interleaved(lookUp(), purge, async () => {
      const now = await mailboxOf(await create(person));
      expect([now.status, held(now)]).toEqual(['active', [`anna@${domain} primary live`]]);
      expect(now.id === former.id).toBe(engine.name === 'sqlite');
    });
    expect((await byId(former.id)).status).toBe(engine.name === 'sqlite' ? 'active' : 'purged');
  });

  it('should not let a user adopt a mailbox that support makes one of a role first', async () => {
    const { tenant, domain, create, mailboxOf, byId } = await tenantWithDomain(libs());
    const address = `sales@${domain}`;
    const id = await libs().support.create(tenant, actor, { address, kind: 'user', origin: 'import', aliases: [] });
    const change = (other: Libs) => other.support.change(tenant, actor, { id }, { kind: 'role' });
    await interleaved(lookUp(), change, async () => {
      const own = await mailboxOf(await create({ userName: address, externalId: newId() }));
      expect(own.id === id).toBe(engine.name === 'sqlite');
      expect(own.statusReason).toBe(engine.name === 'sqlite' ? null : 'address_taken');
    });
    expect(await byId(id)).toMatchObject({ kind: 'role' });
  });

  it('should not end a mailbox with the roles of a released domain that support gives to people first', async () => {
    const { tenant, domain, byId } = await tenantWithDomain(libs());
    const address = `help@${domain}`;
    const id = await libs().support.create(tenant, actor, { address, kind: 'role', origin: 'manual', aliases: [] });
    const change = (other: Libs) => other.support.change(tenant, actor, { id }, { kind: 'shared' });
    const gap: Gap = { target: part(libs().releases, 'roles', 'mailboxes'), before: 'findById' };
    if (engine.name === 'sqlite') {
      await libs().releases.release(tenant, actor, domain);
      await expect(change(libs())).rejects.toMatchObject({ code: 'mailbox_state' });
      return;
    }
    await interleaved(gap, change, async () => {
      await expect(libs().releases.release(tenant, actor, domain)).rejects.toMatchObject({ code: 'domain_has_claims' });
    });
    expect(await byId(id)).toMatchObject({ kind: 'shared', status: 'active' });
  });

  it('should call a transfer off only while it goes to the one who is gone', async () => {
    const { tenant, domain } = await tenantWithDomain(libs());
    const [gone, receiver] = [await createTenant(libs()), await createTenant(libs())];
    const moveTo = (to: string | null) =>
      libs().database.write((session) =>
        session.run('UPDATE mail_domain SET transfer_to = ? WHERE tenant_id = ? AND name_ascii = ?', [
          to,
          tenant,
          domain,
        ]),
      );
    const cancel = part(libs().jobs.find(({ name }) => name === 'domain-transfers') ?? {}, 'transfers') as {
      cancel(transfer: object): Promise<void>;
    };
    const goesTo = async () =>
      (
        await libs().database.read((session) =>
          session.first<{ readonly transfer_to: string | null }>(
            'SELECT transfer_to FROM mail_domain WHERE tenant_id = ? AND name_ascii = ?',
            [tenant, domain],
          ),
        )
      )?.transfer_to;
    await moveTo(receiver);
    await cancel.cancel({ from: tenant, to: gone, nameAscii: domain });
    expect(await goesTo()).toBe(receiver);
    await cancel.cancel({ from: tenant, to: receiver, nameAscii: domain });
    expect(await goesTo()).toBeNull();
  });
});
