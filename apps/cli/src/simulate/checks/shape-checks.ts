import { userSchema } from '../attributes.js';
import { isObject, objectAt, type JsonObject } from '../json.js';

const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const errorSchema = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** What Entra must be able to read in an answer with a body. */
export type BodyKind = 'list' | 'user' | 'error';

/** Everything that is wrong with the shape of a body, one sentence each; empty when it is right. */
export function checkShape(kind: BodyKind, status: number, body: JsonObject): readonly string[] {
  switch (kind) {
    case 'list':
      return [...checkList(body), ...nullMembers(body, '')];
    case 'user':
      return [...checkUser(body), ...nullMembers(body, '')];
    case 'error':
      return [...checkError(body, status), ...nullMembers(body, '')];
  }
}

function checkList(body: JsonObject): readonly string[] {
  const resources = body['Resources'];
  const users = Array.isArray(resources) ? resources.filter(isObject).filter(isUser).flatMap(checkUser) : [];
  return [
    ...missingSchema(body, listSchema),
    ...(isCount(body['totalResults']) ? [] : ['totalResults is not a number']),
    ...(isCount(body['startIndex']) ? [] : ['startIndex is not a number']),
    ...(isCount(body['itemsPerPage']) ? [] : ['itemsPerPage is not a number']),
    ...(Array.isArray(resources) ? [] : ['Resources is not an array']),
    ...users,
  ];
}

function checkUser(body: JsonObject): readonly string[] {
  const meta = objectAt(body, 'meta');
  return [
    ...missingSchema(body, userSchema),
    ...(isText(body['id']) ? [] : ['id is not a string']),
    ...(isText(body['userName']) ? [] : ['userName is not a string']),
    ...(typeof body['active'] === 'boolean' ? [] : ['active is not a JSON boolean']),
    ...(meta['resourceType'] === 'User' ? [] : ['meta.resourceType is not "User"']),
    ...(isText(meta['location']) ? [] : ['meta.location is not a string']),
    ...stringPrimaries(body),
  ];
}

function checkError(body: JsonObject, status: number): readonly string[] {
  return [
    ...missingSchema(body, errorSchema),
    ...(body['status'] === String(status) ? [] : [`the error's status is not the string "${status}"`]),
  ];
}

function missingSchema(body: JsonObject, schema: string): readonly string[] {
  const schemas: unknown = body['schemas'];
  return Array.isArray(schemas) && schemas.includes(schema) ? [] : [`schemas does not name ${schema}`];
}

/** A `primary` that is the string "true" makes Entra's deserialiser fail. */
function stringPrimaries(body: JsonObject): readonly string[] {
  return Object.entries(body).flatMap(([name, value]) =>
    Array.isArray(value) &&
    value.some((item) => isObject(item) && 'primary' in item && typeof item['primary'] !== 'boolean')
      ? [`${name}[].primary is not a JSON boolean`]
      : [],
  );
}

function nullMembers(value: unknown, path: string): readonly string[] {
  if (value === null) return [`${path} is null`];
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => nullMembers(item, `${path}[${index}]`));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => nullMembers(member, path === '' ? name : `${path}.${name}`));
}

function isUser(resource: JsonObject): boolean {
  const schemas: unknown = resource['schemas'];
  return !Array.isArray(schemas) || !schemas.some((schema) => String(schema).endsWith(':Group'));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
