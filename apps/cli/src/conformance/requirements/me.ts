import { bodyOf, ensure, expectStatus, memberAt, show } from '../expectations.js';
import { always, inSection, may, must, should } from '../requirement.js';
import { NotApplicable } from '../violation.js';

/** RFC 7644 section 3.11: the alias of the authenticated subject. */
export const me = inSection('RFC 7644 3.11', always, [
  may('me.offered', 'answers GET /Me with the subject’s resource or a redirection to it', async (client) => {
    expectStatus(await client.get('/Me'), 200, 308);
  }),
  should('me.not-implemented', 'answers 501 to /Me when it does not offer it', async (client) => {
    const answer = await client.get('/Me');
    if (answer.status === 200 || answer.status === 308) throw new NotApplicable('/Me is offered');
    expectStatus(answer, 501);
  }),
  must('me.location', 'names the permanent URI of the resource as Location', async (client) => {
    const answer = await client.get('/Me');
    if (answer.status !== 200 && answer.status !== 308) throw new NotApplicable('/Me is not offered');
    const { location } = answer.headers;
    ensure(answer, location !== undefined && !location.endsWith('/Me'), `Location is ${show(location)}`);
    if (answer.status === 200) ensure(answer, memberAt(bodyOf(answer), 'id') !== undefined, 'id is absent');
  }),
]);
