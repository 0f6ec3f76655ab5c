import { assume, ensure, expectStatus, show } from '../expectations.js';
import { always, inSection, must } from '../requirement.js';
import { NotApplicable } from '../violation.js';

/** RFC 9110: what every server of HTTP does, whatever it serves. */
export const httpMethods = [
  ...inSection('RFC 9110 9.3.2', always, [
    must('http.head', 'answers HEAD as GET without a body', async (client) => {
      const { path } = await client.createUser();
      const answer = await client.send('HEAD', path);
      expectStatus(answer, 200);
      ensure(answer, answer.text === '', 'the answer to HEAD has a body');
    }),
    must('http.head-unknown', 'answers HEAD of an unknown id with 404', async (client) => {
      expectStatus(await client.send('HEAD', `${client.config.users.endpoint}/${client.samples.nextName()}`), 404);
    }),
    must('http.head-headers', 'sends with HEAD the media type and ETag of GET', async (client) => {
      const { path } = await client.createUser();
      const get = assume(await client.get(path), 200);
      const head = assume(await client.send('HEAD', path), 200);
      for (const name of ['content-type', 'etag'] as const) {
        ensure(head, head.headers[name] === get.headers[name], `${name} is ${show(head.headers[name])}`);
      }
    }),
  ]),
  ...inSection('RFC 9110 15.5.6', always, [
    must('http.allow', 'sends Allow with a 405', async (client) => {
      const answer = await client.delete(client.config.users.endpoint);
      if (answer.status !== 405) throw new NotApplicable(`the answer is ${answer.status}, not 405`);
      ensure(answer, answer.headers.allow !== undefined, 'the header Allow is absent');
    }),
    must('http.no-delete-all', 'does not delete all users on DELETE /Users', async (client) => {
      const { path } = await client.createUser();
      const answer = await client.delete(client.config.users.endpoint);
      ensure(answer, answer.status >= 400, `status is ${answer.status}`);
      expectStatus(await client.get(path), 200);
    }),
  ]),
];
