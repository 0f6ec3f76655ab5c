import { loadedId, loadedLetters, nameOf, userKind } from '../dataset/names.js';
import { person } from '../dataset/person.js';
import { type BenchRequest, newName, type Operation, ownPerson, type Share, type Turn } from './operation.js';

const target = 0.8;
const newValue = { ours: 'va', bare: 'vb' };
const patchSchemas = ['urn:ietf:params:scim:api:messages:2.0:PatchOp'];

const post = write('post', 'POST', (turn) => ({
  method: 'POST',
  path: '/Users',
  body: person(newName(turn, { ours: 'pa', bare: 'pb' }), turn.world.scratch.domain),
  status: 201,
}));

/** Disables a person, and enables it again when the share has been gone through. */
const patchActive: Operation = {
  ...write('patch-active', 'PATCH active', () => undefined),
  scripts: ['patch-active-off', 'patch-active-on'],
  request: (turn) => patchActiveOf(turn, 'patch-active'),
};

/** The PATCH with which Entra disables a person, or enables it on every second pass. */
export function patchActiveOf(turn: Turn, share: Share): BenchRequest {
  const { scratch } = turn.world;
  const { person: who, pass } = ownPerson(share, turn);
  const isOff = pass % 2 === 0;
  return {
    script: isOff ? 'patch-active-off' : 'patch-active-on',
    tenant: scratch,
    method: 'PATCH',
    path: `/Users/${loadedId(scratch.number, userKind, who)}`,
    body: {
      schemas: patchSchemas,
      Operations: [{ op: 'Replace', path: 'active', value: isOff ? 'False' : 'True' }],
    },
    status: 200,
  };
}

const patchFive = write('patch-five', 'PATCH of five attributes, capitalised', (turn) => ({
  method: 'PATCH',
  path: pathOf('patch-five', turn),
  body: fivePatch(newName(turn, newValue)),
  status: 200,
}));

const patchFiveFlagged = write('patch-five-flagged', 'PATCH of five attributes, aadOptscim062020', (turn) => ({
  method: 'PATCH',
  path: pathOf('patch-five-flagged', turn),
  body: { schemas: patchSchemas, Operations: [{ op: 'replace', value: fiveValues(newName(turn, newValue)) }] },
  status: 200,
}));

const put = write('put', 'PUT', (turn) => {
  const { person: who } = ownPerson('put', turn);
  const { scratch } = turn.world;
  return {
    method: 'PUT',
    path: pathOf('put', turn),
    body: person(nameOf(loadedLetters, who), scratch.domain, { title: `Title ${nameOf('pu', turn.sequence)}` }),
    status: 200,
  };
});

const remove: Operation = write('delete', 'DELETE', (turn) => {
  const { pass } = ownPerson('delete', turn);
  return pass > 0 ? undefined : { method: 'DELETE', path: pathOf('delete', turn), status: 204 };
});

export const writes: readonly Operation[] = [post, patchActive, patchFive, patchFiveFlagged, put, remove];

function write(
  name: string,
  title: string,
  request: (turn: Turn) => Omit<BenchRequest, 'script' | 'tenant'> | undefined,
): Operation {
  return {
    name,
    title,
    group: 'write',
    scripts: [name],
    target,
    request: (turn) => {
      const made = request(turn);
      return made && { script: name, tenant: turn.world.scratch, ...made };
    },
  };
}

function pathOf(share: Share, turn: Turn): string {
  const { scratch } = turn.world;
  return `/Users/${loadedId(scratch.number, userKind, ownPerson(share, turn).person)}`;
}

/** The PATCH with which Entra changes five attributes, one capitalised operation for each. */
export function fivePatch(value: string): object {
  return {
    Operations: Object.entries(fiveValues(value)).map(([path, each]) => ({ op: 'Replace', path, value: each })),
    schemas: patchSchemas,
  };
}

function fiveValues(value: string): Readonly<Record<string, string>> {
  return {
    displayName: `Display ${value}`,
    title: `Title ${value}`,
    nickName: `Nick ${value}`,
    'name.givenName': `Given ${value}`,
    'name.familyName': `Family ${value}`,
  };
}
