import { conformanceMarkdown, type ConformanceReport, isConformant, runConformance } from '@cleanmail/cli';
import { afterEach, describe, expect, it } from '@jest/globals';
import { mischiefs } from './misbehaviours.js';
import { type Misbehaviour, ReferenceServer } from './reference-server.js';

describe(runConformance.name, () => {
  let server: ReferenceServer;

  async function run(
    misbehaviour?: Misbehaviour,
    options: Partial<Parameters<typeof runConformance>[0]> = {},
  ): Promise<ConformanceReport> {
    server = new ReferenceServer(misbehaviour);
    await server.start();
    return runConformance({ url: server.url, token: server.token, ...options });
  }

  afterEach(() => server.stop());

  it('should find nothing wrong with a server that offers everything', async () => {
    const report = await run();
    expect(notPassed(report)).toEqual([]);
    expect(isConformant(report)).toBe(true);
    expect(report.counts.MUST.pass + report.counts.SHOULD.pass + report.counts.MAY.pass).toBeGreaterThan(300);
    expect(new Set(report.results.map(({ id }) => id)).size).toBe(report.results.length);
    expect(server.store.size).toBe(0);
  });

  it.each(mischiefs)('should blame a server that $name', async ({ misbehaviour, section, fails }) => {
    const report = await run(misbehaviour, { section });
    expect(notPassed(report)).toEqual(fails);
  });

  it('should name the request, the status and the member in the evidence', async () => {
    const report = await run((answer, { method }) => (method === 'POST' ? { ...answer, headers: {} } : answer), {
      section: '7644 3.3',
    });
    const evidence = report.results.find(({ id }) => id === 'post.location')?.evidence;
    expect(evidence).toBe('POST /Users → 201: the header Location is absent');
  });

  it('should report what is not advertised as not applicable', async () => {
    const nothing: Misbehaviour = (answer, { path }) =>
      path === '/ServiceProviderConfig' || path === '/ResourceTypes' ? { status: 404, headers: {} } : answer;
    const report = await run(nothing, { section: '7644' });
    const outcome = (id: string): string | undefined => report.results.find((result) => result.id === id)?.outcome;
    expect(['patch.add', 'sort.ascending', 'etag.get', 'bulk.answer', 'groups.put'].map(outcome)).toEqual(
      Array(5).fill('n/a'),
    );
    expect(outcome('discovery.config')).toBe('fail');
  });

  it('should leave groups alone when told so', async () => {
    let groups = 0;
    const watch: Misbehaviour = (answer, { method, path }) => {
      if (path.startsWith('/Groups') && method === 'POST') groups += 1;
      return answer;
    };
    await run(watch, { usersOnly: true });
    expect(groups).toBe(0);
  });

  it('should say that a requirement was not tried when no user can be made', async () => {
    const report = await run((answer, { method }) => (method === 'POST' ? { status: 500, headers: {} } : answer), {
      section: '3.6',
    });
    expect(report.counts.MUST).toMatchObject({ pass: 1, fail: 0, 'not tried': 7 });
    expect(isConformant(report)).toBe(false);
  });

  it('should delete what it made when it is interrupted, and what an answer did not tell', async () => {
    const controller = new AbortController();
    let posts = 0;
    const interrupting: Misbehaviour = (answer, { method }) => {
      if (method !== 'POST') return answer;
      posts += 1;
      if (posts === 20) controller.abort(new Error('enough'));
      return posts === 10 ? 'hang up' : answer;
    };
    await expect(run(interrupting, { signal: controller.signal })).rejects.toThrow('enough');
    expect(posts).toBe(20);
    expect(server.store.size).toBe(0);
  });

  it('should wait out a 429', async () => {
    let throttled = 0;
    const report = await run(
      (answer, { method }) => {
        if (method !== 'DELETE' || throttled > 0) return answer;
        throttled += 1;
        return { status: 429, headers: { 'retry-after': '0' } };
      },
      { section: '7644 3.3' },
    );
    expect(throttled).toBe(1);
    expect(notPassed(report)).toEqual([]);
  });

  it('should write a page that is the same for every run', async () => {
    const first = conformanceMarkdown(await run(undefined, { section: '3.5.2' }));
    await server.stop();
    const second = conformanceMarkdown(await run(undefined, { section: '3.5.2' }));
    expect(second).toBe(first);
    expect(first).toMatch(/^\| `patch\.atomic` +\| MUST +\| pass +\|/m);
  });

  it.each([
    ['nowhere', undefined, 'not an http(s) address'],
    [undefined, '99.9', 'no requirement is in section 99.9'],
  ])('should refuse the URL %s with the section %s', async (url, section, text) => {
    const options = { ...(url === undefined ? {} : { url }), ...(section === undefined ? {} : { section }) };
    await expect(run(undefined, options)).rejects.toThrow(text);
  });
});

function notPassed({ results }: ConformanceReport): readonly string[] {
  return results.filter(({ outcome }) => outcome === 'fail' || outcome === 'not tried').map(({ id }) => id);
}
