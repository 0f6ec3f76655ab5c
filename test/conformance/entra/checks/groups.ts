import { expect } from '@jest/globals';
import { CORE_GROUP, type ScimGroup, type ScimList } from '../../client/scim-types.js';
import { expectScimError, expectScimJson } from './assertions.js';
import type { CheckContext, CheckTable } from './check.js';

/** Groups and their members (G), and creating a group as the Logic App does (L12). */
export const groupChecks: CheckTable = {
  'members is [] or absent': ({ answer }) => {
    expect((answer.body as ScimGroup).members ?? []).toEqual([]);
  },
  'the Microsoft ADSCIM schema URI in schemas is tolerated': async ({ answer, tenant, sent }) => {
    const { displayName, externalId } = sent;
    expect(answer.body).toMatchObject({ schemas: [CORE_GROUP], displayName, externalId });
    expect(await tenant.readGroup((answer.body as ScimGroup).id)).toEqual(answer.body);
  },
  "totalResults=1, no members; '+' inside the quoted value is a space": ({ answer, world }) => {
    expectScimJson(answer);
    const { members, ...withoutMembers } = world.groupBefore();
    expect(members).toHaveLength(1);
    expect(answer.body).toMatchObject({ totalResults: 1 });
    expect((answer.body as ScimList<ScimGroup>).Resources).toEqual([withoutMembers]);
  },
  '204 documented; validator accepts 200 with body': async (context) => {
    const displayName = context.operations[0]?.value;
    expect([context.answer.status, context.answer.text]).toEqual([204, '']);
    const { members } = context.world.groupBefore();
    expect(await groupNow(context)).toMatchObject({ displayName, externalId: 'before', members });
  },
  'Member added; $ref:null tolerated; adding it again makes no duplicate': async (context) => {
    await expectMembers(context, 'other', 'uid');
    const { meta } = await groupNow(context);
    expect((await context.again()).status).toBe(context.answer.status);
    await expectMembers(context, 'other', 'uid');
    expect((await groupNow(context)).meta).toEqual(meta);
  },
  'Only the listed member goes; ignoring value would empty the group': (context) => expectMembers(context, 'other'),
  'Only that member goes': (context) => expectMembers(context, 'other'),
  'displayName must be unique for Entra; scimType uniqueness': async ({ answer, tenant, sent, world }) => {
    expectScimError(answer, 409, 'uniqueness');
    const found = await tenant.findGroups(`displayName eq ${JSON.stringify(sent['displayName'])}`);
    expect(found.Resources).toEqual([world.groupBefore()]);
  },
  'Member list is exactly the given one': (context) => expectMembers(context, 'uid'),
  'Applied in order: the member is not in the group afterwards': (context) => expectMembers(context, 'other'),
  'Several members in one operation': (context) => expectMembers(context, 'uid1', 'uid2', 'uid3'),
  'externalId changed, members kept': async (context) => {
    await expectMembers(context, 'uid', 'other');
    const { externalId, displayName } = await groupNow(context);
    const value = context.operations[0]?.value as { readonly externalId: string };
    expect([externalId, displayName]).toEqual([value.externalId, context.world.groupBefore().displayName]);
  },
  'id present, displayName round trip; FAILED (not skipped) when /Schemas lacks the Group schema': async ({
    answer,
    tenant,
    sent,
  }) => {
    const group = answer.body as ScimGroup;
    const { displayName, externalId } = sent;
    expect(group).toMatchObject({ id: expect.stringMatching(/\S/), displayName, externalId });
    expect(await tenant.readGroup(group.id)).toEqual(group);
    const { Resources } = (await tenant.send('GET', '/Schemas')).body as ScimList<{ readonly id: string }>;
    expect(Resources.map(({ id }) => id)).toContain(CORE_GROUP);
  },
};

async function groupNow({ tenant, world }: CheckContext): Promise<ScimGroup> {
  return tenant.readGroup(world.groupBefore().id);
}

/** The group's members are exactly the named users, and these users say the same. */
async function expectMembers(context: CheckContext, ...names: readonly string[]): Promise<void> {
  const { world, tenant } = context;
  const group = await groupNow(context);
  const ids = names.map((name) => world.values.get(name) ?? name);
  expect((group.members ?? []).map(({ value }) => value).sort()).toEqual([...ids].sort());
  for (const { id } of world.created) {
    const { groups = [] } = await tenant.readUser(id);
    expect(groups.map(({ value }) => value)).toEqual(ids.includes(id) ? [group.id] : []);
  }
}
