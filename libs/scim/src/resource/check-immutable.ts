import { ScimError } from '../errors/scim-error.js';
import type { AttributeDefinition, ResourceType } from '../schema/definition.js';
import { sameValue } from './element-identity.js';
import { equalValues } from './equal-resources.js';
import type { ScimComplex, ScimResource, ScimValue } from './resource.js';
import { isComplex, own } from './resource.js';

/**
 * For PUT: refuses a resource that changes or leaves out what is immutable and set, of the core schema and of extensions.
 * The elements of a multi-valued attribute are compared by no identity, so a PUT may give others.
 */
export function checkImmutable(before: ScimResource, after: ScimResource, resourceType: ResourceType): void {
  checkAttributes(before, after, resourceType.schema.attributes, '');
  for (const { schema } of resourceType.extensions) {
    const [was, is] = [own(before, schema.id), own(after, schema.id)];
    checkAttributes(complexOf(was), complexOf(is), schema.attributes, `${schema.id}:`);
  }
}

function checkAttributes(
  before: ScimComplex,
  after: ScimComplex,
  attributes: readonly AttributeDefinition[],
  prefix: string,
): void {
  for (const attribute of attributes) {
    const [was, is] = [own(before, attribute.name), own(after, attribute.name)];
    const path = `${prefix}${attribute.name}`;
    if (attribute.mutability === 'immutable' && was !== undefined) {
      if (!equalValues(was, is) && !sameValue(was, is, attribute)) {
        throw ScimError.mutability(`${path} is immutable and already set.`);
      }
    } else if (isComplex(was)) {
      checkAttributes(was, complexOf(is), attribute.subAttributes ?? [], `${path}.`);
    }
  }
}

function complexOf(value: ScimValue | undefined): ScimComplex {
  return isComplex(value) ? value : {};
}
