import { describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { describeEachEngine } from '../../support/engines/index.js';
import { adminSurface, allPages, instant, listOf, unknownId, uuid } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

interface Mailbox {
  readonly id: string;
  readonly address: string;
}

describeEachEngine('Admin REST, users and mailboxes', (engine) => {
  const surface = adminSurface(engine);
  const open = (...domains: readonly string[]) =>
    TenantClient.open(surface.service(), 'cleanmail', domains.length === 0 ? undefined : domains);
  const find = async (client: TenantClient, query: string): Promise<readonly Mailbox[]> =>
    listOf<Mailbox>(await surface.call('GET', `/tenants/${client.tenant.id}/mailboxes?${query}`)).items;

  it('should list what provisioning made of a user', async () => {
    const client = await open();
    const user = await client.createUser({
      userName: 'Ada@Users-1.example',
      externalId: 'e-1',
      displayName: 'Ada L.',
      active: true,
    });
    const bare = await client.createUser({ userName: 'bob@users-1.example' });
    await client.disable(bare.id);

    const listed = listOf(await surface.call('GET', `/tenants/${client.tenant.id}/users`)).items;
    expect(listed).toEqual([
      {
        id: user.id,
        userName: 'Ada@Users-1.example',
        externalId: 'e-1',
        active: true,
        displayName: 'Ada L.',
        version: 1,
        createdAt: expect.stringMatching(instant),
        lastModified: expect.stringMatching(instant),
      },
      {
        id: bare.id,
        userName: 'bob@users-1.example',
        externalId: null,
        active: false,
        displayName: null,
        version: 2,
        createdAt: expect.stringMatching(instant),
        lastModified: expect.stringMatching(instant),
      },
    ]);
  });

  it('should show a mailbox in full, in the list and by its id', async () => {
    const client = await open();
    const user = await client.createUser({ userName: 'Grace.Hopper@Mail-1.example', externalId: 'e-2' });
    const [mailbox] = await find(client, '');
    const expected = {
      id: expect.stringMatching(uuid),
      address: 'grace.hopper@mail-1.example',
      status: 'active',
      statusReason: null,
      statusSince: expect.stringMatching(instant),
      userId: user.id,
      externalId: 'e-2',
      kind: 'user',
      origin: 'scim',
      adminState: 'none',
      legalHold: false,
      inactiveMailPolicy: null,
      seat: true,
      addresses: [
        {
          address: 'grace.hopper@mail-1.example',
          localPart: 'Grace.Hopper',
          role: 'primary',
          state: 'live',
          validUntil: null,
        },
      ],
      wishes: [],
      createdAt: expect.stringMatching(instant),
      deletedAt: null,
      purgeAfter: null,
      eraseAfter: null,
      graceUntil: null,
      guardBatchId: null,
      guardState: null,
      version: 1,
    };
    expect(mailbox).toEqual(expected);
    const read = await surface.call('GET', `/tenants/${client.tenant.id}/mailboxes/${mailbox?.id}`);
    expect([read.status, read.body]).toEqual([200, mailbox]);
  });

  it.each(['users', 'mailboxes'])('should walk %s by cursor', async (list) => {
    const client = await open();
    const created: string[] = [];
    for (let number = 1; number <= 7; number += 1) {
      created.push((await client.createUser({ userName: `walk${number}@${list}-walk.example` })).id);
    }
    const pages = await allPages<{ readonly id: string; readonly userId?: string }>(
      surface,
      `/tenants/${client.tenant.id}/${list}`,
      3,
    );
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat().map(({ id, userId = id }) => userId)).toEqual(created);
  });

  describe('by address', () => {
    it.each([
      ['as it was given', 'Zoë.M@find-1.example', 'zoe.m@find-1.example', 'zoe.m@find-1.example'],
      ['in another case', 'Max.Muster@find-2.example', 'max.muster@find-2.example', 'MAX.MUSTER@FIND-2.EXAMPLE'],
      ['with the domain in A-labels', 'ann@bücher.find-3.example', '', 'Ann@xn--bcher-kva.FIND-3.example'],
    ])('should find a mailbox by its primary address %s', async (_form, userName, _key, asked) => {
      const client = await open();
      const user = await client.createUser({ userName: userName.replace('ë', 'e') });
      await client.createUser({ userName: `other.${userName.replace('ë', 'e')}` });
      expect(await find(client, `address=${encodeURIComponent(asked)}`)).toEqual([await client.mailboxOf(user.id)]);
    });

    it('should find a mailbox by a former address in any case', async () => {
      const client = await open();
      const user = await client.createUser({ userName: 'before@former.example' });
      await client.patch(user.id, { op: 'replace', path: 'userName', value: 'after@former.example' });
      const mailbox = await client.mailboxOf(user.id);

      expect(mailbox).toMatchObject({
        address: 'after@former.example',
        addresses: [
          {
            address: 'before@former.example',
            role: 'former',
            state: 'live',
            validUntil: expect.stringMatching(instant),
          },
          { address: 'after@former.example', role: 'primary', state: 'live', validUntil: null },
        ],
      });
      expect(await find(client, 'address=BEFORE@Former.example')).toEqual([mailbox]);
      expect(await find(client, 'address=After@former.EXAMPLE')).toEqual([mailbox]);
    });

    it('should find a mailbox by the address that it waits for', async () => {
      const client = await open('granted.example');
      const user = await client.createUser({ userName: 'Wanted@refused.example' });
      expect(await find(client, 'address=wanted@REFUSED.example')).toEqual([await client.mailboxOf(user.id)]);
    });

    it('should find nothing under an address that nobody has, or that is none', async () => {
      const client = await open();
      await client.createUser({ userName: 'somebody@nobody.example' });
      expect(await find(client, 'address=nobody@nobody.example')).toEqual([]);
      expect(await find(client, `address=${encodeURIComponent("' OR 1=1 -- ")}`)).toEqual([]);
      expect(await find(client, 'address=')).toEqual([]);
    });
  });

  it('should list by status', async () => {
    const client = await open('status.example');
    const [active, suspended, pending, deleted] = [
      await client.createUser({ userName: 'active@status.example' }),
      await client.createUser({ userName: 'suspended@status.example' }),
      await client.createUser({ userName: 'pending@elsewhere-status.example' }),
      await client.createUser({ userName: 'deleted@status.example' }),
    ] as const;
    await client.disable(suspended.id);
    await client.remove(deleted.id);

    const found = async (status: string) => (await find(client, `status=${status}`)).map(({ address }) => address);
    expect({
      active: await found('active'),
      suspended: await found('suspended'),
      pending: await found('pending'),
      deleted: await found('deleted'),
      purged: await found('purged'),
    }).toEqual({
      active: [active.userName],
      suspended: [suspended.userName],
      pending: [pending.userName],
      deleted: [deleted.userName],
      purged: [],
    });
    expect(await find(client, `status=suspended&address=${active.userName}`)).toEqual([]);
  });

  it('should show no tenant the mailboxes of another', async () => {
    const [client, other] = [await open(), await open()];
    const user = await client.createUser({ userName: 'private@across.example' });
    const { id } = await client.mailboxOf(user.id);

    for (const [tenant, mailbox] of [
      [other.tenant.id, id],
      [client.tenant.id, unknownId],
    ]) {
      expectProblem(
        await surface.call('GET', `/tenants/${tenant}/mailboxes/${mailbox}`),
        404,
        'mailbox_not_found',
        `The tenant has no mailbox with the id ${mailbox}.`,
      );
    }
    expect(await find(other, 'address=private@across.example')).toEqual([]);
    expect(listOf(await surface.call('GET', `/tenants/${other.tenant.id}/users`)).items).toEqual([]);
  });
});
