import { assume, ensure, expectErrorBody, expectFound, expectStatus } from '../expectations.js';
import { always, inSection, must, should } from '../requirement.js';

/** RFC 7644 section 3.6: deleting. */
export const remove = inSection('RFC 7644 3.6', always, [
  must('delete.no-content', 'answers 204 without a body', async (client) => {
    const { path } = await client.createUser();
    const answer = await client.delete(path);
    expectStatus(answer, 204);
    ensure(answer, answer.text === '', 'the answer has a body');
  }),
  must('delete.gone', 'answers 404 to a GET of a deleted resource', async (client) => {
    const { path } = await client.createUser();
    assume(await client.delete(path), 204);
    const answer = await client.get(path);
    expectStatus(answer, 404);
    expectErrorBody(answer);
  }),
  must(
    'delete.not-listed',
    'leaves a deleted resource out of every query',
    async (client) => {
      const created = await client.createUser();
      assume(await client.delete(created.path), 204);
      const answer = await client.users({ filter: `userName eq "${String(created.body['userName'])}"` });
      expectFound(answer, [], [created]);
    },
    ({ filter }) => filter || 'filter is not advertised',
  ),
  must('delete.twice', 'answers 404 to a second DELETE', async (client) => {
    const { path } = await client.createUser();
    assume(await client.delete(path), 204);
    expectStatus(await client.delete(path), 404);
  }),
  must('delete.no-put', 'answers 404 to a PUT on a deleted resource', async (client) => {
    const { path } = await client.createUser();
    assume(await client.delete(path), 204);
    expectStatus(await client.put(path, client.newUser()), 404);
  }),
  must(
    'delete.no-patch',
    'answers 404 to a PATCH on a deleted resource',
    async (client) => {
      const { path } = await client.createUser();
      assume(await client.delete(path), 204);
      expectStatus(await client.patch(path, [{ op: 'replace', path: 'displayName', value: 'late' }]), 404);
    },
    ({ patch }) => patch || 'patch is not advertised',
  ),
  must('delete.unknown', 'answers 404 to a DELETE of an id that it never gave', async (client) => {
    expectStatus(await client.delete(`${client.config.users.endpoint}/${client.samples.nextName()}`), 404);
  }),
  should('delete.name-is-free', 'lets a new resource have the userName of a deleted one', async (client) => {
    const { path, body } = await client.createUser();
    assume(await client.delete(path), 204);
    const again = client.newUser({ userName: body['userName'] });
    expectStatus(await client.post(client.config.users.endpoint, again), 201);
  }),
]);
