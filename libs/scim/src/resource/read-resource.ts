import { ScimError } from '../errors/scim-error.js';
import { findAttribute } from '../schema/attribute-name.js';
import { coreAttributes, findSchema } from '../schema/attribute-target.js';
import type { AttributeDefinition, ResourceType } from '../schema/definition.js';
import { checkResource } from './check-resource.js';
import { Issues } from './issues.js';
import { readValue } from './read-value.js';
import type { ScimResource, ScimValue } from './resource.js';
import { isObject } from './resource.js';

/**
 * Reads the body of a POST or PUT into a canonical resource. Names are matched without regard to case; what the
 * schemas do not know, read-only attributes and the password are left out; null and "" are unassigned. A body that
 * is no object is `invalidSyntax`, everything else that is wrong with it one `invalidValue` naming each attribute.
 */
export function readResource(body: unknown, resourceType: ResourceType): ScimResource {
  if (!isObject(body)) {
    throw ScimError.invalidSyntax('The body must be a JSON object.');
  }
  const issues = new Issues();
  const resource = readBody(body, resourceType, issues);
  checkResource(resource, resourceType, issues);
  issues.throwIfAny();
  return resource;
}

function readBody(
  body: Readonly<Record<string, unknown>>,
  resourceType: ResourceType,
  issues: Issues,
): Record<string, ScimValue> {
  const core = coreAttributes(resourceType);
  const resource: Record<string, ScimValue> = {};
  for (const key of Object.keys(body)) {
    const schema = findSchema(key, resourceType);
    const value = body[key];
    if (schema === undefined) {
      readMember(resource, key, value, core, '', issues);
    } else if (schema === resourceType.schema) {
      Object.assign(resource, readMembers(value, core, '', schema.id, issues));
    } else {
      const extension = readMembers(value, schema.attributes, `${schema.id}:`, schema.id, issues);
      if (Object.keys(extension).length > 0) {
        resource[schema.id] = extension;
      }
    }
  }
  return resource;
}

function readMembers(
  value: unknown,
  attributes: readonly AttributeDefinition[],
  prefix: string,
  name: string,
  issues: Issues,
): Record<string, ScimValue> {
  const members: Record<string, ScimValue> = {};
  if (isObject(value)) {
    for (const key of Object.keys(value)) {
      readMember(members, key, value[key], attributes, prefix, issues);
    }
  } else if (value !== null && value !== '') {
    issues.add(name, 'must be an object');
  }
  return members;
}

/** Reads one member into `target`; the password is checked like any string and then forgotten. */
function readMember(
  target: Record<string, ScimValue>,
  key: string,
  value: unknown,
  attributes: readonly AttributeDefinition[],
  prefix: string,
  issues: Issues,
): void {
  const attribute = findAttribute(attributes, key);
  if (attribute === undefined || attribute.mutability === 'readOnly') {
    return;
  }
  const read = readValue(value, attribute, `${prefix}${attribute.name}`, issues);
  if (read !== undefined && attribute.mutability !== 'writeOnly') {
    target[attribute.name] = read;
  }
}
