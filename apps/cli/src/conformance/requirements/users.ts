import { needs, needsEnterprise } from '../attribute-definitions.js';
import {
  assume,
  bodyOf,
  ensure,
  expectMember,
  expectScimType,
  expectStatus,
  expectUnassigned,
  memberAt,
  show,
  valuesOf,
} from '../expectations.js';
import { always, inSection, must, should } from '../requirement.js';
import { enterpriseSchema, userSchema } from '../urns.js';

/** RFC 7643 sections 4.1 and 4.3: what is particular to users. */
export const users = [
  ...inSection('RFC 7643 4.1', always, [
    must('users.user-name-required', 'refuses a user without userName with 400', async (client) => {
      expectStatus(await client.post(client.config.users.endpoint, client.newUser({ userName: undefined })), 400);
    }),
    must('users.user-name-empty', 'refuses an empty userName with 400', async (client) => {
      expectStatus(await client.post(client.config.users.endpoint, client.newUser({ userName: '' })), 400);
    }),
    must('users.user-name-folds-case', 'takes a userName in other case for the same', async (client) => {
      const { body } = await client.createUser();
      const userName = String(body['userName']).toUpperCase();
      const answer = await client.post(client.config.users.endpoint, client.newUser({ userName }));
      expectStatus(answer, 409);
      expectScimType(answer, 'uniqueness');
    }),
    should('users.user-name-kept', 'answers a userName in the case in which it was sent', async (client) => {
      const userName = `${client.samples.nextName()}.CamelCase@example.com`;
      const { path } = await client.createUser({ userName });
      expectMember(await client.get(path), 'userName', userName);
    }),
    must(
      'users.name',
      'keeps the parts of a name',
      async (client) => {
        const { path } = await client.createUser({ name: { givenName: 'Grace', familyName: 'Hopper' } });
        const answer = await client.get(path);
        expectMember(answer, 'name.givenName', 'Grace');
        expectMember(answer, 'name.familyName', 'Hopper');
      },
      needs('name.givenName', 'name.familyName'),
    ),
    must(
      'users.emails',
      'keeps every value of a multi-valued attribute',
      async (client) => {
        const name = client.samples.nextName();
        const emails = ['work', 'home'].map((type) => ({ value: `${type}.${name}@example.com`, type }));
        const { path } = await client.createUser({ emails });
        const answer = await client.get(path);
        const found = valuesOf(bodyOf(answer), 'emails');
        const wanted = emails.map(({ value }) => value).sort();
        ensure(answer, show(found) === show(wanted), `emails has the values ${show(found)}`);
      },
      needs('emails.type'),
    ),
    must('users.groups-read-only', 'ignores groups that the client sends', async (client) => {
      const groups = [{ value: client.samples.nextName() }];
      const answer = await client.post(client.config.users.endpoint, client.newUser({ groups }));
      expectStatus(answer, 201);
      expectUnassigned(answer, 'groups');
    }),
    must(
      'users.password',
      'never answers a password',
      async (client) => {
        const password = `Pw-${client.samples.nextName()}!`;
        const answer = await client.post(client.config.users.endpoint, client.newUser({ password }));
        ensure(assume(answer, 201), !answer.text.includes(password), 'the body holds the password');
        const path = `${client.config.users.endpoint}/${String(memberAt(bodyOf(answer), 'id'))}`;
        const asked = await client.get(`${path}?attributes=password`);
        ensure(asked, memberAt(bodyOf(asked), 'password') === undefined, 'password is answered when it is asked for');
      },
      needs('password'),
    ),
  ]),
  ...inSection('RFC 7643 4.3', needsEnterprise, [
    must('enterprise.kept', 'keeps the attributes of the enterprise extension under its URN', async (client) => {
      const extension = { employeeNumber: '701984', department: 'Tour Operations' };
      const { path } = await client.createUser({
        schemas: [userSchema, enterpriseSchema],
        [enterpriseSchema]: extension,
      });
      const answer = await client.get(path);
      for (const [name, value] of Object.entries(extension)) {
        const holder = bodyOf(answer)[enterpriseSchema];
        expectMember(answer, name, value, (holder ?? {}) as Record<string, unknown>);
      }
    }),
    must(
      'enterprise.manager',
      'keeps a manager as complex value with the manager’s id',
      async (client) => {
        const manager = await client.createUser();
        const extension = { manager: { value: manager.id } };
        const { path } = await client.createUser({
          schemas: [userSchema, enterpriseSchema],
          [enterpriseSchema]: extension,
        });
        const answer = await client.get(path);
        expectMember(
          answer,
          'manager.value',
          manager.id,
          (bodyOf(answer)[enterpriseSchema] ?? {}) as Record<string, unknown>,
        );
      },
      (config) => {
        const schema = config.schemas.get(enterpriseSchema.toLowerCase());
        return schema === undefined || JSON.stringify(schema).includes('"manager"') || 'the schema has no manager';
      },
    ),
  ]),
];
