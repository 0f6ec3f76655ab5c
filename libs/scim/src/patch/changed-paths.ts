import { equalValues } from '../resource/equal-resources.js';
import type { ScimComplex, ScimResource } from '../resource/resource.js';
import { isComplex, own } from '../resource/resource.js';
import { coreAttributes } from '../schema/attribute-target.js';
import type { AttributeDefinition, ResourceType } from '../schema/definition.js';
import { compareCodePoints } from '../schema/fold-case.js';

/**
 * The paths of the attributes in which two resources differ, sorted: a sub-attribute for single-valued complex
 * attributes, the whole attribute for multi-valued ones, behind the URN for those of extensions.
 */
export function changedPaths(before: ScimResource, after: ScimResource, resourceType: ResourceType): readonly string[] {
  const core = changedIn(before, after, coreAttributes(resourceType), '');
  const extensions = resourceType.extensions.flatMap(({ schema }) =>
    changedIn(complexOf(before, schema.id), complexOf(after, schema.id), schema.attributes, `${schema.id}:`),
  );
  return [...core, ...extensions].sort(compareCodePoints);
}

function changedIn(
  before: ScimComplex,
  after: ScimComplex,
  attributes: readonly AttributeDefinition[],
  prefix: string,
): readonly string[] {
  return attributes.flatMap((attribute) => {
    const { name, subAttributes, multiValued } = attribute;
    if (equalValues(own(before, name), own(after, name))) {
      return [];
    }
    return subAttributes === undefined || multiValued
      ? [`${prefix}${name}`]
      : changedIn(complexOf(before, name), complexOf(after, name), subAttributes, `${prefix}${name}.`);
  });
}

function complexOf(holder: ScimComplex, name: string): ScimComplex {
  const value = own(holder, name);
  return isComplex(value) ? value : {};
}
