import { describe, expect, it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { adminSurface, anyEngine, unknownId } from './admin-surface.js';

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const requestCount = 'cleanmail_http_request_duration_seconds_count';

describe('Metrics', () => {
  const surface = adminSurface(anyEngine());
  const read = async () => {
    const answer = await surface.plain('GET', '/metrics');
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    return answer.text;
  };
  const count = (samples: readonly Sample[], wanted: Readonly<Record<string, string>>) =>
    samples
      .filter(
        ({ name, labels }) =>
          name === requestCount && Object.entries(wanted).every(([key, value]) => labels[key] === value),
      )
      .reduce((sum, { value }) => sum + value, 0);

  it('should be text that Prometheus reads: every sample with its type, nothing twice', async () => {
    await surface.call('GET', '/tenants');
    const text = await read();
    const samples = parseMetrics(text);
    expect(text.endsWith('\n')).toBe(true);
    expect(samples.map(({ name }) => name)).toEqual(
      expect.arrayContaining([requestCount, 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds']),
    );
    const keys = samples.map(({ name, labels }) => `${name}${JSON.stringify(labels)}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('should count requests by surface, method, route template and status', async () => {
    const client = await TenantClient.open(surface.service(), 'cleanmail');
    const before = parseMetrics(await read());
    const ids: string[] = [];
    for (let number = 1; number <= 3; number += 1) {
      ids.push((await client.createUser({ userName: `u${number}@metrics.example` })).id);
    }
    for (const id of ids) await client.readUser(id);
    await client.send('GET', `/Users/${unknownId}`);
    await client.send('GET', `//Users/${ids[0]}/`);
    await client.send('GET', '/Users/a/b/c');
    await surface.call('GET', `/tenants/${client.tenant.id}`);
    await surface.call('GET', '/nothing/here');
    const after = parseMetrics(await read());

    const counted = (labels: Readonly<Record<string, string>>) => count(after, labels) - count(before, labels);
    const users = '/api/v3/scim2/Users';
    expect({
      created: counted({ surface: 'scim', method: 'POST', route: users, status: '201' }),
      read: counted({ surface: 'scim', method: 'GET', route: `${users}/:id`, status: '200' }),
      missing: counted({ surface: 'scim', method: 'GET', route: `${users}/:id`, status: '404' }),
      unknownScim: counted({ surface: 'scim', route: 'unknown' }),
      tenant: counted({ surface: 'admin', method: 'GET', route: '/admin/v1/tenants/:tenantId', status: '200' }),
      unknownAdmin: counted({ surface: 'admin', route: 'unknown', status: '404' }),
    }).toEqual({ created: 3, read: 4, missing: 1, unknownScim: 1, tenant: 1, unknownAdmin: 1 });
  });

  it('should name no tenant, no token, no key, no address and no id', async () => {
    const client = await TenantClient.open(surface.service(), 'cleanmail', ['quiet.example']);
    const user = await client.createUser({ userName: 'shy.person@quiet.example', externalId: 'ext-77' });
    await client.find('userName eq "shy.person@quiet.example"');
    await client.readUser(user.id);
    await client.withToken('cm_wrong').send('GET', '/Users/shy.person@quiet.example');
    await surface.call('GET', `/tenants/${client.tenant.id}/mailboxes?address=shy.person@quiet.example`);

    const text = await read();
    for (const secret of [
      client.tenant.id,
      client.tenant.name,
      client.token,
      client.token.slice(3, 19),
      user.id,
      surface.service().adminKey,
      'quiet.example',
      'shy.person',
      'ext-77',
      'cm_',
    ]) {
      expect(text).not.toContain(secret);
    }
    for (const { labels } of parseMetrics(text)) {
      expect(Object.values(labels).filter((value) => value.includes('@'))).toEqual([]);
    }
  });
});

/** Reads Prometheus's text format 0.0.4; throws at what is none of it. */
function parseMetrics(text: string): readonly Sample[] {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const type = /^# TYPE ([a-zA-Z_:][\w:]*) (counter|gauge|histogram|summary|untyped)$/.exec(line);
    if (type !== null) types.set(type[1] ?? '', type[2] ?? '');
    else if (!/^# HELP [a-zA-Z_:][\w:]* \S/.test(line)) samples.push(parseSample(line, types));
  }
  return samples;
}

function parseSample(line: string, types: ReadonlyMap<string, string>): Sample {
  const [, name, labelText = '', number] =
    /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? ([Nn]a[Nn]|[+-]Inf|[-+0-9.eE]+)$/.exec(
      line,
    ) ?? [];
  if (name === undefined) throw new Error(`not a line of metrics: ${line}`);
  if (!types.has(name) && !types.has(name.replace(/_(bucket|sum|count)$/, ''))) throw new Error(`${name} has no type`);
  const labels = [...labelText.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\\n]|\\.)*)"/g)].map(([, key, value]) => [key, value]);
  return { name, labels: Object.fromEntries(labels) as Record<string, string>, value: Number(number) };
}
