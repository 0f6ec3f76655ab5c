import { describe, expect, it } from '@jest/globals';
import { exchange } from '../../conformance/client/http-exchange.js';
import { adminSurface, anyEngine, unknownId } from './admin-surface.js';
import { expectProblem } from './expect-problem.js';

const tenant = `/tenants/${unknownId}`;
const noJson = 'The request cannot be read; the body must be valid JSON.';
const nothingHere = 'There is nothing at this path; /admin/docs lists what there is.';

describe('Admin REST, problems', () => {
  const surface = adminSurface(anyEngine());

  describe('of a field', () => {
    const create = (body: object) => ['POST', '/tenants', { name: 'A', profile: 'cleanmail', ...body }] as const;
    const issue = (body: object) => ['POST', `${tenant}/tokens`, body] as const;
    const rotate = (body: object) => ['POST', `${tenant}/tokens/${unknownId}/rotate`, body] as const;
    const change = (body: object) => ['PATCH', tenant, body] as const;
    const get = (path: string) => ['GET', path, undefined] as const;

    it.each([
      ['name', 'name must be a string', create({ name: 7 })],
      ['name', 'name should not be empty', create({ name: '' })],
      ['name', 'name should not be empty', create({ name: '   ' })],
      ['name', 'name must be shorter than or equal to 255 characters', create({ name: 'x'.repeat(256) })],
      ['name', 'name must be a string', create({ name: null })],
      [
        'profile',
        'profile must be one of the following values: cleanmail, alinto-protect, sendsafely',
        create({ profile: 'gmail' }),
      ],
      [
        'profile',
        'profile must be one of the following values: cleanmail, alinto-protect, sendsafely',
        create({ profile: ['cleanmail'] }),
      ],
      ['domains', 'domains must be an array', create({ domains: 'a.example' })],
      ['domains', 'each value in domains must be a string', create({ domains: ['a.example', 7] })],
      [
        'domains',
        'domains must contain no more than 1000 elements',
        create({ domains: Array(1001).fill('a.example') }),
      ],
      ['domains', 'domains must be an array', create({ domains: null })],
      ['name', 'name must be a string', change({ name: null })],
      ['status', 'status must be one of the following values: active, suspended', change({ status: null })],
      ['expiresAt', 'expiresAt must be a valid ISO 8601 date string', issue({ expiresAt: null })],
      ['description', 'description must be a string', issue({ description: null })],
      ['overlapSeconds', 'overlapSeconds must be an integer number', rotate({ overlapSeconds: null })],
      ['plan', 'plan is not a known field', create({ plan: 'gold' })],
      ['id', 'id is not a known field', create({ id: unknownId })],
      ['status', 'status must be one of the following values: active, suspended', change({ status: 'closed' })],
      ['name', 'name should not be empty', change({ name: '' })],
      ['profile', 'profile is not a known field', change({ profile: 'sendsafely' })],
      ['domains', 'domains is not a known field', change({ domains: [] })],
      ['description', 'description must be a string', issue({ description: {} })],
      [
        'description',
        'description must be shorter than or equal to 255 characters',
        issue({ description: 'x'.repeat(256) }),
      ],
      ['expiresAt', 'expiresAt must be a valid ISO 8601 date string', issue({ expiresAt: 'tomorrow' })],
      ['expiresAt', 'expiresAt must be a valid ISO 8601 date string', issue({ expiresAt: '2999-02-30T00:00:00Z' })],
      ['expiresAt', 'expiresAt must be a valid ISO 8601 date string', issue({ expiresAt: 32503680000000 })],
      ['serviceAccount', 'serviceAccount must be an email', issue({ serviceAccount: 'nobody' })],
      ['token', 'token is not a known field', issue({ token: 'cm_mine' })],
      ['overlapSeconds', 'overlapSeconds must not be less than 0', rotate({ overlapSeconds: -1 })],
      ['overlapSeconds', 'overlapSeconds must not be greater than 2592000', rotate({ overlapSeconds: 2_592_001 })],
      ['overlapSeconds', 'overlapSeconds must be an integer number', rotate({ overlapSeconds: 1.5 })],
      ['overlapSeconds', 'overlapSeconds must be an integer number', rotate({ overlapSeconds: '60' })],
      ['limit', 'limit must not be less than 1', get('/tenants?limit=0')],
      ['limit', 'limit must not be greater than 1000', get('/tenants?limit=1001')],
      ['limit', 'limit must be an integer number', get('/tenants?limit=ten')],
      ['limit', 'limit must be an integer number', get('/tenants?limit=1&limit=2')],
      ['page', 'page is not a known field', get('/tenants?page=2')],
      ['cursor', 'cursor must be shorter than or equal to 100 characters', get(`/tenants?cursor=${'x'.repeat(101)}`)],
      [
        'status',
        'status must be one of the following values: pending, active, suspended, deleted, purged',
        get(`${tenant}/mailboxes?status=lost`),
      ],
      [
        'address',
        'address must be shorter than or equal to 600 characters',
        get(`${tenant}/mailboxes?address=${'x'.repeat(601)}`),
      ],
      ['address', 'address must be a string', get(`${tenant}/mailboxes?address=a&address=b`)],
      [
        'outcome',
        'outcome must be one of the following values: success, failure',
        get(`${tenant}/provisioning-log?outcome=maybe`),
      ],
      ['since', 'since must be a valid ISO 8601 date string', get(`${tenant}/provisioning-log?since=yesterday`)],
      [
        'user',
        'user must be shorter than or equal to 600 characters',
        get(`${tenant}/provisioning-log?user=${'x'.repeat(601)}`),
      ],
    ] as const)('should name %s: %s', async (field, message, [method, path, body]) => {
      const answer = await surface.call(method, path, body);
      const errors = (answer.body as { readonly errors?: readonly { field: string; messages: readonly string[] }[] })
        .errors;
      expect(errors?.find((error) => error.field === field)?.messages).toContain(message);
      expectProblem(answer, 400, 'invalid_request', new RegExp(`(^|; )${field}: `), errors ?? []);
    });

    it('should name every wrong field at once', async () => {
      const answer = await surface.call('POST', '/tenants', { name: 1, profile: 'x', colour: 'red' });
      const { errors } = answer.body as { readonly errors: readonly { readonly field: string }[] };
      expect(errors.map(({ field }) => field).sort()).toEqual(['colour', 'name', 'profile']);
    });

    it('should create nothing from a refused body', async () => {
      await surface.call('POST', '/tenants', { name: 'Refused', profile: 'cleanmail', plan: 'gold' });
      expect((await surface.call('GET', '/tenants')).text).not.toContain('Refused');
    });
  });

  it.each(['x', 'AAAA', '%00', '..%2F'])('should refuse the cursor %s', async (cursor) => {
    const answer = await surface.call('GET', `/tenants?cursor=${cursor}`);
    expectProblem(answer, 400, 'invalid_cursor', 'cursor: use the nextCursor of the page before, or leave it out.');
  });

  describe('of a body', () => {
    it.each([
      ['no JSON', 'name=Contoso'],
      ['cut off', '{"name": "Contoso"'],
      ['empty', ''],
      ['with a prototype key', '{"name": "Contoso", "profile": "cleanmail", "__proto__": {"admin": true}}'],
      ['with a constructor prototype', '{"name": "C", "profile": "cleanmail", "constructor": {"prototype": {"a": 1}}}'],
    ])('should refuse JSON that is %s', async (_what, body) => {
      const answer = await surface.call('POST', '/tenants', body);
      expectProblem(answer, 400, 'bad_request', noJson);
    });

    it.each([
      ['an array', '[]'],
      ['a text', '"Contoso"'],
      ['a number', '7'],
    ])('should refuse %s', async (_what, body) => {
      for (const [method, path] of [
        ['POST', '/tenants'],
        ['PATCH', tenant],
        ['POST', `${tenant}/tokens`],
        ['POST', `${tenant}/tokens/${unknownId}/rotate`],
      ] as const) {
        const answer = await surface.call(method, path, body);
        expect([method, path, answer.status]).toEqual([method, path, 400]);
        expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      }
    });

    it('should refuse more than 1 MiB and keep the service healthy', async () => {
      const answer = await surface.call('POST', '/tenants', JSON.stringify({ name: 'x'.repeat(1024 * 1024) }));
      expectProblem(answer, 413, 'too_large', 'The request body is larger than 1 MiB.');
      expect((await surface.call('GET', '/tenants')).status).toBe(200);
    });

    it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
      'should refuse %s',
      async (type) => {
        const body = '{"name":"Contoso","profile":"cleanmail"}';
        const answer = await surface.call('POST', '/tenants', body, { 'Content-Type': type });
        expectProblem(answer, 415, 'unsupported_media_type', 'The request body must be application/json.');
      },
    );
  });

  describe('of a route', () => {
    it.each([
      ['GET', '/nothing'],
      ['PUT', '/tenants'],
      ['GET', '/tenants/a/b/c'],
      ['POST', '/tenants/a'],
      ['GET', '/../../etc/passwd'],
    ])('should answer 404 to %s %s', async (method, path) => {
      expectProblem(await surface.call(method, path), 404, 'not_found', nothingHere);
    });

    it.each(['/', '/admin', '/admin/v1', '/admin/v2/tenants', '/favicon.ico', '/api/v3/scim2/Users'])(
      'should answer 404 to GET %s without a key',
      async (path) => {
        expectProblem(await surface.plain('GET', path), 404, 'not_found', nothingHere);
      },
    );

    it('should refuse a malformed escape', async () => {
      const answer = await surface.plain('GET', '/admin/v1/tenants/%ZZ');
      expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
      expect(answer.body).toMatchObject({ status: 400, code: 'bad_request' });
    });
  });

  describe('of the admin key', () => {
    const key = () => surface.service().adminKey;
    it.each([
      ['no key', () => ({})],
      ['a wrong key', () => ({ Authorization: 'Bearer wrong' })],
      ['an empty key', () => ({ Authorization: 'Bearer ' })],
      ['the key and more', () => ({ Authorization: `Bearer ${key()}x` })],
      ['a part of the key', () => ({ Authorization: `Bearer ${key().slice(0, -1)}` })],
      ['the key without a scheme', () => ({ Authorization: key() })],
      ['another scheme', () => ({ Authorization: `Basic ${Buffer.from(`admin:${key()}`).toString('base64')}` })],
      ['the key in another header', () => ({ 'X-Api-Key': key() })],
    ] as const)('should answer 401 to %s', async (_what, headers) => {
      for (const path of [
        '/admin/v1/tenants',
        `/admin/v1${tenant}/tokens`,
        `/admin/v1/tenants?access_token=${key()}`,
      ]) {
        const answer = await surface.plain('GET', path, headers());
        expectProblem(answer, 401, 'invalid_admin_key', /^Send the admin key as "Authorization: Bearer <admin key>"/);
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="admin"');
      }
    });

    it('should take the scheme in any case', async () => {
      const answer = await surface.plain('GET', '/admin/v1/tenants', { Authorization: `bearer ${key()}` });
      expect(answer.status).toBe(200);
    });

    it('should not take a secret token for it, nor the admin key for a secret token', async () => {
      const { id } = (await surface.call('POST', '/tenants', { name: 'Keys', profile: 'cleanmail' })).body as {
        id: string;
      };
      const { token } = (await surface.call('POST', `/tenants/${id}/tokens`)).body as { token: string };
      const withToken = await surface.plain('GET', '/admin/v1/tenants', { Authorization: `Bearer ${token}` });
      const withKey = await exchange({
        method: 'GET',
        origin: surface.service().scimUrl,
        path: '/api/v3/scim2/Users',
        headers: { Authorization: `Bearer ${key()}` },
      });
      expect([withToken.status, withKey.status]).toEqual([401, 401]);
    });

    it('should look at the key before the body', async () => {
      const answer = await surface.call('POST', '/tenants', { nonsense: true }, { Authorization: 'Bearer wrong' });
      expect(answer.status).toBe(401);
    });
  });
});
