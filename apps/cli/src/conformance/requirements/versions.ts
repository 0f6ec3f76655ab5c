import { advertised, needs } from '../attribute-definitions.js';
import type { ConformanceClient } from '../conformance-client.js';
import {
  assume,
  bodyOf,
  ensure,
  expectErrorBody,
  expectMember,
  expectStatus,
  memberAt,
  show,
} from '../expectations.js';
import type { Exchange } from '../exchange.js';
import { both, inSection, must, should } from '../requirement.js';

interface Versioned {
  readonly path: string;
  readonly userName: unknown;
  readonly tag: string;
}

const stale = 'W/"no-such-version"';

/** RFC 7644 section 3.14: versions and conditional requests. */
export const versions = inSection('RFC 7644 3.14', advertised('etag'), [
  must('etag.get', 'sends an ETag with a GET of a resource', async (client) => {
    const { path } = await client.createUser();
    expectTag(await client.get(path));
  }),
  must('etag.post', 'sends an ETag with a POST', async (client) => {
    const { exchange } = await client.createUser();
    expectTag(exchange);
  }),
  must('etag.version', 'answers meta.version with the same value', async (client) => {
    const { path } = await client.createUser();
    const answer = await client.get(path);
    expectTag(answer);
    expectMember(answer, 'meta.version', answer.headers.etag);
  }),
  must(
    'etag.list',
    'answers meta.version in lists as well',
    async (client) => {
      const { body, id } = await client.createUser();
      const answer = await client.users({ filter: `userName eq "${String(body['userName'])}"` });
      const resources = bodyOf(answer)['Resources'] as readonly Record<string, unknown>[] | undefined;
      const found = resources?.find((resource) => resource['id'] === id) ?? {};
      expectMember(answer, 'meta.version', memberAt(body, 'meta.version'), found);
    },
    advertised('filter'),
  ),
  must('etag.changes', 'gives another ETag after a change', async (client) => {
    const { path, tag, userName } = await versioned(client);
    const answer = assume(await client.put(path, client.newUser({ userName })), 200);
    const after = await client.get(path);
    ensure(answer, after.headers.etag !== tag, 'the ETag did not change');
  }),
  should('etag.stays', 'keeps the ETag while nothing changes', async (client) => {
    const { path, tag } = await versioned(client);
    const again = await client.get(path);
    ensure(again, again.headers.etag === tag, `ETag is ${show(again.headers.etag)}, was ${show(tag)}`);
  }),
  must('etag.not-modified', 'answers 304 to If-None-Match with the ETag it gave', async (client) => {
    const { path, tag } = await versioned(client);
    const answer = await client.get(path, { 'If-None-Match': tag });
    expectStatus(answer, 304);
    ensure(answer, answer.text === '', '304 with a body');
  }),
  must('etag.modified', 'answers 200 to If-None-Match with another ETag', async (client) => {
    const { path } = await versioned(client);
    expectStatus(await client.get(path, { 'If-None-Match': stale }), 200);
  }),
  must('etag.put-stale', 'answers 412 to a PUT with an If-Match that is out of date', async (client) => {
    const { path, userName } = await versioned(client);
    const answer = await client.put(path, client.newUser({ userName, displayName: 'stale' }), { 'If-Match': stale });
    expectStatus(answer, 412);
    const after = await client.get(path);
    ensure(after, bodyOf(after)['displayName'] !== 'stale', 'the change was made all the same');
  }),
  must(
    'etag.patch-stale',
    'answers 412 to a PATCH with an If-Match that is out of date',
    async (client) => {
      const { path } = await versioned(client);
      const operation = { op: 'replace', path: 'displayName', value: 'stale' };
      expectStatus(await client.patch(path, [operation], { 'If-Match': stale }), 412);
      const after = await client.get(path);
      ensure(after, bodyOf(after)['displayName'] !== 'stale', 'the change was made all the same');
    },
    both(advertised('patch'), needs('displayName')),
  ),
  must('etag.delete-stale', 'answers 412 to a DELETE with an If-Match that is out of date', async (client) => {
    const { path } = await versioned(client);
    expectStatus(await client.delete(path, { 'If-Match': stale }), 412);
    expectStatus(await client.get(path), 200);
  }),
  must('etag.stale-body', 'says 412 in a SCIM error message', async (client) => {
    const { path } = await versioned(client);
    expectErrorBody(await client.delete(path, { 'If-Match': stale }));
  }),
  must('etag.put-current', 'accepts a PUT with the current ETag', async (client) => {
    const { path, tag, userName } = await versioned(client);
    expectStatus(await client.put(path, client.newUser({ userName }), { 'If-Match': tag }), 200);
  }),
  must('etag.delete-current', 'accepts a DELETE with the current ETag', async (client) => {
    const { path, tag } = await versioned(client);
    expectStatus(await client.delete(path, { 'If-Match': tag }), 204);
  }),
  must('etag.any', 'accepts If-Match: *', async (client) => {
    const { path, userName } = await versioned(client);
    expectStatus(await client.put(path, client.newUser({ userName }), { 'If-Match': '*' }), 200);
  }),
  must('etag.race', 'lets only one of two PUTs with one If-Match through', async (client) => {
    const { path, tag, userName } = await versioned(client);
    const put = (): Promise<Exchange> => client.put(path, client.newUser({ userName }), { 'If-Match': tag });
    const answers = await Promise.all([put(), put()]);
    const statuses = answers.map(({ status }) => status).sort();
    const [first] = answers;
    ensure(first, show(statuses) === '[200,412]', `the statuses are ${show(statuses)}, not [200,412]`);
  }),
]);

async function versioned(client: ConformanceClient): Promise<Versioned> {
  const { path, body } = await client.createUser();
  const read = assume(await client.get(path), 200);
  expectTag(read);
  return { path, userName: body['userName'], tag: String(read.headers.etag) };
}

function expectTag(answer: Exchange): void {
  const { etag } = answer.headers;
  ensure(answer, etag !== undefined && /^(W\/)?"[^"]*"$/.test(etag), `ETag is ${show(etag)}`);
}
