import type { AttributeDefinition, ResourceType } from '../schema/definition.js';
import type { Issues } from './issues.js';
import { checkElementCount } from './read-value.js';
import type { ScimComplex, ScimResource, ScimValue } from './resource.js';
import { isComplex, isList, own } from './resource.js';

/**
 * The rules that only a whole resource can break: required attributes, number of elements, one primary at most. With
 * `before`, the resource as it was before a PATCH, a required attribute must not be taken away, but one that was
 * missing may go on missing: a schema can come to require what older resources do not have. A complex value that is
 * added must have its required sub-attributes in any case.
 */
export function checkResource(
  resource: ScimResource,
  resourceType: ResourceType,
  issues: Issues,
  before?: ScimResource,
): void {
  checkAttributes({ holder: resource, before, prefix: '' }, resourceType.schema.attributes, issues);
  for (const { schema, required } of resourceType.extensions) {
    const extension = own(resource, schema.id);
    const extensionBefore = before === undefined ? undefined : complexOrNothing(own(before, schema.id));
    if (isComplex(extension)) {
      const place = { holder: extension, before: extensionBefore, prefix: `${schema.id}:` };
      checkAttributes(place, schema.attributes, issues);
    } else if (required && (before === undefined || Object.hasOwn(before, schema.id))) {
      issues.add(schema.id, 'is required');
    }
  }
}

/** How many elements of a list are marked as primary. */
export function countPrimaries(values: readonly ScimValue[]): number {
  return values.filter((value) => isComplex(value) && own(value, 'primary') === true).length;
}

/** Attributes of a resource, an extension or a complex value, with the same before a PATCH. */
interface Place {
  readonly holder: ScimComplex;
  readonly before: ScimComplex | undefined;
  readonly prefix: string;
}

function checkAttributes(
  { holder, before, prefix }: Place,
  attributes: readonly AttributeDefinition[],
  issues: Issues,
): void {
  for (const attribute of attributes) {
    const value = own(holder, attribute.name);
    const path = `${prefix}${attribute.name}`;
    const valueBefore = before === undefined ? undefined : own(before, attribute.name);
    if (attribute.required && (before === undefined || valueBefore !== undefined)) {
      checkRequired(value, valueBefore, path, issues);
    }
    if (isList(value)) {
      checkElementCount(value.length, attribute, path, issues);
      if (countPrimaries(value) > 1) {
        issues.add(path, 'must not have more than one primary value');
      }
    }
    for (const { name } of (attribute.subAttributes ?? []).filter(({ required }) => required)) {
      if (countLacking(value, name) > countLacking(valueBefore, name)) {
        issues.add(`${path}.${name}`, 'is required');
      }
    }
  }
}

function checkRequired(
  value: ScimValue | undefined,
  before: ScimValue | undefined,
  path: string,
  issues: Issues,
): void {
  if (value === undefined) {
    issues.add(path, 'is required');
  } else if (typeof value === 'string' && value.trim() === '' && value !== before) {
    issues.add(path, 'must not be blank');
  }
}

/** How many complex values lack a sub-attribute. */
function countLacking(value: ScimValue | undefined, name: string): number {
  const values = isList(value) ? value : value === undefined ? [] : [value];
  return values.filter((each) => isComplex(each) && !Object.hasOwn(each, name)).length;
}

function complexOrNothing(value: ScimValue | undefined): ScimComplex {
  return isComplex(value) ? value : {};
}
