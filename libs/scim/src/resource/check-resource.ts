import type { AttributeDefinition, ResourceType } from '../schema/definition.js';
import type { Issues } from './issues.js';
import { checkElementCount } from './read-value.js';
import type { ScimComplex, ScimResource, ScimValue } from './resource.js';
import { isComplex, isList, own } from './resource.js';

/** The rules that only a whole resource can break: required attributes, number of elements, one primary at most. */
export function checkResource(resource: ScimResource, resourceType: ResourceType, issues: Issues): void {
  checkAttributes(resource, resourceType.schema.attributes, '', issues);
  for (const { schema, required } of resourceType.extensions) {
    const extension = own(resource, schema.id);
    if (isComplex(extension)) {
      checkAttributes(extension, schema.attributes, `${schema.id}:`, issues);
    } else if (required) {
      issues.add(schema.id, 'is required');
    }
  }
}

/** How many elements of a list are marked as primary. */
export function countPrimaries(values: readonly ScimValue[]): number {
  return values.filter((value) => isComplex(value) && own(value, 'primary') === true).length;
}

function checkAttributes(
  holder: ScimComplex,
  attributes: readonly AttributeDefinition[],
  prefix: string,
  issues: Issues,
): void {
  for (const attribute of attributes) {
    const value = own(holder, attribute.name);
    const path = `${prefix}${attribute.name}`;
    if (attribute.required && value === undefined) {
      issues.add(path, 'is required');
    }
    if (attribute.required && typeof value === 'string' && value.trim() === '') {
      issues.add(path, 'must not be blank');
    }
    if (isList(value)) {
      checkElementCount(value.length, attribute, path, issues);
      if (countPrimaries(value) > 1) {
        issues.add(path, 'must not have more than one primary value');
      }
    }
  }
}
