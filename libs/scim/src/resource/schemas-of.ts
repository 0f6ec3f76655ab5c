import type { ResourceType } from '../schema/definition.js';
import type { ScimResource } from './resource.js';

/** The `schemas` of a resource: the core URN and those of the extensions that it carries. */
export function schemasOf(resource: ScimResource, resourceType: ResourceType): string[] {
  const extensions = resourceType.extensions.map(({ schema }) => schema.id);
  return [resourceType.schema.id, ...extensions.filter((urn) => Object.hasOwn(resource, urn))];
}

/** The same with retired extensions, as a search document has them, so that they are found again when they come back. */
export function storedSchemasOf(resource: ScimResource, resourceType: ResourceType): string[] {
  const retired = (resourceType.retiredExtensions ?? []).map(({ id }) => id);
  return [...schemasOf(resource, resourceType), ...retired.filter((urn) => Object.hasOwn(resource, urn))];
}
