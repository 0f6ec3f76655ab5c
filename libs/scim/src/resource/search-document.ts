import { coreAttributes } from '../schema/attribute-target.js';
import { comparable } from '../schema/comparable.js';
import type { AttributeDefinition, ResourceType } from '../schema/definition.js';
import type { ScimComplex, ScimResource, ScimValue } from './resource.js';
import { isComplex, isList, own } from './resource.js';

/**
 * The resource in the form in which it is compared: the same shape, each leaf as `comparable` makes it, so that a
 * database compares bytes. What is never returned and what the schemas do not know is left out; a retired extension is
 * kept, so that its values are found again when it comes back.
 */
export function searchDocument(resource: ScimResource, resourceType: ResourceType): ScimComplex {
  const document: Record<string, ScimValue> = searchable(resource, coreAttributes(resourceType));
  const { extensions, retiredExtensions = [] } = resourceType;
  for (const { id, attributes } of [...extensions.map(({ schema }) => schema), ...retiredExtensions]) {
    const extension = own(resource, id);
    if (isComplex(extension)) {
      document[id] = searchable(extension, attributes);
    }
  }
  return document;
}

function searchable(holder: ScimComplex, attributes: readonly AttributeDefinition[]): Record<string, ScimValue> {
  const document: Record<string, ScimValue> = {};
  for (const attribute of attributes) {
    const value = own(holder, attribute.name);
    if (value !== undefined && attribute.returned !== 'never') {
      document[attribute.name] = isList(value)
        ? value.map((element) => searchableValue(element, attribute))
        : searchableValue(value, attribute);
    }
  }
  return document;
}

function searchableValue(value: ScimValue, attribute: AttributeDefinition): ScimValue {
  if (isComplex(value)) {
    return searchable(value, attribute.subAttributes ?? []);
  }
  return isList(value) ? value : comparable(value, attribute);
}
