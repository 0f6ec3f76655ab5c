import { beforeAll, describe, expect, it } from '@jest/globals';
import { dialectOf } from '@cleanmail/scim';
import { describeEachEngine } from '../../support/engines/index.js';
import { eventually } from '../../support/eventually.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { TenantClient } from '../client/tenant-client.js';
import { stepsOf, stories, type Story } from './fixtures.js';
import { Player } from './play.js';

const all = stories().map((story) => [story.dialect, story] as const);
const namesItself = ({ headers }: Story) => (headers['User-Agent'] ?? '') !== '';

describeEachEngine('Dialects', (engine) => {
  const service = serviceForSuite(engine);

  describe.each(all)('of %s', (dialect, story) => {
    let tenant: TenantClient;
    let player: Player;

    beforeAll(async () => {
      tenant = await TenantClient.open(service(), 'cleanmail');
      player = new Player(tenant, story);
    });

    it.each(story.scenes.map((scene) => [scene.title, scene] as const))('%s', async (_title, scene) => {
      await player.play(scene);
    });

    it('should have been recorded as the dialect of the tenant', async () => {
      const { answer } = await eventually(
        () => tenant.admin.call('GET', `/tenants/${tenant.tenant.id}`),
        ({ body }) => (body as { dialect: unknown }).dialect !== null,
        5000,
      );
      expect(answer.body).toMatchObject({ dialect: { current: dialect, seen: [{ dialect }] } });
    });
  });
});

describe.each(all)('The fixtures of %s', (dialect, story) => {
  it.each(
    story.scenes.flatMap((scene) =>
      stepsOf(scene).map((step, index) => [`${scene.title}, step ${index}`, step] as const),
    ),
  )('should show the dialect or nothing: %s', (_title, { request, form }) => {
    const { method, path, body } = request;
    const query = Object.fromEntries(new URL(path, 'http://scim.example').searchParams);
    const byForm = dialectOf({ method, query, body });
    const asSent = dialectOf({ method, query, body, userAgent: story.headers['User-Agent'] });
    expect([byForm?.dialect, asSent?.dialect]).toEqual([form, form ?? (namesItself(story) ? dialect : undefined)]);
  });

  it('should each name their source', () => {
    for (const { source, evidence } of story.scenes) {
      expect(source.length).toBeGreaterThan(10);
      expect(['documented', 'recorded', 'reported', 'inferred']).toContain(evidence);
    }
  });
});
