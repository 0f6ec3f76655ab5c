import { needs } from '../attribute-definitions.js';
import {
  assume,
  bodyOf,
  ensure,
  expectBadRequest,
  expectMember,
  expectScimType,
  expectStatus,
  memberAt,
  show,
} from '../expectations.js';
import { always, inSection, must, should } from '../requirement.js';

/** RFC 7644 section 3.3: creating by POST. */
export const create = inSection('RFC 7644 3.3', always, [
  must('post.created', 'answers 201 to a POST that created a resource', async (client) => {
    expectStatus(await client.post(client.config.users.endpoint, client.newUser()), 201);
  }),
  must('post.location', 'sends the URI of the new resource as Location', async (client) => {
    const { exchange, id } = await client.createUser();
    const { location } = exchange.headers;
    ensure(exchange, location !== undefined, 'the header Location is absent');
    ensure(exchange, location?.endsWith(`/${encodeURIComponent(id)}`) === true, `Location is ${show(location)}`);
  }),
  must('post.location-equal', 'sends as Location what meta.location says', async (client) => {
    const { exchange } = await client.createUser();
    expectMember(exchange, 'meta.location', exchange.headers.location);
  }),
  should(
    'post.representation',
    'answers the new resource with what was sent',
    async (client) => {
      const sent = client.newUser();
      const answer = assume(await client.post(client.config.users.endpoint, sent), 201);
      expectMember(answer, 'userName', sent['userName']);
      for (const name of ['displayName', 'name.familyName']) expectMember(answer, name, memberAt(sent, name));
    },
    needs('displayName', 'name.familyName'),
  ),
  must(
    'post.minimal',
    'creates a user from schemas and userName alone',
    async (client) => {
      const { schemas, userName } = client.newUser();
      expectStatus(await client.post(client.config.users.endpoint, { schemas, userName }), 201);
    },
    ({ schemas, users }) => {
      const text = JSON.stringify(schemas.get(users.schema.toLowerCase())?.['attributes'] ?? []);
      const required = (JSON.parse(text) as { name: string; required?: boolean }[]).filter(
        (one) => one.required === true,
      );
      const other = required.find(({ name }) => name.toLowerCase() !== 'username');
      return other === undefined || `${other.name} is required as well`;
    },
  ),
  must('post.conflict', 'answers 409 and scimType uniqueness to a userName that is taken', async (client) => {
    const { body } = await client.createUser();
    const duplicate = client.newUser({ userName: body['userName'] });
    const answer = await client.post(client.config.users.endpoint, duplicate);
    expectStatus(answer, 409);
    expectScimType(answer, 'uniqueness');
  }),
  must('post.read-only', 'ignores read-only attributes and creates the resource', async (client) => {
    const body = client.newUser({ id: 'mine', groups: [{ value: 'mine' }], meta: { version: 'W/"mine"' } });
    const answer = await client.post(client.config.users.endpoint, body);
    expectStatus(answer, 201);
    ensure(answer, bodyOf(answer)['id'] !== 'mine', 'id is the one that the client sent');
  }),
  must('post.malformed', 'answers 400 and invalidSyntax to a body that is no JSON', async (client) => {
    expectBadRequest(await client.post(client.config.users.endpoint, '{"userName":'), 'invalidSyntax');
  }),
  must('post.not-an-object', 'answers 400 to a body that is an array', async (client) => {
    expectStatus(await client.post(client.config.users.endpoint, [client.newUser()]), 400);
  }),
  must('post.wrong-type', 'answers 400 to a value of the wrong type', async (client) => {
    const body = client.newUser({ userName: { nested: 'object' } });
    expectBadRequest(await client.post(client.config.users.endpoint, body), 'invalidValue', 'invalidSyntax');
  }),
  should('post.not-to-id', 'does not create at a URI that the client chose', async (client) => {
    const path = `${client.config.users.endpoint}/${client.samples.nextName()}`;
    const answer = await client.post(path, client.newUser());
    ensure(answer, [404, 405, 501].includes(answer.status), `status is ${answer.status}`);
  }),
]);
