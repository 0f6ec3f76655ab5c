import { bodyOf, ensure, expectStatus, show } from '../expectations.js';
import type { Exchange } from '../exchange.js';
import { always, inSection, must, should } from '../requirement.js';

/** RFC 7644 section 3.8: what is said in which media type. */
export const mediaTypes = inSection('RFC 7644 3.8', always, [
  must('media.default', 'answers application/scim+json when the request has no Accept', async (client) => {
    expectScimJson(await client.get('/ServiceProviderConfig', { Accept: undefined }));
  }),
  must('media.accept-scim', 'answers Accept: application/scim+json in that media type', async (client) => {
    expectScimJson(await client.users({ count: 1 }));
  }),
  should('media.accept-json', 'answers Accept: application/json with JSON', async (client) => {
    const answer = await client.users({ count: 1 }, { Accept: 'application/json' });
    expectStatus(answer, 200);
    ensure(answer, /^application\/(scim\+)?json\b/i.test(contentType(answer)), wrongType(answer));
    bodyOf(answer);
  }),
  must('media.write', 'answers a POST in application/scim+json', async (client) => {
    const { exchange } = await client.createUser();
    expectScimJson(exchange);
  }),
  must('media.error', 'answers an error in application/scim+json', async (client) => {
    expectScimJson(await client.get(`${client.config.users.endpoint}/${client.samples.nextName()}`));
  }),
  must('media.charset-parameter', 'accepts application/scim+json with a charset parameter', async (client) => {
    const headers = { 'Content-Type': 'application/scim+json; charset=utf-8' };
    expectStatus(await client.post(client.config.users.endpoint, client.newUser(), headers), 201);
  }),
  should('media.request-json', 'accepts a request body in application/json', async (client) => {
    const headers = { 'Content-Type': 'application/json' };
    expectStatus(await client.post(client.config.users.endpoint, client.newUser(), headers), 201);
  }),
  should('media.unsupported', 'refuses a body in another media type with 415', async (client) => {
    const body = JSON.stringify(client.newUser());
    expectStatus(await client.post(client.config.users.endpoint, body, { 'Content-Type': 'text/plain' }), 415);
  }),
  must('media.utf8', 'reads and writes UTF-8 without loss', async (client) => {
    const displayName = `Zoë Ångström 山田 😀 ${client.samples.nextName()}`;
    const created = await client.createUser({ displayName });
    const answer = await client.get(created.path);
    ensure(
      answer,
      bodyOf(answer)['displayName'] === displayName,
      `displayName is ${show(answer.body?.['displayName'])}`,
    );
  }),
]);

function expectScimJson(exchange: Exchange): void {
  ensure(exchange, /^application\/scim\+json\b/i.test(contentType(exchange)), wrongType(exchange));
}

function contentType({ headers }: Exchange): string {
  return headers['content-type'] ?? '';
}

function wrongType(exchange: Exchange): string {
  return `Content-Type is ${show(contentType(exchange))}`;
}
