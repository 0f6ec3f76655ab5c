import { objectsAt } from '../../simulate/json.js';
import { advertised, needs } from '../attribute-definitions.js';
import {
  bodyOf,
  ensure,
  expectBadRequest,
  expectMember,
  expectStatus,
  expectUnassigned,
  memberAt,
  show,
  valuesOf,
} from '../expectations.js';
import { inSection, must } from '../requirement.js';
import { patchUser, refuse } from './patch-steps.js';

/** RFC 7644 section 3.5.2.1: add. */
export const patchAdd = inSection('RFC 7644 3.5.2.1', advertised('patch'), [
  must(
    'patch.add',
    'adds an attribute that was unassigned',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'add', path: 'nickName', value: 'Ada' }]);
      expectMember(answer, 'nickName', 'Ada');
    },
    needs('nickName'),
  ),
  must(
    'patch.add-replaces',
    'replaces the value of a single-valued attribute',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'add', path: 'displayName', value: 'New' }]);
      expectMember(answer, 'displayName', 'New');
    },
    needs('displayName'),
  ),
  must(
    'patch.add-without-path',
    'adds the attributes of the value when there is no path',
    async (client) => {
      const { answer, created } = await patchUser(client, [
        { op: 'add', value: { displayName: 'New', nickName: 'Ada' } },
      ]);
      expectMember(answer, 'displayName', 'New');
      expectMember(answer, 'nickName', 'Ada');
      expectMember(answer, 'userName', created.body['userName']);
    },
    needs('displayName', 'nickName'),
  ),
  must(
    'patch.add-value',
    'appends to a multi-valued attribute',
    async (client) => {
      const value = [{ value: `${client.samples.nextName()}@new.example`, type: 'other' }];
      const { answer, created } = await patchUser(client, [{ op: 'add', path: 'emails', value }]);
      const wanted = [...valuesOf(created.body, 'emails'), String(value[0]?.value)].sort();
      const found = valuesOf(bodyOf(answer), 'emails');
      ensure(answer, show(found) === show(wanted), `emails has the values ${show(found)}`);
    },
    needs('emails'),
  ),
  must(
    'patch.add-sub-attributes',
    'merges a complex value and keeps its other sub-attributes',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'add', path: 'name', value: { middleName: 'King' } }]);
      expectMember(answer, 'name.middleName', 'King');
      expectMember(answer, 'name.givenName', 'Ada');
    },
    needs('name.middleName', 'name.givenName'),
  ),
  must(
    'patch.add-same',
    'does not move meta.lastModified when the value is there already',
    async (client) => {
      const created = await client.createUser();
      const before = await client.get(created.path);
      const value = created.body['displayName'];
      expectStatus(await client.patch(created.path, [{ op: 'add', path: 'displayName', value }]), 200, 204);
      const answer = await client.get(created.path);
      expectMember(answer, 'meta.lastModified', memberAt(bodyOf(before), 'meta.lastModified'));
    },
    needs('displayName'),
  ),
  must(
    'patch.add-same-value',
    'does not add a value twice to a multi-valued attribute',
    async (client) => {
      const created = await client.createUser();
      const value = created.body['emails'];
      expectStatus(await client.patch(created.path, [{ op: 'add', path: 'emails', value }]), 200, 204);
      const answer = await client.get(created.path);
      const found = valuesOf(bodyOf(answer), 'emails');
      ensure(answer, show(found) === show(valuesOf(created.body, 'emails')), `emails has the values ${show(found)}`);
    },
    needs('emails'),
  ),
  must('patch.add-without-value', 'answers 400 to an add without value', async (client) => {
    expectBadRequest(await refuse(client, [{ op: 'add', path: 'displayName' }]), 'invalidValue', 'invalidSyntax');
  }),
]);

/** RFC 7644 section 3.5.2.2: remove. */
export const patchRemove = inSection('RFC 7644 3.5.2.2', advertised('patch'), [
  must(
    'patch.remove',
    'removes a single-valued attribute',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'remove', path: 'nickName' }], { nickName: 'Ada' });
      expectUnassigned(answer, 'nickName');
    },
    needs('nickName'),
  ),
  must(
    'patch.remove-all',
    'removes every value of a multi-valued attribute',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'remove', path: 'emails' }]);
      expectUnassigned(answer, 'emails');
    },
    needs('emails'),
  ),
  must(
    'patch.remove-matching',
    'removes the values that a filter matches and no others',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'remove', path: 'emails[type eq "home"]' }]);
      const types = objectsAt(bodyOf(answer), 'emails').map(({ type }) => type);
      ensure(answer, show(types) === show(['work']), `emails has the types ${show(types)}`);
    },
    needs('emails.type'),
  ),
  must(
    'patch.remove-sub-attribute',
    'removes one sub-attribute',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'remove', path: 'name.givenName' }]);
      expectUnassigned(answer, 'name.givenName');
      ensure(answer, memberAt(bodyOf(answer), 'name.familyName') !== undefined, 'name.familyName is gone as well');
    },
    needs('name.givenName', 'name.familyName'),
  ),
  must('patch.remove-without-path', 'answers 400 and noTarget to a remove without path', async (client) => {
    expectBadRequest(await refuse(client, [{ op: 'remove' }]), 'noTarget');
  }),
  must('patch.remove-required', 'refuses to remove a required attribute', async (client) => {
    const answer = await refuse(client, [{ op: 'remove', path: 'userName' }]);
    expectBadRequest(answer, 'mutability', 'invalidValue');
  }),
  must(
    'patch.remove-read-only',
    'answers 400 and mutability to the removal of a read-only attribute',
    async (client) => {
      expectBadRequest(await refuse(client, [{ op: 'remove', path: 'id' }]), 'mutability');
    },
  ),
]);

