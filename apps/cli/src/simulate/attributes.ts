import { objectAt, objectsAt, type JsonObject } from './json.js';

/** URN of the core User schema. */
export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
/** URN of the enterprise extension. */
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
/** Path of the work address, as both dialects write it. */
export const workEmail = 'emails[type eq "work"].value';

const enterprisePrefix = `${enterpriseSchema}:`;

/** The attributes that the simulated mapping sends, by the paths that Entra uses in PATCH. */
export const mappedAttributes = [
  'userName',
  'externalId',
  'active',
  'displayName',
  'nickName',
  'title',
  'name.formatted',
  'name.givenName',
  'name.familyName',
  workEmail,
  `${enterprisePrefix}employeeNumber`,
  `${enterprisePrefix}department`,
] as const;

/** Path of a mapped attribute. */
export type MappedAttribute = (typeof mappedAttributes)[number];

/** Values of one user by attribute path; an attribute that was never sent is absent. */
export type UserState = Readonly<Partial<Record<MappedAttribute, string | boolean>>>;

/** The body of a POST as Entra sends it: unasked `meta` and `roles` included. */
export function toCreateBody(state: UserState): JsonObject {
  return {
    schemas: [userSchema, enterpriseSchema],
    externalId: state.externalId,
    userName: state.userName,
    active: state.active,
    displayName: state.displayName,
    nickName: state.nickName,
    title: state.title,
    emails: [{ primary: true, type: 'work', value: state[workEmail] }],
    meta: { resourceType: 'User' },
    name: {
      formatted: state['name.formatted'],
      familyName: state['name.familyName'],
      givenName: state['name.givenName'],
    },
    roles: [],
    [enterpriseSchema]: {
      employeeNumber: state[`${enterprisePrefix}employeeNumber`],
      department: state[`${enterprisePrefix}department`],
    },
  };
}

/** Reads a mapped attribute out of a User resource; undefined when it is absent. */
export function readAttribute(resource: JsonObject, path: MappedAttribute): unknown {
  if (path === workEmail) return objectsAt(resource, 'emails').find((email) => email['type'] === 'work')?.['value'];
  if (path.startsWith(enterprisePrefix)) {
    return objectAt(resource, enterpriseSchema)[path.slice(enterprisePrefix.length)];
  }
  const [first = '', second] = path.split('.');
  return second === undefined ? resource[first] : objectAt(resource, first)[second];
}

/** How a resource differs from a state, one sentence per attribute; empty when they agree. */
export function differences(state: UserState, resource: JsonObject): readonly string[] {
  return mappedAttributes.flatMap((path) => {
    const wanted = state[path];
    const found = readAttribute(resource, path);
    return wanted === found ? [] : [`${path} is ${show(found)}, not ${show(wanted)}`];
  });
}

function show(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value);
}
