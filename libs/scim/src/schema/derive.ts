import { equalNames } from './attribute-name.js';
import type { AttributeDefinition, ResourceType } from './definition.js';

/** A copy of the resource type in which one core attribute has other traits, e.g. an immutable userName. */
export function withAttribute(
  resourceType: ResourceType,
  name: string,
  traits: Partial<Omit<AttributeDefinition, 'name' | 'type'>>,
): ResourceType {
  const attributes = resourceType.schema.attributes.map((attribute) =>
    equalNames(attribute.name, name) ? { ...attribute, ...traits } : attribute,
  );
  return { ...resourceType, schema: { ...resourceType.schema, attributes } };
}