/** RFC 7644 section 3.5.2.3: replace. */
export const patchReplace = inSection('RFC 7644 3.5.2.3', advertised('patch'), [
  must(
    'patch.replace',
    'replaces a single value',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'replace', path: 'displayName', value: 'New' }]);
      expectMember(answer, 'displayName', 'New');
    },
    needs('displayName'),
  ),
  must(
    'patch.replace-absent',
    'adds the attribute when it was unassigned',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'replace', path: 'nickName', value: 'Ada' }]);
      expectMember(answer, 'nickName', 'Ada');
    },
    needs('nickName'),
  ),
  must(
    'patch.replace-without-path',
    'replaces the attributes of the value when there is no path',
    async (client) => {
      const { answer, created } = await patchUser(client, [{ op: 'replace', value: { displayName: 'New' } }]);
      expectMember(answer, 'displayName', 'New');
      expectMember(answer, 'userName', created.body['userName']);
    },
    needs('displayName'),
  ),
  must(
    'patch.replace-boolean',
    'replaces a boolean',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'replace', path: 'active', value: false }]);
      expectMember(answer, 'active', false);
    },
    needs('active'),
  ),
  must(
    'patch.replace-sub-attribute',
    'replaces one sub-attribute and keeps the others',
    async (client) => {
      const { answer, created } = await patchUser(client, [{ op: 'replace', path: 'name.givenName', value: 'Grace' }]);
      expectMember(answer, 'name.givenName', 'Grace');
      expectMember(answer, 'name.familyName', memberAt(created.body, 'name.familyName'));
    },
    needs('name.givenName', 'name.familyName'),
  ),
  must(
    'patch.replace-complex',
    'replaces the named sub-attributes of a complex value',
    async (client) => {
      const { answer } = await patchUser(client, [{ op: 'replace', path: 'name', value: { givenName: 'Grace' } }]);
      expectMember(answer, 'name.givenName', 'Grace');
    },
    needs('name.givenName'),
  ),
  must(
    'patch.replace-list',
    'replaces a multi-valued attribute as a whole',
    async (client) => {
      const value = [{ value: `${client.samples.nextName()}@only.example`, type: 'work' }];
      const { answer } = await patchUser(client, [{ op: 'replace', path: 'emails', value }]);
      const found = valuesOf(bodyOf(answer), 'emails');
      ensure(answer, show(found) === show([value[0]?.value]), `emails has the values ${show(found)}`);
    },
    needs('emails'),
  ),
  must(
    'patch.replace-matching',
    'replaces a sub-attribute of the values that a filter matches',
    async (client) => {
      const value = `${client.samples.nextName()}@replaced.example`;
      const path = 'emails[type eq "work"].value';
      const { answer, created } = await patchUser(client, [{ op: 'replace', path, value }]);
      const byType = (type: string, emails: unknown): unknown =>
        objectsAt({ emails }, 'emails').find((email) => email['type'] === type)?.['value'];
      const { emails } = bodyOf(answer);
      ensure(answer, byType('work', emails) === value, `the work address is ${show(byType('work', emails))}`);
      const home = byType('home', created.body['emails']);
      ensure(answer, byType('home', emails) === home, `the home address is ${show(byType('home', emails))}`);
    },
    needs('emails.type'),
  ),
  ...Object.entries({
    'no-match': 'type ne "work" and type ne "home"',
    'no-match-eq': 'value eq "no@one.example"',
  }).map(([name, selection]) =>
    must(
      `patch.replace-${name}`,
      `answers 400 and noTarget when [${selection}] matches no value`,
      async (client) => {
        const operation = { op: 'replace', path: `emails[${selection}].value`, value: 'x@example.com' };
        expectBadRequest(await refuse(client, [operation]), 'noTarget');
      },
      needs('emails.type'),
    ),
  ),
  must(
    'patch.replace-wrong-type',
    'answers 400 to a value of the wrong type',
    async (client) => {
      const operation = { op: 'replace', path: 'name', value: 'not complex' };
      expectBadRequest(await refuse(client, [operation]), 'invalidValue', 'invalidSyntax');
    },
    needs('name.givenName'),
  ),
]);
